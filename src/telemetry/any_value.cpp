#include "telemetry/any_value.h"

#include <cmath>

#include <fmt/format.h>

#include "base/base64.h"
#include "base/json_writer.h"
#include "telemetry/otlp_fields.h"
#include "telemetry/protobuf_reader.h"

namespace clew::otlp {
namespace {

struct TooDeep : protozero::exception {
  const char* what() const noexcept override { return "value nested too deeply"; }
};

}  // namespace

void append_any_value_json(std::string& json, std::string_view any_value, int depth) {
  if (depth > kMaxValueDepth) throw TooDeep();
  ProtobufReader reader(any_value.data(), any_value.size());
  bool any = false;
  while (reader.next()) {
    if (any) {  // a oneof set twice: the last one would win; senders do not do this
      reader.skip();
      continue;
    }
    any = true;
    switch (reader.tag()) {
      case any_value::string: {
        const auto view = reader.get_view();
        append_json_string(json, {view.data(), view.size()});
        break;
      }
      case any_value::boolean:
        json += reader.get_bool() ? "true" : "false";
        break;
      case any_value::integer:
        json += fmt::format("{}", reader.get_int64());
        break;
      case any_value::floating: {
        const double value = reader.get_double();
        if (std::isfinite(value))
          json += fmt::format("{}", value);
        else
          json += std::isnan(value) ? "\"NaN\"" : value > 0 ? "\"Infinity\"" : "\"-Infinity\"";
        break;
      }
      case any_value::array: {
        const auto view = reader.get_view();
        ProtobufReader list(view.data(), view.size());
        json += '[';
        bool first = true;
        while (list.next()) {
          if (list.tag() != array_value::values) {
            list.skip();
            continue;
          }
          if (!first) json += ',';
          first = false;
          const auto item = list.get_view();
          append_any_value_json(json, {item.data(), item.size()}, depth + 1);
        }
        json += ']';
        break;
      }
      case any_value::map: {
        const auto view = reader.get_view();
        append_key_values_json(json, {view.data(), view.size()}, depth + 1);
        break;
      }
      case any_value::bytes: {
        const auto view = reader.get_view();
        json += '"';
        json += base64_encode({view.data(), view.size()});
        json += '"';
        break;
      }
      default:
        any = false;
        reader.skip();
    }
  }
  if (!any) json += "null";
}

void append_key_values_json(std::string& json, std::string_view list, int depth) {
  if (depth > kMaxValueDepth) throw TooDeep();
  ProtobufReader reader(list.data(), list.size());
  json += '{';
  bool first = true;
  while (reader.next()) {
    if (reader.tag() != array_value::values) {
      reader.skip();
      continue;
    }
    ProtobufReader pair = reader.get_message();
    protozero::data_view key, value;
    while (pair.next()) {
      if (pair.tag() == key_value::key)
        key = pair.get_view();
      else if (pair.tag() == key_value::value)
        value = pair.get_view();
      else
        pair.skip();
    }
    if (!first) json += ',';
    first = false;
    append_json_string(json, {key.data(), key.size()});
    json += ':';
    append_any_value_json(json, {value.data(), value.size()}, depth + 1);
  }
  json += '}';
}

}  // namespace clew::otlp
