// What X-Ray says of a segment or a call, as conditions on the columns of a span, however it came.
#pragma once

#include <initializer_list>
#include <string_view>
#include <utility>
#include <vector>

#include "query/plan.h"

namespace clew::xray {

query::Filter always();
query::Filter never();

query::ColumnName attribute_column(std::string_view name);
query::Filter compare(std::string_view attribute, query::Operator op, query::Value value);
query::Filter has(std::string_view attribute);
query::Filter lacks(std::string_view attribute);
query::Filter is_true(std::string_view attribute);
query::Filter intrinsic(std::string_view name, query::Operator op, std::vector<query::Value> values);

query::Filter came_as_document();
query::Filter came_otherwise();
query::Filter is_root();
query::Filter is_segment();
// Calls, which segments may be inferred from, and which know their callee by some name.
query::Filter is_call();

query::Filter is_error();
query::Filter is_throttle();
query::Filter is_fault();

// A value in the first of several columns that has one: `make` gives the condition on a column.
template <typename Make>
query::Filter in_first_of(std::initializer_list<std::string_view> columns, Make&& make) {
  std::vector<query::Filter> ways, absent;
  for (const std::string_view column : columns) {
    std::vector<query::Filter> way = absent;
    way.push_back(make(column));
    ways.push_back(query::all_of(std::move(way)));
    absent.push_back(lacks(column));
  }
  return query::any_of(std::move(ways));
}

}  // namespace clew::xray
