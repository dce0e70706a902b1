#include "base/json_value.h"

#include <algorithm>
#include <simdjson.h>
#include <unordered_map>

#include <fmt/format.h>

namespace clew {
namespace {

// Up to this many members a look at each of them is quicker than a table.
constexpr size_t kFewMembers = 16;

class Builder {
 public:
  explicit Builder(size_t deepest) : deepest_(deepest) {}

  // False when it is nested too deeply.
  bool build(simdjson::dom::element from, JsonValue& to, size_t depth) {
    using simdjson::dom::element_type;
    if (depth > deepest_) return false;
    switch (from.type()) {
      case element_type::ARRAY: {
        JsonValue::Array values;
        for (const simdjson::dom::element child : simdjson::dom::array(from)) {
          if (!build(child, values.emplace_back(), depth + 1)) return false;
        }
        to = JsonValue(std::move(values));
        return true;
      }
      case element_type::OBJECT: {
        JsonValue::Object members;
        if (!build_members(simdjson::dom::object(from), members, depth)) return false;
        to = JsonValue(std::move(members));
        return true;
      }
      case element_type::INT64:
        to = JsonValue(int64_t(from));
        return true;
      case element_type::UINT64:
        to = JsonValue(uint64_t(from));
        return true;
      case element_type::DOUBLE:
        to = JsonValue(double(from));
        return true;
      case element_type::STRING:
        to = JsonValue(std::string_view(from));
        return true;
      case element_type::BOOL:
        to = JsonValue(bool(from));
        return true;
      case element_type::NULL_VALUE:
        to = JsonValue();
        return true;
    }
    return true;
  }

 private:
  bool build_members(simdjson::dom::object from, JsonValue::Object& members, size_t depth) {
    std::unordered_map<std::string_view, size_t> places;
    const bool many = from.size() > kFewMembers;
    for (const auto& [name, value] : from) {
      size_t place = members.size();
      if (many) {
        place = places.emplace(name, place).first->second;
      } else {
        for (size_t i = 0; i < members.size() && place == members.size(); ++i) {
          if (members[i].name == name) place = i;
        }
      }
      if (place == members.size()) members.push_back({std::string(name), JsonValue()});
      if (!build(value, members[place].value, depth + 1)) return false;
    }
    return true;
  }

  size_t deepest_;
};

bool same_objects(const JsonValue::Object& a, const JsonValue::Object& b) {
  if (a.size() != b.size()) return false;
  std::unordered_map<std::string_view, const JsonValue*> members;
  for (const JsonValue::Member& member : a) members.emplace(member.name, &member.value);
  return std::all_of(b.begin(), b.end(), [&](const JsonValue::Member& member) {
    const auto found = members.find(member.name);
    return found != members.end() && *found->second == member.value;
  });
}

}  // namespace

JsonValue::JsonValue(Array value) : value_(std::move(value)) {}
JsonValue::JsonValue(Object value) : value_(std::move(value)) {}

std::optional<double> JsonValue::number() const {
  if (const auto* signed_integer = std::get_if<int64_t>(&value_)) return static_cast<double>(*signed_integer);
  if (const auto* large = std::get_if<uint64_t>(&value_)) return static_cast<double>(*large);
  if (const auto* real = std::get_if<double>(&value_)) return *real;
  return std::nullopt;
}

const JsonValue* JsonValue::find(std::string_view name) const {
  const Object* members = object();
  if (members == nullptr) return nullptr;
  const auto found =
      std::find_if(members->begin(), members->end(), [&](const Member& one) { return one.name == name; });
  return found == members->end() ? nullptr : &found->value;
}

JsonValue* JsonValue::find(std::string_view name) {
  return const_cast<JsonValue*>(std::as_const(*this).find(name));
}

JsonValue& JsonValue::operator[](std::string_view name) {
  if (JsonValue* found = find(name)) return *found;
  if (is_null()) value_ = Object();
  return std::get<Object>(value_).emplace_back(Member{std::string(name), JsonValue()}).value;
}

std::optional<JsonValue> JsonValue::take(std::string_view name) {
  Object* members = object();
  if (members == nullptr) return std::nullopt;
  const auto found =
      std::find_if(members->begin(), members->end(), [&](const Member& one) { return one.name == name; });
  if (found == members->end()) return std::nullopt;
  std::optional<JsonValue> taken = std::move(found->value);
  members->erase(found);
  return taken;
}

void JsonValue::write(JsonWriter& json) const {
  if (is_null()) {
    json.null();
  } else if (const bool* truth = boolean()) {
    json.boolean(*truth);
  } else if (const auto* signed_integer = std::get_if<int64_t>(&value_)) {
    json.integer(*signed_integer);
  } else if (const auto* large = std::get_if<uint64_t>(&value_)) {
    json.integer(*large);
  } else if (const auto* real = std::get_if<double>(&value_)) {
    json.number(*real);
  } else if (const std::string* text = string()) {
    json.string(*text);
  } else if (const Array* values = array()) {
    json.begin_array();
    for (const JsonValue& value : *values) value.write(json);
    json.end_array();
  } else if (const Object* members = object()) {
    json.begin_object();
    for (const Member& member : *members) {
      json.key(member.name);
      member.value.write(json);
    }
    json.end_object();
  }
}

std::string JsonValue::text() const {
  JsonWriter json;
  write(json);
  return json.take();
}

bool JsonValue::operator==(const JsonValue& other) const {
  const std::optional<double> number_here = number();
  const std::optional<double> number_there = other.number();
  if (number_here && number_there && value_.index() != other.value_.index())
    return *number_here == *number_there;
  if (value_.index() != other.value_.index()) return false;
  if (object() != nullptr) return same_objects(*object(), *other.object());
  if (array() != nullptr) return *array() == *other.array();
  if (string() != nullptr) return *string() == *other.string();
  if (boolean() != nullptr) return *boolean() == *other.boolean();
  if (integer() != nullptr) return *integer() == *other.integer();
  return number_here == number_there;
}

Result<JsonValue> parse_json(std::string_view text, size_t deepest) {
  // Keeps its memory from call to call.
  thread_local simdjson::dom::parser parser;
  simdjson::dom::element root;
  if (const simdjson::error_code error = parser.parse(text.data(), text.size()).get(root))
    return Status(ErrorKind::bad_input, fmt::format("not valid JSON: {}", simdjson::error_message(error)));
  JsonValue value;
  if (!Builder(deepest).build(root, value, 0))
    return Status(ErrorKind::bad_input, fmt::format("JSON nested deeper than {}", deepest));
  return value;
}

}  // namespace clew
