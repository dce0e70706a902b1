#include "pipeline/ottl/value.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "base/hex.h"
#include "base/json_value.h"
#include "pipeline/otlp/any_value_view.h"
#include "telemetry/any_value.h"
#include "telemetry/otlp_fields.h"
#include "telemetry/protobuf_reader.h"
#include "telemetry/protobuf_writer.h"

namespace clew::pipeline::ottl {

Value::Value(List value) : value_(std::move(value)) {}
Value::Value(Map value) : value_(std::move(value)) {}

std::string_view Value::kind_name() const {
  constexpr std::string_view kNames[] = {"nil",   "a boolean", "an integer", "a floating number", "a text",
                                         "bytes", "a list",    "a map",      "a duration",        "a time"};
  return kNames[value_.index()];
}

Value* find(Value::Map& map, std::string_view key) {
  const auto it =
      std::find_if(map.begin(), map.end(), [&](const Value::Entry& one) { return one.key == key; });
  return it == map.end() ? nullptr : &it->value;
}

const Value* find(const Value::Map& map, std::string_view key) {
  return find(const_cast<Value::Map&>(map), key);
}

Value& at(Value::Map& map, std::string_view key) {
  if (Value* there = find(map, key)) return *there;
  return map.emplace_back(Value::Entry{std::string(key), {}}).value;
}

Value value_of_any(std::string_view any_value, int depth) {
  using Kind = AnyValueView::Kind;
  if (depth > otlp::kMaxValueDepth) throw protozero::invalid_length_exception();
  const AnyValueView view = read_any_value(any_value);
  switch (view.kind) {
    case Kind::empty:
      return {};
    case Kind::string:
      return view.text;
    case Kind::boolean:
      return view.boolean;
    case Kind::integer:
      return view.integer;
    case Kind::floating:
      return view.floating;
    case Kind::bytes:
      return Value::Bytes{std::string(view.text)};
    case Kind::array: {
      Value::List list;
      ProtobufReader reader(view.text.data(), view.text.size());
      while (reader.next()) {
        if (reader.tag() != otlp::array_value::values) {
          reader.skip();
          continue;
        }
        const auto item = reader.get_view();
        list.push_back(value_of_any({item.data(), item.size()}, depth + 1));
      }
      return list;
    }
    case Kind::map: {
      Value::Map map;
      ProtobufReader reader(view.text.data(), view.text.size());
      while (reader.next()) {
        if (reader.tag() != otlp::array_value::values) {
          reader.skip();
          continue;
        }
        std::string key;
        Value value;
        ProtobufReader entry = reader.get_message();
        while (entry.next()) {
          if (entry.tag() == otlp::key_value::key) {
            const auto text = entry.get_view();
            key.assign(text.data(), text.size());
          } else if (entry.tag() == otlp::key_value::value) {
            const auto bytes = entry.get_view();
            value = value_of_any({bytes.data(), bytes.size()}, depth + 1);
          } else {
            entry.skip();
          }
        }
        map.push_back({std::move(key), std::move(value)});
      }
      return map;
    }
  }
  return {};
}

Result<std::string> any_of_value(const Value& value) {
  std::string bytes;
  ProtobufWriter writer(bytes);
  if (const auto* text = value.as<std::string>()) return string_value(*text);
  if (const auto* boolean = value.as<bool>()) return boolean_value(*boolean);
  if (const auto* integer = value.as<int64_t>()) return integer_value(*integer);
  if (const auto* floating = value.as<double>()) return floating_value(*floating);
  if (const auto* raw = value.as<Value::Bytes>()) writer.bytes(otlp::any_value::bytes, raw->bytes);
  if (value.as<UnixNanos>() != nullptr)
    return {ErrorKind::bad_input, "a time cannot be stored; use UnixNano(…) or another of its like"};
  if (value.as<Nanoseconds>() != nullptr)
    return {ErrorKind::bad_input, "a duration cannot be stored; use Milliseconds(…) or another of its like"};
  if (const auto* list = value.as<Value::List>()) {
    const auto array = writer.begin_message(otlp::any_value::array);
    for (const Value& item : *list) {
      CLEW_ASSIGN(const std::string encoded, any_of_value(item));
      writer.bytes(otlp::array_value::values, encoded);
    }
    writer.end_message(array);
  }
  if (const auto* map = value.as<Value::Map>()) {
    const auto message = writer.begin_message(otlp::any_value::map);
    for (const Value::Entry& entry : *map) {
      CLEW_ASSIGN(const std::string encoded, any_of_value(entry.value));
      const auto key_value = writer.begin_message(otlp::array_value::values);
      writer.bytes(otlp::key_value::key, entry.key);
      writer.bytes(otlp::key_value::value, encoded);
      writer.end_message(key_value);
    }
    writer.end_message(message);
  }
  return bytes;
}

Value value_of_json(const JsonValue& json) {
  if (const bool* boolean = json.boolean()) return *boolean;
  if (const auto number = json.number()) return *number;
  if (const std::string* text = json.string()) return *text;
  if (const auto* array = json.array()) {
    Value::List list;
    for (const JsonValue& item : *array) list.push_back(value_of_json(item));
    return list;
  }
  if (const auto* object = json.object()) {
    Value::Map map;
    for (const JsonValue::Member& member : *object) map.push_back({member.name, value_of_json(member.value)});
    return map;
  }
  return {};
}

std::string text_of(const Value& value) {
  if (const auto* text = value.as<std::string>()) return *text;
  if (const auto* time = value.as<UnixNanos>()) return to_rfc3339(*time);
  if (const auto* duration = value.as<Nanoseconds>()) return fmt::format("{}ns", duration->count);
  if (const auto* raw = value.as<Value::Bytes>()) return hex_of(raw->bytes);
  const Result<std::string> encoded = any_of_value(value);
  return encoded.ok() ? pipeline::text_of(read_any_value(*encoded)) : std::string();
}

namespace {

template <typename Number>
bool holds(Comparison how, const Number& a, const Number& b) {
  switch (how) {
    case Comparison::equal:
      return a == b;
    case Comparison::not_equal:
      return a != b;
    case Comparison::less:
      return a < b;
    case Comparison::less_or_equal:
      return a <= b;
    case Comparison::greater:
      return a > b;
    case Comparison::greater_or_equal:
      return a >= b;
  }
  return false;
}

std::optional<double> number_of(const Value& value) {
  if (const auto* integer = value.as<int64_t>()) return static_cast<double>(*integer);
  if (const auto* floating = value.as<double>()) return *floating;
  return std::nullopt;
}

bool equal(const Value& a, const Value& b) {
  return compare(a, Comparison::equal, b);
}

bool same_items(const Value::List& a, const Value::List& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), equal);
}

