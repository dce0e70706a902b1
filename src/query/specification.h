// The JSON query specification (Honeycomb's form): calculations, filters, breakdowns, orders, havings, limit,
// granularity and a time range.
#pragma once

#include <string>
#include <string_view>

#include "query/plan.h"

namespace clew::query {

// Errors (bad_input) name the field: `filters[1].op: "~" is not an operator; …`. Relative ranges end at
// `reference`.
Result<Plan> plan_of_specification(std::string_view json, UnixNanos reference);

}  // namespace clew::query
