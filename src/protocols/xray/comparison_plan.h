// A comparison of a filter expression as conditions on rows.
#pragma once

#include "protocols/xray/filter_expression.h"
#include "query/plan.h"

namespace clew::xray {

// Of what columns do not tell for sure: one condition that holds only for rows that match, and one that holds
// for all of them.
struct RowBounds {
  query::Filter certain, possible;
};
RowBounds exactly(query::Filter filter);

// What a row must satisfy, said of a segment or a call itself.
RowBounds about_row(const FilterExpression& comparison);
RowBounds annotation(const FilterExpression& comparison);
query::Filter takes_time(const FilterExpression& comparison);

// Whether a comparison of a truth wants it to be true.
bool wants_truth(const FilterExpression& comparison);

struct DurationRange {
  int64_t least = INT64_MIN, most = INT64_MAX;  // nanoseconds
  bool inside = true;                           // otherwise the durations outside of it are meant
};
DurationRange duration_range(const FilterExpression& comparison);

}  // namespace clew::xray