bool same_entries(const Value::Map& a, const Value::Map& b) {
  return a.size() == b.size() && std::all_of(a.begin(), a.end(), [&](const Value::Entry& one) {
           const Value* other = find(b, one.key);
           return other != nullptr && equal(one.value, *other);
         });
}

template <typename Kind>
const std::pair<const Kind*, const Kind*> both(const Value& a, const Value& b) {
  const Kind* first = a.as<Kind>();
  return {first, first != nullptr ? b.as<Kind>() : nullptr};
}

}  // namespace

bool compare(const Value& a, Comparison how, const Value& b) {
  if (const auto [x, y] = both<std::string>(a, b); y) return holds(how, *x, *y);
  if (const auto [x, y] = both<int64_t>(a, b); y) return holds(how, *x, *y);
  if (const auto [x, y] = both<bool>(a, b); y) return holds(how, *x, *y);
  if (const auto [x, y] = both<Nanoseconds>(a, b); y) return holds(how, *x, *y);
  if (const auto [x, y] = both<UnixNanos>(a, b); y) return holds(how, *x, *y);
  if (const auto [x, y] = both<Value::Bytes>(a, b); y) return holds(how, x->bytes, y->bytes);
  if (const auto x = number_of(a), y = number_of(b); x && y) return holds(how, *x, *y);
  bool same = a.is_nil() && b.is_nil();
  if (const auto [x, y] = both<Value::List>(a, b); y) same = same_items(*x, *y);
  if (const auto [x, y] = both<Value::Map>(a, b); y) same = same_entries(*x, *y);
  return how == Comparison::not_equal ? !same : how == Comparison::equal && same;
}

}  // namespace clew::pipeline::ottl
