// Reading traces out of the store for the operations: by id, and by filter expression.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "protocols/xray/call.h"
#include "protocols/xray/filter_expression.h"
#include "protocols/xray/trace_model.h"
#include "query/trace.h"
#include "query/trace_condition.h"

namespace clew::xray {

struct ReadTrace {
  query::Trace trace;  // its documents do not depend on it
  TraceModel model;
};

// Nothing when no span of it is stored.
Result<std::optional<ReadTrace>> read_trace(const Call& call, const store::Snapshot& snapshot,
                                            const TraceId& id);

// Traces of a time range that may satisfy an expression; those that are not certain must be looked at.
struct CandidateTrace {
  TraceId id;
  UnixNanos start, end;  // of what was seen of it
  UnixNanos newest;
  bool is_certain = false;
};
struct CandidateTraces {
  std::vector<CandidateTrace> traces;
  uint64_t traces_looked_at = 0;
};
// Without an expression: every trace.
Result<CandidateTraces> find_candidates(const Call& call, const store::Snapshot& snapshot,
                                        const TimeRange& range,
                                        const std::optional<FilterExpression>& expression);

// The ids of all traces of the range that satisfy it.
Result<std::vector<TraceId>> matching_traces(const Call& call, const store::Snapshot& snapshot,
                                             const TimeRange& range, const FilterExpression& expression);

}  // namespace clew::xray
