#include "pipeline/config/configured_value.h"

#include <charconv>

#include "pipeline/otlp/any_value_view.h"
#include "telemetry/otlp_fields.h"
#include "telemetry/protobuf_writer.h"

namespace clew::pipeline {
namespace {

template <typename Number>
bool is_number(const std::string& text, Number& number) {
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
  return fault == std::errc() && end == text.data() + text.size() && !text.empty();
}

}  // namespace

std::string configured_any_value(const ConfigValue& value) {
  std::string bytes;
  ProtobufWriter writer(bytes);
  switch (value.kind) {
    case ConfigValue::Kind::null:
      break;
    case ConfigValue::Kind::scalar: {
      int64_t integer = 0;
      double floating = 0;
      if (value.quoted) return string_value(value.text);
      if (value.text == "true" || value.text == "false") return boolean_value(value.text == "true");
      if (is_number(value.text, integer)) return integer_value(integer);
      if (is_number(value.text, floating)) return floating_value(floating);
      return string_value(value.text);
    }
    case ConfigValue::Kind::list: {
      const auto array = writer.begin_message(otlp::any_value::array);
      for (const ConfigValue& item : value.items)
        writer.bytes(otlp::array_value::values, configured_any_value(item));
      writer.end_message(array);
      break;
    }
    case ConfigValue::Kind::map: {
      const auto map = writer.begin_message(otlp::any_value::map);
      for (const ConfigEntry& entry : value.entries) {
        const auto key_value = writer.begin_message(otlp::array_value::values);
        writer.bytes(otlp::key_value::key, entry.key);
        writer.bytes(otlp::key_value::value, configured_any_value(entry.value));
        writer.end_message(key_value);
      }
      writer.end_message(map);
      break;
    }
  }
  return bytes;
}

}  // namespace clew::pipeline
