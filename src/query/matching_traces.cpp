#include "query/matching_traces.h"

#include <algorithm>
#include <tuple>

#include "query/hashing.h"
#include "query/scan.h"
#include "telemetry/semantic_names.h"

namespace clew::query {
namespace {

// Traces by id, in one flat table.
class TraceTable {
 public:
  TraceTable() : slots_(64) {}

  MatchingTrace& find_or_add(const TraceId& id) {
    size_t slot = slot_of(id);
    if (slots_[slot] == 0) {
      traces_.push_back({.id = id});
      slots_[slot] = static_cast<uint32_t>(traces_.size());
      if (traces_.size() * 2 > slots_.size()) grow();
      return traces_.back();
    }
    return traces_[slots_[slot] - 1];
  }
  std::vector<MatchingTrace>& traces() { return traces_; }
  size_t bytes() const {
    return traces_.capacity() * sizeof(MatchingTrace) + slots_.size() * sizeof(uint32_t);
  }

 private:
  size_t slot_of(const TraceId& id) const {
    size_t mask = slots_.size() - 1;
    size_t slot = hash_of(id.view()) & mask;
    while (slots_[slot] != 0 && traces_[slots_[slot] - 1].id != id) slot = (slot + 1) & mask;
    return slot;
  }
  void grow() {
    slots_.assign(slots_.size() * 2, 0);
    for (uint32_t i = 0; i < traces_.size(); ++i) slots_[slot_of(traces_[i].id)] = i + 1;
  }

  std::vector<MatchingTrace> traces_;
  std::vector<uint32_t> slots_;  // position + 1, or 0; a power of two of them
};

Status visit(TraceTable& table, const GranuleScan& scan) {
  CLEW_ASSIGN(ResolvedColumn ids, scan.reader.resolve(scan.segment.columns[0]));
  const store::ColumnData* times = nullptr;
  if (scan.segment.time) {
    CLEW_ASSIGN(times, scan.reader.read(*scan.segment.time));
  }
  for (const Piece& piece : ids) {
    if (piece.data->type != store::ColumnType::trace_id) continue;
    Selection part = scan.selection;
    part.intersect(piece.mask());
    std::string_view id_before;
    MatchingTrace* trace = nullptr;
    for_each_row(part, [&](uint32_t row) {
      std::string_view bytes = piece.data->string_at(row);
      // Spans of a trace often come one after the other.
      if (trace == nullptr || bytes != id_before) {
        auto id = TraceId::from_bytes(bytes);
        if (!id) return;
        trace = &table.find_or_add(*id);
        id_before = bytes;
      }
      trace->newest = std::max(trace->newest, times == nullptr ? 0 : times->integers[row]);
      ++trace->rows;
    });
  }
  return {};
}

}  // namespace

Result<MatchingTraces> find_matching_traces(const TraceSearch& search, const store::Snapshot& snapshot,
                                            const RunOptions& options, QueryLimits& limits) {
  NameList columns;
  columns.add({std::string(names::kTraceId), store::Scope::intrinsic});
  ScanWanted wanted{.range = search.range, .names = {}, .filters = {}};
  CLEW_ASSIGN(CompiledFilter filter, compile(search.filter, columns));
  wanted.filters.push_back(std::move(filter));
  wanted.names = columns.names();
  Scan scan(wanted, snapshot);
  std::vector<TraceTable> tables(scan.workers(options));
  Scan::Visitor visitor;
  visitor.visit = [&](const GranuleScan& granule) { return visit(tables[granule.worker], granule); };
  visitor.bytes_held = [&](size_t worker) { return tables[worker].bytes(); };
  CLEW_TRY(scan.run(options, limits, visitor));
  for (size_t i = 1; i < tables.size(); ++i) {
    for (const MatchingTrace& other : tables[i].traces()) {
      MatchingTrace& trace = tables[0].find_or_add(other.id);
      trace.newest = std::max(trace.newest, other.newest);
      trace.rows += other.rows;
    }
  }
  MatchingTraces matching{.traces = std::move(tables[0].traces()), .cost = scan.cost()};
  std::sort(matching.traces.begin(), matching.traces.end(),
            [](const MatchingTrace& a, const MatchingTrace& b) {
              return std::tie(b.newest, a.id) < std::tie(a.newest, b.id);
            });
  return matching;
}

}  // namespace clew::query
