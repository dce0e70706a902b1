#include "protocols/honeycomb/webhook_template_functions.h"

#include <algorithm>
#include <array>
#include <functional>
#include <optional>
#include <string>

namespace clew::honeycomb {
namespace {

using Values = std::vector<JsonValue>;

JsonValue to_json(const Values& values) {
  return values[0].text();
}

JsonValue logical_not(const Values& values) {
  return !is_true(values[0]);
}

// The first argument that decides it, else the last.
template <bool deciding>
JsonValue decisive(const Values& values) {
  const auto found = std::find_if(values.begin(), values.end(),
                                  [](const JsonValue& value) { return is_true(value) == deciding; });
  return found == values.end() ? values.back() : *found;
}

JsonValue length(const Values& values) {
  const JsonValue& of = values[0];
  const size_t size = of.array() != nullptr    ? of.array()->size()
                      : of.object() != nullptr ? of.object()->size()
                      : of.string() != nullptr ? of.string()->size()
                                               : 0;
  return static_cast<int64_t>(size);
}

JsonValue item(const Values& values) {
  const JsonValue& of = values[0];
  if (values.size() < 2) return of;
  const std::optional<double> number = values[1].number();
  if (of.array() != nullptr && number && *number >= 0 && *number < static_cast<double>(of.array()->size()))
    return (*of.array())[static_cast<size_t>(*number)];
  const std::string* name = values[1].string();
  const JsonValue* found = name == nullptr ? nullptr : of.find(*name);
  return found == nullptr ? JsonValue() : *found;
}

JsonValue equals_any(const Values& values) {
  return std::find(values.begin() + 1, values.end(), values[0]) != values.end();
}

JsonValue differs(const Values& values) {
  return values.size() >= 2 && !(values[0] == values[1]);
}

std::optional<int> compare(const JsonValue& a, const JsonValue& b) {
  if (a.string() != nullptr && b.string() != nullptr) return a.string()->compare(*b.string());
  if (!a.number() || !b.number()) return std::nullopt;
  return *a.number() < *b.number() ? -1 : *a.number() > *b.number() ? 1 : 0;
}

template <typename Order>
JsonValue is_ordered(const Values& values) {
  if (values.size() < 2) return false;
  const std::optional<int> order = compare(values[0], values[1]);
  return order && Order()(*order, 0);
}

constexpr std::array kFunctions = {
    TemplateFunction{"toJson", to_json, true},
    TemplateFunction{"eq", equals_any},
    TemplateFunction{"ne", differs},
    TemplateFunction{"lt", is_ordered<std::less<>>},
    TemplateFunction{"le", is_ordered<std::less_equal<>>},
    TemplateFunction{"gt", is_ordered<std::greater<>>},
    TemplateFunction{"ge", is_ordered<std::greater_equal<>>},
    TemplateFunction{"and", decisive<false>},
    TemplateFunction{"or", decisive<true>},
    TemplateFunction{"not", logical_not},
    TemplateFunction{"len", length},
    TemplateFunction{"index", item},
};

}  // namespace

const TemplateFunction* find_template_function(std::string_view name) {
  const auto found = std::find_if(kFunctions.begin(), kFunctions.end(),
                                  [&](const TemplateFunction& one) { return one.name == name; });
  return found == kFunctions.end() ? nullptr : &*found;
}

bool is_true(const JsonValue& value) {
  if (value.is_null()) return false;
  if (const bool* truth = value.boolean()) return *truth;
  if (const std::string* text = value.string()) return !text->empty();
  if (const JsonValue::Array* items = value.array()) return !items->empty();
  if (const JsonValue::Object* members = value.object()) return !members->empty();
  return value.number().value_or(0) != 0;
}

}  // namespace clew::honeycomb
