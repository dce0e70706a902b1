// Search for traces: the newest that have a span which matches.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "query/plan.h"
#include "query/run.h"

namespace clew::query {

struct TraceSearch {
  TimeRange range;
  Filter filter;                                 // some row of the trace in the range must match
  std::optional<Nanoseconds> shortest, longest;  // duration of the whole trace
  size_t limit = 20;
};

struct TraceSummary {
  TraceId id;
  std::string root_name;  // of the earliest span when the root is not stored
  std::string root_service;
  bool root_is_missing = false;
  UnixNanos start;
  Nanoseconds duration;
  uint64_t span_count = 0;
  uint64_t error_count = 0;
  uint64_t matched_count = 0;         // rows that matched the filter
  std::vector<std::string> services;  // of all spans, sorted
};

struct TraceSearchResult {
  std::vector<TraceSummary> traces;  // newest start first, then by id
  uint64_t traces_matched = 0;       // in all, before limit
  Cost cost;
};

Result<TraceSearchResult> search_traces(const TraceSearch& search, const store::Snapshot& snapshot,
                                        const RunOptions& options = {});

}  // namespace clew::query
