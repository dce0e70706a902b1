// SpanRelations: which span called which, over many granules at once. A parent is found by trace and span id,
// in whatever granule, part or block it is stored.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "base/result.h"
#include "base/thread_pool.h"
#include "query/granule_reader.h"
#include "query/selection.h"
#include "telemetry/ids.h"

namespace clew::query {

// The spans of one granule, row by row. A row that was not selected has id 0.
struct SpanBatch {
  std::vector<TraceId> trace_ids;  // one id may occur several times
  std::vector<uint32_t> traces;    // of each row: position in trace_ids
  std::vector<uint64_t> ids;
  std::vector<uint64_t> parent_ids;  // 0: none
  size_t rows() const { return ids.size(); }
  size_t bytes() const { return trace_ids.size() * sizeof(TraceId) + rows() * 20; }
};

// The columns, already resolved: trace id, span id, parent id.
SpanBatch read_spans(const ResolvedColumn& trace_ids, const ResolvedColumn& span_ids,
                     const ResolvedColumn& parent_ids, const Selection& selection);

struct SpanRelations {
  // What a row has instead of a parent.
  static constexpr uint32_t kRoot = std::numeric_limits<uint32_t>::max();
  static constexpr uint32_t kParentMissing = kRoot - 1;
  static bool is_stored(uint32_t parent) { return parent < kParentMissing; }

  std::vector<uint32_t> first_rows;  // of each batch; then the number of rows in all
  std::vector<TraceId> trace_ids;    // each once
  // By row, those of all batches one after the other; rows without a span have trace 0 and no parent.
  std::vector<uint32_t> traces;
  std::vector<uint32_t> parents;  // row, kRoot or kParentMissing; of several rows with its id any
  // Rows with the same trace and span id: Zipkin's client and server tell of a call under one id. Of three or
  // more, `one` is always the same.
  struct Twins {
    uint32_t one = 0, other = 0;
  };
  std::vector<Twins> twins;  // by one
};

// Fails when there are more rows than a row number can tell apart. `pool` may be null.
Result<SpanRelations> relate(std::span<const SpanBatch> batches, ThreadPool* pool);

}  // namespace clew::query
