// How a filter expression is decided, given the values that it compares.
#pragma once

#include <algorithm>
#include <string_view>

#include "protocols/xray/filter_expression.h"

namespace clew::xray {

bool decide_boolean(const FilterExpression& comparison, bool value);
bool decide_number(const FilterExpression& comparison, double value);
bool decide_text(const FilterExpression& comparison, std::string_view value);

// Conditions, given how one comparison is decided.
template <typename Decide>
bool holds(const FilterExpression& expression, Decide&& decide) {
  const auto child_holds = [&](const FilterExpression& child) { return holds(child, decide); };
  const auto& children = expression.children;
  switch (expression.kind) {
    case FilterExpression::Kind::all:
      return std::all_of(children.begin(), children.end(), child_holds);
    case FilterExpression::Kind::any:
      return std::any_of(children.begin(), children.end(), child_holds);
    case FilterExpression::Kind::none:
      return std::none_of(children.begin(), children.end(), child_holds);
    default:
      return decide(expression);
  }
}

}  // namespace clew::xray
