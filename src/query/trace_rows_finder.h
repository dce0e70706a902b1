// Where the rows of some traces are.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "query/query_limits.h"
#include "query/result_table.h"
#include "store/storage.h"
#include "telemetry/ids.h"

namespace clew::query {

// Rows of one granule, ascending, each with the number of its trace among those asked for.
struct TraceGranule {
  std::shared_ptr<const store::Segment> segment;
  uint32_t granule = 0;
  std::vector<uint32_t> rows;
  std::vector<uint32_t> traces;
};

// Adds what it took to `cost`.
Result<std::vector<TraceGranule>> find_trace_rows(std::span<const TraceId> ids,
                                                  const store::Snapshot& snapshot, const TimeRange& range,
                                                  QueryLimits& limits, Cost& cost);

}  // namespace clew::query
