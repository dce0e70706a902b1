// Event: what Honeycomb's clients send: a time, a sample rate, and fields of any names.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/json_value.h"
#include "base/result.h"
#include "base/time.h"

namespace clew::honeycomb {

struct Event {
  UnixNanos time;
  int64_t sample_rate = 1;
  JsonValue data;  // an object with at least one member that is not null
};

// Why one event of a batch was not taken; the others are.
struct EventFault {
  int status = 400;
  std::string error;
};
using EventOrFault = std::variant<Event, EventFault>;

enum class EventEncoding : uint8_t { json, msgpack };
// By the content type; what is not msgpack is JSON.
EventEncoding event_encoding(std::optional<std::string_view> content_type);

inline constexpr std::string_view kEmptyBody = "Request body should not be empty.";
inline constexpr std::string_view kMalformedBody = "Request body is malformed and cannot be read.";
inline constexpr std::string_view kBodyTooLarge = "Request body is too large.";
inline constexpr std::string_view kTooManyColumns = "Event has too many columns.";
inline constexpr std::string_view kNameTooLong = "Column names have at most 255 characters.";

// RFC 3339; or seconds since 1970, whole, with a fraction, or with the fraction's digits following the first
// ten without a point. Nothing for any other text.
std::optional<UnixNanos> read_event_time(std::string_view text);
// A whole number of at least 1; whatever else it says is 1.
int64_t read_sample_rate(std::string_view text);

// One event whose fields are the whole body; `time` and `sample_rate` come from headers.
Result<JsonValue> read_event_fields(std::string_view body, EventEncoding encoding);
// Checks the limits of one event and drops what has no value.
EventOrFault accept_event(JsonValue data, UnixNanos time, int64_t sample_rate);
// An array of {time, samplerate, data}. A failure concerns the whole; otherwise there is one entry for each
// element, in its place. Events without a time were made at `arrived`.
Result<std::vector<EventOrFault>> read_batch(std::string_view body, EventEncoding encoding,
                                             UnixNanos arrived);

}  // namespace clew::honeycomb
