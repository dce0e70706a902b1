// What a name means in one row, and whether a row matches a filter, found out in the plainest way: one half
// of the oracle that the engine is compared with (naive_evaluator.h is the other).
#pragma once

#include <compare>
#include <string_view>

#include "query/plan.h"
#include "query/testing/memory_table.h"

namespace clew::query::testing {

const Cell* find_intrinsic(const TableRow& row, std::string_view name);
// Whether `a op b` holds where a and b are in this order.
bool compares(Operator op, std::strong_ordering order);
// The value a name has in a row; null when it has none.
Value naive_value(const ColumnName& name, const TableRow& row, Signal signal);
bool naive_matches(const Filter& filter, const TableRow& row, Signal signal);

}  // namespace clew::query::testing
