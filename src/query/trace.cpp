#include "query/trace.h"

#include <fmt/format.h>

#include "query/beside_damage.h"
#include "query/span_rows.h"
#include "query/trace_assembly.h"
#include "query/trace_rows_finder.h"

namespace clew::query {

namespace {

Result<Trace> fetch_sound_trace(const TraceId& id, const TraceSource& source, const RunOptions& options) {
  QueryLimits limits(options);
  TraceAssembly assembly;
  Cost cost;
  struct Part {
    const store::Snapshot& snapshot;
    TraceAssembly::RowsOf kind;
  };
  for (const Part& part :
       {Part{source.traces, TraceAssembly::RowsOf::traces}, Part{source.logs, TraceAssembly::RowsOf::logs}}) {
    CLEW_ASSIGN(std::vector<TraceGranule> granules,
                find_trace_rows(std::span(&id, 1), part.snapshot, source.range, limits, cost));
    if (source.only) CLEW_TRY(keep_rows_of_span(granules, *source.only));
    CLEW_TRY(assembly.add(granules, part.kind, source.fields, options.pool, limits));
  }
  if (assembly.empty()) return Status(ErrorKind::not_found, fmt::format("no data of trace {}", id.to_hex()));
  Trace trace = std::move(assembly).finish(id);
  trace.cost = cost;
  trace.cost.bytes_read = limits.bytes_read();
  trace.cost.elapsed = limits.elapsed();
  // Which traces a damaged granule held, nobody knows.
  for (const store::Snapshot* snapshot : {&source.traces, &source.logs})
    trace.cost.rows_set_aside += store::rows_set_aside(*snapshot, source.range.from, source.range.to);
  return trace;
}

}  // namespace

Result<Trace> fetch_trace(const TraceId& id, const TraceSource& source, const RunOptions& options) {
  return run_beside_damage(
      source.traces, options, [&](const store::Snapshot& traces, const RunOptions& rest) {
        return run_beside_damage(source.logs, rest, [&](const store::Snapshot& logs, const RunOptions& last) {
          TraceSource sound = source;
          sound.traces = traces;
          sound.logs = logs;
          return fetch_sound_trace(id, sound, last);
        });
      });
}

}  // namespace clew::query
