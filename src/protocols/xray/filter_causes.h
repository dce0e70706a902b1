// Whether a trace has a root cause as a filter expression wants it.
#pragma once

#include "protocols/xray/filter_expression.h"
#include "protocols/xray/trace_model.h"

namespace clew::xray {

// rootcause.fault.service { … } and its like.
bool has_cause(const FilterExpression& expression, const TraceModel& trace);
// One of those that are described whole, as GetTraceSummaries answers them.
bool has_equal_cause(const FilterExpression& expression, const TraceModel& trace);

}  // namespace clew::xray
