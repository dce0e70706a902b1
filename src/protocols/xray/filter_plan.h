// FilterPlan: a filter expression as conditions that the query engine decides on columns, without putting any
// trace together.
//
// Not all of the language can be said of columns: root causes, inferred segments, what is missing. So there
// are two conditions, one that is sure to hold only for traces that match, and one that is sure to hold for
// all of them. Only traces between the two need to be looked at whole; for the usual expressions there are
// none.
#pragma once

#include "protocols/xray/filter_expression.h"
#include "query/trace_condition.h"

namespace clew::xray {

struct FilterPlan {
  query::TraceCondition possible;  // holds for every trace that matches
  query::TraceCondition certain;   // holds for no trace that does not
};

// Groups must have been resolved.
FilterPlan plan_of(const FilterExpression& expression);

}  // namespace clew::xray
