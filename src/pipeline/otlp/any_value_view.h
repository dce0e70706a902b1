// AnyValueView: the value of an attribute, as a view of its protobuf bytes, and the bytes of values to write.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace clew::pipeline {

struct AnyValueView {
  enum class Kind : uint8_t { empty, string, boolean, integer, floating, array, map, bytes };

  Kind kind = Kind::empty;
  std::string_view text;  // of a string or bytes; of an array or map the message of its values
  bool boolean = false;
  int64_t integer = 0;
  double floating = 0;
};

// Throws protozero::exception when malformed.
AnyValueView read_any_value(std::string_view any_value);
// As texts are compared and joined: strings as they are, numbers in their shortest form, arrays and maps as
// JSON, bytes as base64.
std::string text_of(const AnyValueView& value);

// AnyValue messages.
std::string string_value(std::string_view text);
std::string boolean_value(bool value);
std::string integer_value(int64_t value);
std::string floating_value(double value);

}  // namespace clew::pipeline
