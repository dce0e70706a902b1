#include "protocols/honeycomb/event.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "protocols/honeycomb/msgpack.h"

namespace clew::honeycomb {
namespace {

constexpr size_t kMostFields = 2'000;
constexpr size_t kMostEventBytes = 1'000'000;
constexpr size_t kLongestName = 255;
constexpr size_t kMostBatchEvents = 100'000;
constexpr size_t kSecondsDigits = 10;
constexpr double kMostSampleRate = 2147483647.0;

bool all_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

UnixNanos time_of_seconds(double seconds) {
  constexpr double kMost = 9.2e9;
  return {std::llround(std::clamp(seconds, -kMost, kMost) * 1e9)};
}

// "1767607200123": the first ten digits are seconds, the others a fraction.
std::optional<UnixNanos> time_of_digits(std::string_view digits) {
  int64_t seconds_part = 0, fraction = 0;
  const std::string_view head = digits.substr(0, std::min(digits.size(), kSecondsDigits));
  std::from_chars(head.data(), head.data() + head.size(), seconds_part);
  std::string rest(digits.substr(head.size()));
  rest.resize(9, '0');
  std::from_chars(rest.data(), rest.data() + rest.size(), fraction);
  if (seconds_part > 9'200'000'000) return std::nullopt;
  return UnixNanos{seconds_part * 1'000'000'000 + fraction};
}

bool looks_like_date(std::string_view text) {
  return text.size() >= 20 && text[4] == '-' && text[7] == '-';
}

UnixNanos time_in(const JsonValue* value, UnixNanos arrived) {
  if (value == nullptr) return arrived;
  if (const std::string* text = value->string()) return read_event_time(*text).value_or(arrived);
  if (const int64_t* whole = value->integer())
    return *whole < 0 ? arrived : read_event_time(std::to_string(*whole)).value_or(arrived);
  if (const auto number = value->number(); number && std::isfinite(*number) && *number > 0)
    return time_of_seconds(*number);
  return arrived;
}

int64_t sample_rate_in(const JsonValue* value) {
  if (value == nullptr) return 1;
  if (const std::string* text = value->string()) return read_sample_rate(*text);
  const std::optional<double> number = value->number();
  if (!number || !(*number >= 1)) return 1;
  return static_cast<int64_t>(std::min(*number, kMostSampleRate));
}

Result<JsonValue> parsed(std::string_view body, EventEncoding encoding) {
  if (body.empty()) return Status(ErrorKind::bad_input, std::string(kEmptyBody));
  Result<JsonValue> value = encoding == EventEncoding::msgpack ? parse_msgpack(body) : parse_json(body);
  if (!value.ok()) return Status(ErrorKind::bad_input, std::string(kMalformedBody));
  return value;
}

// About as many bytes as the JSON text has.
size_t size_of(const JsonValue& value) {
  if (const std::string* text = value.string()) return text->size() + 2;
  size_t size = 2;
  if (const JsonValue::Array* items = value.array()) {
    for (const JsonValue& item : *items) size += size_of(item) + 1;
  } else if (const JsonValue::Object* members = value.object()) {
    for (const JsonValue::Member& member : *members) size += member.name.size() + size_of(member.value) + 4;
  } else {
    size = 8;
  }
  return size;
}

}  // namespace

EventEncoding event_encoding(std::optional<std::string_view> content_type) {
  const bool packed = content_type && content_type->find("msgpack") != std::string_view::npos;
  return packed ? EventEncoding::msgpack : EventEncoding::json;
}

std::optional<UnixNanos> read_event_time(std::string_view text) {
  if (looks_like_date(text)) {
    const Result<UnixNanos> read = parse_time(text, UnixNanos{});
    if (read.ok()) return *read;
    return std::nullopt;
  }
  if (all_digits(text)) return time_of_digits(text);
  double number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = problem == std::errc() && end == text.data() + text.size();
  if (!whole || !std::isfinite(number) || number <= 0) return std::nullopt;
  // With a point, the digits after it say more than a double holds.
  const size_t point = text.find('.');
  if (point != std::string_view::npos && all_digits(text.substr(0, point)) &&
      all_digits(text.substr(point + 1)) && point <= kSecondsDigits) {
    std::string digits(kSecondsDigits - point, '0');
    digits.append(text.substr(0, point)).append(text.substr(point + 1));
    return time_of_digits(digits);
  }
  return time_of_seconds(number);
}

int64_t read_sample_rate(std::string_view text) {
  int64_t rate = 1;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), rate);
  if (problem != std::errc() || end != text.data() + text.size()) return 1;
  return std::clamp<int64_t>(rate, 1, static_cast<int64_t>(kMostSampleRate));
}

EventOrFault accept_event(JsonValue data, UnixNanos time, int64_t sample_rate) {
  JsonValue::Object* fields = data.object();
  if (fields == nullptr && !data.is_null()) return EventFault{400, std::string(kMalformedBody)};
  if (fields != nullptr)
    std::erase_if(*fields,
                  [](const JsonValue::Member& one) { return one.name.empty() || one.value.is_null(); });
  if (fields == nullptr || fields->empty()) return EventFault{400, std::string(kEmptyBody)};
  if (fields->size() > kMostFields) return EventFault{400, std::string(kTooManyColumns)};
  for (const JsonValue::Member& one : *fields) {
    if (one.name.size() > kLongestName) return EventFault{400, std::string(kNameTooLong)};
  }
  if (size_of(data) > kMostEventBytes) return EventFault{400, std::string(kBodyTooLarge)};
  return Event{.time = time, .sample_rate = sample_rate, .data = std::move(data)};
}

Result<JsonValue> read_event_fields(std::string_view body, EventEncoding encoding) {
  CLEW_ASSIGN(JsonValue fields, parsed(body, encoding));
  if (fields.object() == nullptr) return Status(ErrorKind::bad_input, std::string(kMalformedBody));
  return fields;
}

Result<std::vector<EventOrFault>> read_batch(std::string_view body, EventEncoding encoding,
                                             UnixNanos arrived) {
  CLEW_ASSIGN(JsonValue batch, parsed(body, encoding));
  JsonValue::Array* elements = batch.array();
  if (elements == nullptr || elements->size() > kMostBatchEvents)
    return Status(ErrorKind::bad_input, std::string(kMalformedBody));
  std::vector<EventOrFault> events;
  events.reserve(elements->size());
  for (JsonValue& element : *elements) {
    if (element.object() == nullptr) {
      events.emplace_back(EventFault{400, std::string(kMalformedBody)});
      continue;
    }
    const UnixNanos time = time_in(element.find("time"), arrived);
    const int64_t rate = sample_rate_in(element.find("samplerate"));
    events.push_back(accept_event(element.take("data").value_or(JsonValue()), time, rate));
  }
  return events;
}

}  // namespace clew::honeycomb
