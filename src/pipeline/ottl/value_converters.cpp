// Converters between kinds of values, and questions about them.
#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "pipeline/ottl/functions.h"
#include "telemetry/otlp_fields.h"

namespace clew::pipeline::ottl {
namespace {

using Values = std::vector<Value>;

template <typename Kind>
Getter build_is(Arguments& arguments) {
  return calculated(arguments, 1, [](const Values& values) -> Result<Value> {
    return Value(values[0].as<Kind>() != nullptr);
  });
}

template <typename Number>
bool read_number(const std::string& text, Number& number) {
  const char* const end = text.data() + text.size();
  const auto [parsed, fault] = std::from_chars(text.data(), end, number);
  return fault == std::errc() && parsed == end && !text.empty();
}

// What cannot be converted becomes nil, as the Collector has it.
Getter build_int(Arguments& arguments) {
  return calculated(arguments, 1, [](const Values& values) -> Result<Value> {
    int64_t integer = 0;
    if (values[0].as<int64_t>() != nullptr) return values[0];
    if (const auto* boolean = values[0].as<bool>()) return Value(int64_t{*boolean});
    if (const auto* floating = values[0].as<double>())
      return std::abs(*floating) < 9.2e18 ? Value(static_cast<int64_t>(*floating)) : Value();
    if (const auto* text = values[0].as<std::string>(); text && read_number(*text, integer))
      return Value(integer);
    return Value();
  });
}

Getter build_double(Arguments& arguments) {
  return calculated(arguments, 1, [](const Values& values) -> Result<Value> {
    double floating = 0;
    if (values[0].as<double>() != nullptr) return values[0];
    if (const auto* boolean = values[0].as<bool>()) return Value(*boolean ? 1.0 : 0.0);
    if (const auto* integer = values[0].as<int64_t>()) return Value(static_cast<double>(*integer));
    if (const auto* text = values[0].as<std::string>(); text && read_number(*text, floating))
      return Value(floating);
    return Value();
  });
}

Getter build_string(Arguments& arguments) {
  return calculated(arguments, 1, [](const Values& values) -> Result<Value> {
    return values[0].is_nil() ? Value() : Value(text_of(values[0]));
  });
}

Getter build_bool(Arguments& arguments) {
  return calculated(arguments, 1, [](const Values& values) -> Result<Value> {
    if (values[0].as<bool>() != nullptr) return values[0];
    if (const auto* integer = values[0].as<int64_t>()) return Value(*integer != 0);
    if (const auto* floating = values[0].as<double>()) return Value(*floating != 0);
    const auto* text = values[0].as<std::string>();
    for (const std::string_view yes : {"true", "True", "TRUE", "t", "T", "1"})
      if (text != nullptr && *text == yes) return Value(true);
    for (const std::string_view no : {"false", "False", "FALSE", "f", "F", "0"})
      if (text != nullptr && *text == no) return Value(false);
    return Value();
  });
}

Getter build_len(Arguments& arguments) {
  return calculated(arguments, 1, [](const Values& values) -> Result<Value> {
    if (const auto* text = values[0].as<std::string>()) return Value(static_cast<int64_t>(text->size()));
    if (const auto* list = values[0].as<Value::List>()) return Value(static_cast<int64_t>(list->size()));
    if (const auto* map = values[0].as<Value::Map>()) return Value(static_cast<int64_t>(map->size()));
    return wrong_kind("Len", "a text, a list or a map", values[0]);
  });
}

Getter build_hex(Arguments& arguments) {
  return calculated(arguments, 1, [](const Values& values) -> Result<Value> {
    if (const auto* text = values[0].as<std::string>()) return Value(text_of(Value(Value::Bytes{*text})));
    if (values[0].as<Value::Bytes>() != nullptr) return Value(text_of(values[0]));
    if (const auto* integer = values[0].as<int64_t>()) return Value(fmt::format("{:016x}", *integer));
    return wrong_kind("Hex", "a text, bytes or an integer", values[0]);
  });
}

Getter build_keys(Arguments& arguments) {
  return calculated(arguments, 1, [](const Values& values) -> Result<Value> {
    const auto* map = values[0].as<Value::Map>();
    if (map == nullptr) return wrong_kind("Keys", "a map", values[0]);
    Value::List keys;
    for (const Value::Entry& entry : *map) keys.emplace_back(entry.key);
    return Value(std::move(keys));
  });
}

Getter build_values(Arguments& arguments) {
  return calculated(arguments, 1, [](const Values& values) -> Result<Value> {
    const auto* map = values[0].as<Value::Map>();
    if (map == nullptr) return wrong_kind("Values", "a map", values[0]);
    Value::List list;
    for (const Value::Entry& entry : *map) list.push_back(entry.value);
    return Value(std::move(list));
  });
}

Getter build_index(Arguments& arguments) {
  return calculated(arguments, 2, [](const Values& values) -> Result<Value> {
    if (const auto* text = values[0].as<std::string>()) {
      const auto* part = values[1].as<std::string>();
      const size_t place = part != nullptr ? text->find(*part) : std::string::npos;
      return Value(place == std::string::npos ? int64_t{-1} : static_cast<int64_t>(place));
    }
    const auto* list = values[0].as<Value::List>();
    if (list == nullptr) return wrong_kind("Index", "a text or a list", values[0]);
    for (size_t i = 0; i < list->size(); ++i)
      if (compare((*list)[i], Comparison::equal, values[1])) return Value(static_cast<int64_t>(i));
    return Value(int64_t{-1});
  });
}

template <size_t size>
Getter build_id(Arguments& arguments) {
  return calculated(arguments, 1, [](const Values& values) -> Result<Value> {
    const auto* bytes = values[0].as<Value::Bytes>();
    if (bytes == nullptr || bytes->bytes.size() != size)
      return wrong_kind(size == 16 ? "TraceID" : "SpanID", size == 16 ? "16 bytes (0x…)" : "8 bytes (0x…)",
                        values[0]);
    return values[0];
  });
}

Getter build_is_root_span(Arguments&) {
  return [](Subject& subject) -> Result<Value> {
    if (subject.context != Context::span && subject.context != Context::spanevent)
      return Status(ErrorKind::bad_input, "IsRootSpan is for spans");
    const std::string_view parent = subject.item->bytes(otlp::span::parent_span_id);
    return Value(parent.find_first_not_of('\0') == std::string_view::npos);
  };
}

constexpr FunctionRow kRows[] = {
    {"IsBool", "value", build_is<bool>},
    {"IsDouble", "value", build_is<double>},
    {"IsInt", "value", build_is<int64_t>},
    {"IsList", "value", build_is<Value::List>},
    {"IsMap", "value", build_is<Value::Map>},
    {"IsString", "value", build_is<std::string>},
    {"IsRootSpan", "", build_is_root_span},
    {"Bool", "value", build_bool},
    {"Double", "value", build_double},
    {"Int", "value", build_int},
    {"String", "value", build_string},
    {"Len", "value", build_len},
    {"Hex", "value", build_hex},
    {"Index", "target, value", build_index},
    {"Keys", "target", build_keys},
    {"Values", "target", build_values},
    {"TraceID", "bytes", build_id<16>},
    {"SpanID", "bytes", build_id<8>},
};

}  // namespace

std::span<const FunctionRow> value_converters() {
  return kRows;
}

}  // namespace clew::pipeline::ottl
