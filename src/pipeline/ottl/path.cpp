#include "pipeline/ottl/path.h"

#include <fmt/format.h>

namespace clew::pipeline::ottl {
namespace {

// "a=1,b=2" and back.
Value::Map entries_of_state(std::string_view state) {
  Value::Map map;
  while (!state.empty()) {
    const std::string_view entry = state.substr(0, state.find(','));
    state.remove_prefix(std::min(state.size(), entry.size() + 1));
    const size_t equals = entry.find('=');
    if (equals == std::string_view::npos) continue;
    map.push_back({std::string(entry.substr(0, equals)), Value(entry.substr(equals + 1))});
  }
  return map;
}
std::string state_of_entries(const Value::Map& map) {
  std::string state;
  for (const Value::Entry& entry : map)
    state += fmt::format("{}{}={}", state.empty() ? "" : ",", entry.key, text_of(entry.value));
  return state;
}

// The place that keys lead to, made where it is missing; null when something else is in the way.
Value* place_under(Value& value, const Value& key) {
  if (const auto* name = key.as<std::string>()) {
    if (value.is_nil()) value = Value::Map{};
    auto* map = value.as<Value::Map>();
    return map == nullptr ? nullptr : &at(*map, *name);
  }
  const auto* index = key.as<int64_t>();
  auto* list = value.as<Value::List>();
  if (index == nullptr || list == nullptr || *index < 0 || static_cast<size_t>(*index) >= list->size())
    return nullptr;
  return &(*list)[static_cast<size_t>(*index)];
}

}  // namespace

Value value_under(const Value& value, const Value& key) {
  if (const auto* map = value.as<Value::Map>()) {
    const auto* name = key.as<std::string>();
    const Value* found = name != nullptr ? find(*map, *name) : nullptr;
    return found != nullptr ? *found : Value();
  }
  const auto* list = value.as<Value::List>();
  const auto* index = key.as<int64_t>();
  if (list == nullptr || index == nullptr || *index < 0 || static_cast<size_t>(*index) >= list->size())
    return {};
  return (*list)[static_cast<size_t>(*index)];
}

Result<std::vector<Value>> Path::keys_of(Subject& subject) const {
  std::vector<Value> keys;
  for (const Getter& getter : keys_) {
    CLEW_ASSIGN(Value key, getter(subject));
    keys.push_back(std::move(key));
  }
  return keys;
}

Result<Value> Path::get(Subject& subject) const {
  if (keys_.empty()) return read_field(field_, subject);
  CLEW_ASSIGN(const std::vector<Value> keys, keys_of(subject));
  Value value;
  size_t next = 0;
  if (field_.kind == FieldKind::attributes) {
    // Only the one that is asked for is decoded.
    const auto* name = keys[0].as<std::string>();
    const Attribute* found = name != nullptr ? subject.message(context_).attributes().find(*name) : nullptr;
    if (found == nullptr) return Value();
    value = value_of_any(found->value);
    next = 1;
  } else if (field_.kind == FieldKind::cache) {
    const auto* name = keys[0].as<std::string>();
    const Value* found = name != nullptr ? find(subject.cache, *name) : nullptr;
    if (found == nullptr) return Value();
    value = *found;
    next = 1;
  } else {
    value = read_field(field_, subject);
    if (field_.kind == FieldKind::trace_state) value = entries_of_state(text_of(value));
  }
  for (; next < keys.size(); ++next) value = value_under(value, keys[next]);
  return value;
}

Status Path::set(Subject& subject, const Value& value) const {
  if (value.is_nil()) return {};
  if (keys_.empty()) return write_field(field_, subject, value);
  CLEW_ASSIGN(const std::vector<Value> keys, keys_of(subject));
  const auto* name = keys[0].as<std::string>();
  if (field_.kind == FieldKind::attributes) {
    if (name == nullptr) return {ErrorKind::bad_input, "the key of an attribute is a text"};
    AttributeList& attributes = subject.message(context_).attributes();
    Value root = value;
    if (keys.size() > 1) {
      const Attribute* found = attributes.find(*name);
      root = found != nullptr ? value_of_any(found->value) : Value();
      Value* place = &root;
      for (size_t i = 1; i < keys.size() && place != nullptr; ++i) place = place_under(*place, keys[i]);
      if (place == nullptr) return {ErrorKind::bad_input, "there is no such place in the attribute"};
      *place = value;
    }
    CLEW_ASSIGN(const std::string encoded, any_of_value(root));
    attributes.set(*name, encoded);
    return {};
  }
  Value root = read_field(field_, subject);
  const bool is_state = field_.kind == FieldKind::trace_state;
  if (is_state) root = entries_of_state(text_of(root));
  Value* place = &root;
  for (size_t i = 0; i < keys.size() && place != nullptr; ++i) place = place_under(*place, keys[i]);
  if (place == nullptr)
    return {ErrorKind::bad_input, fmt::format("there is no such place in {}", field_.name)};
  *place = value;
  if (is_state) root = state_of_entries(*root.as<Value::Map>());
  return write_field(field_, subject, root);
}

Status Path::remove_keys(Subject& subject, const std::function<bool(std::string_view)>& goes) const {
  if (field_.kind == FieldKind::attributes && keys_.empty()) {
    subject.message(context_).attributes().remove_if([&](const Attribute& one) { return goes(one.key); });
    return {};
  }
  CLEW_ASSIGN(Value value, get(subject));
  auto* map = value.as<Value::Map>();
  if (map == nullptr) {
    if (value.is_nil()) return {};
    return {ErrorKind::bad_input, fmt::format("expected a map, got {}", value.kind_name())};
  }
  if (std::erase_if(*map, [&](const Value::Entry& one) { return goes(one.key); }) == 0) return {};
  return set(subject, value);
}

}  // namespace clew::pipeline::ottl
