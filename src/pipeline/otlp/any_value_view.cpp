#include "pipeline/otlp/any_value_view.h"

#include <fmt/format.h>

#include "base/base64.h"
#include "telemetry/any_value.h"
#include "telemetry/otlp_fields.h"
#include "telemetry/protobuf_reader.h"
#include "telemetry/protobuf_writer.h"

namespace clew::pipeline {

AnyValueView read_any_value(std::string_view any_value) {
  using Kind = AnyValueView::Kind;
  AnyValueView value;
  const auto take_view = [&](Kind kind, ProtobufReader& reader) {
    const auto view = reader.get_view();
    value.kind = kind;
    value.text = {view.data(), view.size()};
  };
  ProtobufReader reader(any_value.data(), any_value.size());
  while (reader.next()) {
    switch (reader.tag()) {
      case otlp::any_value::string:
        take_view(Kind::string, reader);
        break;
      case otlp::any_value::boolean:
        value.kind = Kind::boolean;
        value.boolean = reader.get_bool();
        break;
      case otlp::any_value::integer:
        value.kind = Kind::integer;
        value.integer = reader.get_int64();
        break;
      case otlp::any_value::floating:
        value.kind = Kind::floating;
        value.floating = reader.get_double();
        break;
      case otlp::any_value::array:
        take_view(Kind::array, reader);
        break;
      case otlp::any_value::map:
        take_view(Kind::map, reader);
        break;
      case otlp::any_value::bytes:
        take_view(Kind::bytes, reader);
        break;
      default:
        reader.skip();
    }
  }
  return value;
}

std::string text_of(const AnyValueView& value) {
  using Kind = AnyValueView::Kind;
  std::string json;
  switch (value.kind) {
    case Kind::empty:
      return {};
    case Kind::string:
      return std::string(value.text);
    case Kind::boolean:
      return value.boolean ? "true" : "false";
    case Kind::integer:
      return fmt::format("{}", value.integer);
    case Kind::floating:
      return fmt::format("{}", value.floating);
    case Kind::bytes:
      return base64_encode(value.text);
    case Kind::map:
      otlp::append_key_values_json(json, value.text);
      return json;
    case Kind::array: {
      std::string wrapped;
      ProtobufWriter(wrapped).bytes(otlp::any_value::array, value.text);
      otlp::append_any_value_json(json, wrapped);
      return json;
    }
  }
  return json;
}

std::string string_value(std::string_view text) {
  std::string bytes;
  ProtobufWriter(bytes).bytes(otlp::any_value::string, text);
  return bytes;
}

std::string boolean_value(bool value) {
  std::string bytes;
  ProtobufWriter(bytes).boolean(otlp::any_value::boolean, value);
  return bytes;
}

std::string integer_value(int64_t value) {
  std::string bytes;
  ProtobufWriter(bytes).varint(otlp::any_value::integer, static_cast<uint64_t>(value));
  return bytes;
}

std::string floating_value(double value) {
  std::string bytes;
  ProtobufWriter(bytes).floating(otlp::any_value::floating, value);
  return bytes;
}

}  // namespace clew::pipeline
