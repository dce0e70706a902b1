#include "query/matching_traces.h"

#include <algorithm>
#include <tuple>

#include "query/related_spans.h"
#include "query/scan.h"
#include "query/trace_numbers.h"
#include "telemetry/semantic_names.h"

namespace clew::query {
namespace {

class TraceTable {
 public:
  MatchingTrace& find_or_add(const TraceId& id) {
    const uint32_t number = numbers_.number_of(id);
    if (number == traces_.size()) traces_.push_back({.id = id});
    return traces_[number];
  }
  std::vector<MatchingTrace>& traces() { return traces_; }
  size_t bytes() const { return numbers_.bytes() + traces_.capacity() * sizeof(MatchingTrace); }

 private:
  TraceNumbers numbers_;
  std::vector<MatchingTrace> traces_;
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
  CLEW_ASSIGN(const std::unique_ptr<RelatedSpans> related,
              RelatedSpans::gather(search.filter, search.range, snapshot, options, limits));
  wanted.related = related.get();
  CLEW_ASSIGN(CompiledFilter filter, compile(split(search.filter).own, columns));
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
