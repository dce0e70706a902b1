// AnyValue of OTLP: a look at its kind, and its JSON text for arrays and deep maps.
#pragma once

#include <string>
#include <string_view>

namespace clew::otlp {

// Deeper values are refused by throwing protozero::exception, like any other malformed message.
constexpr int kMaxValueDepth = 32;

// Appends the JSON text of an AnyValue message. 64-bit integers are written as numbers, bytes as base64
// strings, NaN and infinities as strings. Throws protozero::exception when malformed.
void append_any_value_json(std::string& json, std::string_view any_value, int depth = 0);
// Appends the JSON object of a KeyValueList message (or of anything with repeated KeyValue in field 1).
void append_key_values_json(std::string& json, std::string_view list, int depth = 0);

}  // namespace clew::otlp
