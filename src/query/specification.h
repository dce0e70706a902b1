// The JSON query specification (Honeycomb's form): calculations, filters, breakdowns, orders, havings, limit,
// granularity and a time range.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "query/plan.h"

namespace clew::query {

// Errors (bad_input) name the field: `filters[1].op: "~" is not an operator; …`. Relative ranges end at
// `reference`. `saved` are calculated fields that stand beside those of the specification, whose names win.
Result<Plan> plan_of_specification(std::string_view json, UnixNanos reference,
                                   std::span<const CalculatedField> saved = {});

}  // namespace clew::query
