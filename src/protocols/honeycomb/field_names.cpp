#include "protocols/honeycomb/field_names.h"

namespace clew::honeycomb {

void FieldNames::add(std::string_view usual, std::string_view theirs) {
  if (!theirs.empty() && theirs != usual) names_.emplace_back(usual, theirs);
}

void FieldNames::apply(Event& event) const {
  for (const auto& [usual, theirs] : names_) {
    if (event.data.find(usual) != nullptr) continue;
    if (std::optional<JsonValue> value = event.data.take(theirs)) event.data[usual] = std::move(*value);
  }
}

}  // namespace clew::honeycomb
