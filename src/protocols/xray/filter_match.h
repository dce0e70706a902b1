// Whether a trace satisfies a filter expression, decided on the whole trace.
#pragma once

#include "protocols/xray/filter_expression.h"
#include "protocols/xray/trace_model.h"

namespace clew::xray {

// Groups must have been resolved: one that is left matches nothing.
bool matches(const FilterExpression& expression, const TraceModel& trace);

// The parts of an expression on their own, for statistics of nodes and edges.
bool is_selected(const NodeSelector& selector, const NodeId& node);
// `condition`: the child of a service() about the segment, or of an edge() about the call.
bool segment_matches(const FilterExpression& condition, const TraceModel& trace, uint32_t segment);
bool call_matches(const FilterExpression& condition, const TraceModel& trace, const ModelCall& call);

}  // namespace clew::xray
