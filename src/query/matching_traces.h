// The traces that have a matching row.
#pragma once

#include <cstdint>
#include <vector>

#include "query/query_limits.h"
#include "query/trace_search.h"
#include "telemetry/ids.h"

namespace clew::query {

struct MatchingTrace {
  TraceId id;
  int64_t newest = INT64_MIN;  // time of the newest row that matches
  uint64_t rows = 0;           // that match
};

struct MatchingTraces {
  std::vector<MatchingTrace> traces;  // newest first, then by id
  Cost cost;
};

Result<MatchingTraces> find_matching_traces(const TraceSearch& search, const store::Snapshot& snapshot,
                                            const RunOptions& options, QueryLimits& limits);

}  // namespace clew::query
