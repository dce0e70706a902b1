#include <simdjson.h>

#include "telemetry/any_value.h"
#include "telemetry/otlp_fields.h"

namespace clew::otlp {
namespace {

void write_value(ProtobufWriter& to, simdjson::dom::element value, int depth) {
  simdjson::dom::array array;
  simdjson::dom::object object;
  int64_t integer = 0;
  double number = 0;
  bool boolean = false;
  std::string_view text;
  if (depth > kMaxValueDepth) return;
  if (value.get(array) == simdjson::SUCCESS) {
    const auto list = to.begin_message(any_value::array);
    for (const simdjson::dom::element child : array) {
      const auto item = to.begin_message(array_value::values);
      write_value(to, child, depth + 1);
      to.end_message(item);
    }
    to.end_message(list);
  } else if (value.get(object) == simdjson::SUCCESS) {
    const auto map = to.begin_message(any_value::map);
    for (const auto& [key, child] : object) {
      const auto pair = to.begin_message(array_value::values);
      to.bytes(key_value::key, key);
      const auto item = to.begin_message(key_value::value);
      write_value(to, child, depth + 2);  // as append_any_value_json() counts
      to.end_message(item);
      to.end_message(pair);
    }
    to.end_message(map);
  } else if (value.get(text) == simdjson::SUCCESS) {
    to.bytes(any_value::string, text);
  } else if (value.get(boolean) == simdjson::SUCCESS) {
    to.boolean(any_value::boolean, boolean);
  } else if (value.get(integer) == simdjson::SUCCESS) {
    to.varint(any_value::integer, static_cast<uint64_t>(integer));
  } else if (value.get(number) == simdjson::SUCCESS) {
    to.floating(any_value::floating, number);
  }
}

}  // namespace

void write_any_value_of_json(ProtobufWriter& to, std::string_view json) {
  simdjson::dom::parser parser;
  simdjson::dom::element value;
  if (parser.parse(json.data(), json.size()).get(value) == simdjson::SUCCESS)
    write_value(to, value, 0);
  else
    to.bytes(any_value::string, json);
}

}  // namespace clew::otlp
