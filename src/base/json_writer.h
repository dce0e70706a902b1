// JsonWriter: writes JSON text straight into a string. Commas and quotes are its business; whatever bytes it
// is given, what comes out is valid UTF-8 and valid JSON.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

#include "base/time.h"

namespace clew {

// Appends `text` in quotes. Bytes that are not UTF-8 come out as U+FFFD, control characters and the two line
// ends that JavaScript dislikes as \u escapes.
void append_json_string(std::string& out, std::string_view text);

class JsonWriter {
 public:
  JsonWriter() = default;
  // Room for about this many bytes.
  explicit JsonWriter(size_t expected) { text_.reserve(expected); }

  JsonWriter& begin_object() { return open('{'); }
  JsonWriter& end_object() { return close('}'); }
  JsonWriter& begin_array() { return open('['); }
  JsonWriter& end_array() { return close(']'); }
  JsonWriter& key(std::string_view name);

  JsonWriter& string(std::string_view value);
  // The exact number. For values of ours that are known to stay below 2^53.
  template <typename Integer>
  requires std::is_integral_v<Integer> JsonWriter& integer(Integer value) {
    if constexpr (std::is_signed_v<Integer>) {
      return signed_integer(static_cast<int64_t>(value));
    } else {
      return unsigned_integer(static_cast<uint64_t>(value));
    }
  }
  // A number where JavaScript can hold it (±(2^53−1)), else a decimal string. For values from outside.
  JsonWriter& exact_integer(int64_t value);
  // Always a decimal string.
  JsonWriter& integer_as_string(int64_t value);
  // The shortest text that reads back as the same number; NaN and the infinities as strings.
  JsonWriter& number(double value);
  JsonWriter& boolean(bool value);
  JsonWriter& null();
  // `json` must be one JSON value.
  JsonWriter& raw(std::string_view json);

  // "start": RFC 3339, "start_ns": nanoseconds as a string.
  JsonWriter& time_members(std::string_view name, UnixNanos at);

  std::string_view text() const { return text_; }
  std::string take() { return std::move(text_); }

 private:
  JsonWriter& open(char bracket);
  JsonWriter& close(char bracket);
  JsonWriter& signed_integer(int64_t value);
  JsonWriter& unsigned_integer(uint64_t value);
  void separate();

  std::string text_;
  bool needs_comma_ = false;
};

}  // namespace clew
