// What a name means in one row, and whether a row matches a filter, found out in the plainest way: the
// ground that the naive evaluator stands on.
#pragma once

#include <compare>
#include <string_view>
#include <vector>

#include "query/plan.h"
#include "query/testing/memory_table.h"

namespace clew::query::testing {

using Rows = std::vector<const TableRow*>;

struct LessValue {
  bool operator()(const Value& a, const Value& b) const { return compare(a, b) < 0; }
};

const Cell* find_intrinsic(const TableRow& row, std::string_view name);
int64_t time_of(const TableRow& row);
// When the step of a time series begins in which a time lies.
UnixNanos naive_bucket(int64_t at, Nanoseconds width);
// Whether `a op b` holds where a and b are in this order.
bool compares(Operator op, std::strong_ordering order);
// The value a name has in a row; null when it has none.
Value naive_value(const ColumnName& name, const TableRow& row, Signal signal);
bool naive_matches(const Filter& filter, const TableRow& row, Signal signal);

}  // namespace clew::query::testing
