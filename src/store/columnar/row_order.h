// The order of rows in a part: rows that are asked for together stand together.
//
// Traces: all rows of a trace, traces in the order of their first row, rows of a trace by time. So a trace is
// one place to read, a trace id is kept once a run, and a parent is a few rows away. Metrics: by name and
// origin, then time. Logs: by time.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/result.h"
#include "store/columnar/stored_segment.h"
#include "telemetry/batch.h"

namespace clew::store {

struct OrderedRows {
  std::vector<RowReference> rows;
  std::vector<uint32_t> clusters;  // by position in `rows`: equal for rows that belong together
};

// The rows of all sources by day (of their time, clamped to `first_day` … `last_day`), each day's in order.
struct DayRows {
  int32_t day = 0;
  OrderedRows ordered;
};
Result<std::vector<DayRows>> order_rows(std::span<const RowSource> sources, Signal signal, int32_t first_day,
                                        int32_t last_day);

// Cuts ordered rows into granules of at most `most_rows`, where possible between clusters.
std::vector<std::vector<RowReference>> cut_granules(const OrderedRows& ordered, uint32_t most_rows);

int32_t day_of(UnixNanos at);

}  // namespace clew::store
