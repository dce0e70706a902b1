// Value: what an expression of OTTL (the transformation language of the Collector) yields while it runs.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace clew {
class JsonValue;
}

namespace clew::pipeline::ottl {

class Value {
 public:
  struct Bytes {
    std::string bytes;
  };
  using List = std::vector<Value>;
  struct Entry;
  using Map = std::vector<Entry>;  // keys are distinct, in the order of the message

  Value() = default;  // nil
  Value(bool value);
  Value(int value);
  Value(int64_t value);
  Value(double value);
  Value(std::string value);
  Value(std::string_view value);
  Value(const char* value);
  Value(Bytes value);
  Value(Nanoseconds value);
  Value(UnixNanos value);
  Value(List value);
  Value(Map value);

  // The value when it is of that kind, else nullptr.
  template <typename Kind>
  const Kind* as() const {
    return std::get_if<Kind>(&value_);
  }
  template <typename Kind>
  Kind* as() {
    return std::get_if<Kind>(&value_);
  }
  bool is_nil() const { return std::holds_alternative<std::monostate>(value_); }
  // "a text", "nil": for sentences.
  std::string_view kind_name() const;

 private:
  std::variant<std::monostate, bool, int64_t, double, std::string, Bytes, List, Map, Nanoseconds, UnixNanos>
      value_;
};

struct Value::Entry {
  std::string key;
  Value value;
};

// Not before Entry is complete: a variant of its vectors cannot be made or destroyed without.
inline Value::Value(bool value) : value_(value) {}
inline Value::Value(int value) : value_(int64_t{value}) {}
inline Value::Value(int64_t value) : value_(value) {}
inline Value::Value(double value) : value_(value) {}
inline Value::Value(std::string value) : value_(std::move(value)) {}
inline Value::Value(std::string_view value) : value_(std::string(value)) {}
inline Value::Value(const char* value) : value_(std::string(value)) {}
inline Value::Value(Bytes value) : value_(std::move(value)) {}
inline Value::Value(Nanoseconds value) : value_(value) {}
inline Value::Value(UnixNanos value) : value_(value) {}

Value* find(Value::Map& map, std::string_view key);
const Value* find(const Value::Map& map, std::string_view key);
// The value under the key, made if it is not there.
Value& at(Value::Map& map, std::string_view key);

// Of an AnyValue message. Throws protozero::exception when it is malformed or nested too deeply.
Value value_of_any(std::string_view any_value, int depth = 0);
// An AnyValue message. Times and durations have none: bad_input that says how to store them.
Result<std::string> any_of_value(const Value& value);
// Numbers become floating, as the Collector reads JSON.
Value value_of_json(const JsonValue& json);
// As texts are joined: strings as they are, arrays and maps as JSON, bytes as hexadecimal.
std::string text_of(const Value& value);

enum class Comparison : uint8_t { equal, not_equal, less, less_or_equal, greater, greater_or_equal };
// Values of different kinds are not equal and have no order; integers and floating numbers are compared.
bool compare(const Value& a, Comparison how, const Value& b);

}  // namespace clew::pipeline::ottl
