// AnyValue of OTLP: its JSON text for arrays and deep maps, and the way back.
#pragma once

#include <string>
#include <string_view>

#include "telemetry/protobuf_writer.h"

namespace clew::otlp {

// Deeper values are refused by throwing protozero::exception, like any other malformed message.
constexpr int kMaxValueDepth = 32;

// Appends the JSON text of an AnyValue message. 64-bit integers are written as numbers, bytes as base64
// strings, NaN and infinities as strings. Throws protozero::exception when malformed.
void append_any_value_json(std::string& json, std::string_view any_value, int depth = 0);
// Appends the JSON object of a KeyValueList message (or of anything with repeated KeyValue in field 1).
void append_key_values_json(std::string& json, std::string_view list, int depth = 0);

// The fields of an AnyValue message for a JSON text: what append_any_value_json() wrote, as far as JSON tells
// it (bytes come back as base64 strings, whole doubles as integers). A text that is no JSON becomes a string;
// what is nested too deeply becomes an AnyValue without a value.
void write_any_value_of_json(ProtobufWriter& to, std::string_view json);

}  // namespace clew::otlp
