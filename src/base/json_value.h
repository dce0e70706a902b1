// JsonValue: a JSON value that can be taken apart and put together, for documents whose members are moved
// about. What is only read once is better read with a parser, what is only written with JsonWriter.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/json_writer.h"
#include "base/result.h"

namespace clew {

class JsonValue {
 public:
  struct Member;
  using Array = std::vector<JsonValue>;
  using Object = std::vector<Member>;  // names are distinct

  JsonValue() = default;  // null
  JsonValue(bool value);
  JsonValue(int value);
  JsonValue(int64_t value);
  JsonValue(uint64_t value);  // only for what is beyond int64
  JsonValue(double value);
  JsonValue(std::string value);
  JsonValue(std::string_view value);
  JsonValue(const char* value);
  JsonValue(Array value);
  JsonValue(Object value);

  bool is_null() const { return std::holds_alternative<std::monostate>(value_); }
  // The value when it is of that kind, else nullptr.
  const bool* boolean() const { return std::get_if<bool>(&value_); }
  const int64_t* integer() const { return std::get_if<int64_t>(&value_); }
  const std::string* string() const { return std::get_if<std::string>(&value_); }
  const Array* array() const { return std::get_if<Array>(&value_); }
  Array* array() { return std::get_if<Array>(&value_); }
  const Object* object() const { return std::get_if<Object>(&value_); }
  Object* object() { return std::get_if<Object>(&value_); }
  // Any kind of number.
  std::optional<double> number() const;
  const double* floating() const { return std::get_if<double>(&value_); }

  // The member of an object; nullptr when there is none, or this is no object.
  const JsonValue* find(std::string_view name) const;
  JsonValue* find(std::string_view name);
  // Makes a null an object, and a missing member a null. Must not be called on other kinds.
  JsonValue& operator[](std::string_view name);
  // Takes a member out of an object.
  std::optional<JsonValue> take(std::string_view name);

  void write(JsonWriter& json) const;
  std::string text() const;

  // Numbers by their value, objects without regard to order.
  bool operator==(const JsonValue& other) const;

 private:
  std::variant<std::monostate, bool, int64_t, uint64_t, double, std::string, Array, Object> value_;
};

struct JsonValue::Member {
  std::string name;
  JsonValue value;
};

// Not before Member is complete: a variant of its vectors cannot be made or destroyed without.
inline JsonValue::JsonValue(bool value) : value_(value) {}
inline JsonValue::JsonValue(int value) : value_(int64_t{value}) {}
inline JsonValue::JsonValue(int64_t value) : value_(value) {}
inline JsonValue::JsonValue(uint64_t value) : value_(value) {}
inline JsonValue::JsonValue(double value) : value_(value) {}
inline JsonValue::JsonValue(std::string value) : value_(std::move(value)) {}
inline JsonValue::JsonValue(std::string_view value) : value_(std::string(value)) {}
inline JsonValue::JsonValue(const char* value) : value_(std::string(value)) {}

// Of two members of one name the last counts. bad_input when it is not JSON, is nested deeper than
// `deepest`, or has a number that neither 64 bits nor a double hold.
Result<JsonValue> parse_json(std::string_view text, size_t deepest = 128);

}  // namespace clew
