#include "query/trace_search.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "query/beside_damage.h"
#include "query/column_binding.h"
#include "query/granule_reader.h"
#include "query/matching_traces.h"
#include "query/trace_rows_finder.h"
#include "telemetry/semantic_names.h"

namespace clew::query {
namespace {

// Traces are looked at in rounds of at least this many when their duration decides.
constexpr size_t kFewestPerRound = 64;

struct Progressing {
  TraceSummary summary;
  std::set<std::string, std::less<>> services;
  int64_t start = INT64_MAX, end = INT64_MIN;
  // Of the root, or of the earliest span as long as no root is known: roots first, then by time, then by id.
  std::optional<std::tuple<bool, int64_t, std::string>> best;
};

class Summaries {
 public:
  Summaries(std::span<const TraceId> ids, const store::Snapshot& snapshot)
      : ids_(ids), snapshot_(snapshot), found_(ids.size()) {}

  Result<std::vector<TraceSummary>> run(QueryLimits& limits, Cost& cost) {
    CLEW_ASSIGN(std::vector<TraceGranule> granules, find_trace_rows(ids_, snapshot_, {}, limits, cost));
    for (const TraceGranule& granule : granules) CLEW_TRY(add(granule, limits));
    std::vector<TraceSummary> summaries;
    for (size_t i = 0; i < ids_.size(); ++i) {
      Progressing& trace = found_[i];
      TraceSummary& summary = trace.summary;
      summary.id = ids_[i];
      if (trace.start <= trace.end) {
        summary.start = {trace.start};
        summary.duration = UnixNanos{trace.end} - UnixNanos{trace.start};
      }
      summary.root_is_missing = !trace.best || std::get<0>(*trace.best);
      summary.services.assign(trace.services.begin(), trace.services.end());
      summaries.push_back(std::move(summary));
    }
    return summaries;
  }

 private:
  // The columns of a granule that tell of a span.
  struct Columns {
    ResolvedColumn time, span_id, parent_id, annotation, duration, name, service, error, status;
  };

  Result<ResolvedColumn> resolve(GranuleReader& reader, std::string_view name, bool intrinsic) {
    ColumnName column{std::string(name), {}};
    if (intrinsic) column.scope = store::Scope::intrinsic;
    bound_.push_back(std::make_unique<BoundColumn>(bind(column, reader.segment())));
    return reader.resolve(*bound_.back());
  }

  static std::optional<std::pair<const store::ColumnData*, uint32_t>> at(const ResolvedColumn& column,
                                                                         uint32_t row) {
    for (const Piece& piece : column) {
      std::span<const uint64_t> mask = piece.mask();
      if (mask.empty() || (mask[row >> 6] >> (row & 63) & 1) != 0) return std::pair(piece.data, row);
    }
    return std::nullopt;
  }
  static std::string_view text_at(const ResolvedColumn& column, uint32_t row) {
    auto cell = at(column, row);
    return cell && is_stringlike(cell->first->type) ? cell->first->string_at(row) : std::string_view();
  }
  static int64_t integer_at(const ResolvedColumn& column, uint32_t row) {
    auto cell = at(column, row);
    return cell && !cell->first->integers.empty() ? cell->first->integers[row] : 0;
  }

  Status add(const TraceGranule& granule, QueryLimits& limits) {
    GranuleReader whole(*granule.segment, granule.granule, Signal::traces);
    GranuleReader reader(whole, granule.rows);
    bound_.clear();
    Columns columns;
    CLEW_ASSIGN(columns.time, resolve(reader, names::kTime, true));
    CLEW_ASSIGN(columns.span_id, resolve(reader, names::kSpanId, true));
    CLEW_ASSIGN(columns.parent_id, resolve(reader, names::kParentId, true));
    CLEW_ASSIGN(columns.annotation, resolve(reader, names::kAnnotationType, true));
    CLEW_ASSIGN(columns.duration, resolve(reader, names::kDuration, true));
    CLEW_ASSIGN(columns.name, resolve(reader, names::kName, true));
    CLEW_ASSIGN(columns.service, resolve(reader, "service.name", false));
    CLEW_ASSIGN(columns.error, resolve(reader, names::kError, true));
    CLEW_ASSIGN(columns.status, resolve(reader, names::kStatusCode, true));
    for (uint32_t i = 0; i < granule.rows.size(); ++i) {
      if (!at(columns.annotation, i)) add_span(columns, i, found_[granule.traces[i]]);
    }
    return limits.account(0, reader.bytes_read(), 0);
  }

  static void add_span(const Columns& columns, uint32_t row, Progressing& trace) {
    int64_t start = integer_at(columns.time, row);
    UnixNanos end = UnixNanos{start} + Nanoseconds{std::max<int64_t>(integer_at(columns.duration, row), 0)};
    trace.start = std::min(trace.start, start);
    trace.end = std::max(trace.end, end.count);
    ++trace.summary.span_count;
    auto error = at(columns.error, row);
    bool failed = error && !error->first->booleans.empty() ? error->first->booleans[row] != 0
                                                           : integer_at(columns.status, row) == 2;
    trace.summary.error_count += failed ? 1 : 0;
    std::string_view service = text_at(columns.service, row);
    if (!service.empty() && !trace.services.contains(service)) trace.services.emplace(service);
    std::tuple key(at(columns.parent_id, row).has_value(), start, std::string(text_at(columns.span_id, row)));
    if (trace.best && *trace.best <= key) return;
    trace.best = std::move(key);
    trace.summary.root_name = text_at(columns.name, row);
    trace.summary.root_service = service;
  }

  std::span<const TraceId> ids_;
  const store::Snapshot& snapshot_;
  std::vector<Progressing> found_;
  std::vector<std::unique_ptr<BoundColumn>> bound_;  // of the granule at hand
};

bool fits(const TraceSearch& search, const TraceSummary& summary) {
  return (!search.shortest || summary.duration >= *search.shortest) &&
         (!search.longest || summary.duration <= *search.longest);
}

Result<TraceSearchResult> search_sound_traces(const TraceSearch& search, const store::Snapshot& snapshot,
                                              const RunOptions& options) {
  QueryLimits limits(options);
  CLEW_ASSIGN(MatchingTraces matching, find_matching_traces(search, snapshot, options, limits));
  TraceSearchResult result;
  result.traces_matched = matching.traces.size();
  result.cost = matching.cost;
  bool duration_decides = search.shortest || search.longest;
  for (size_t first = 0; first < matching.traces.size() && result.traces.size() < search.limit;) {
    size_t wanted = search.limit - result.traces.size();
    if (duration_decides) wanted = std::max(wanted, kFewestPerRound);
    size_t count = std::min(wanted, matching.traces.size() - first);
    std::vector<TraceId> ids;
    for (size_t i = first; i < first + count; ++i) ids.push_back(matching.traces[i].id);
    CLEW_ASSIGN(std::vector<TraceSummary> summaries, Summaries(ids, snapshot).run(limits, result.cost));
    for (size_t i = 0; i < count && result.traces.size() < search.limit; ++i) {
      summaries[i].matched_count = matching.traces[first + i].rows;
      if (fits(search, summaries[i])) result.traces.push_back(std::move(summaries[i]));
    }
    first += count;
  }
  std::stable_sort(result.traces.begin(), result.traces.end(),
                   [](const TraceSummary& a, const TraceSummary& b) {
                     return std::tie(b.start, a.id) < std::tie(a.start, b.id);
                   });
  result.cost.bytes_read = limits.bytes_read();
  result.cost.elapsed = limits.elapsed();
  result.cost.rows_set_aside = store::rows_set_aside(snapshot, search.range.from, search.range.to);
  return result;
}

}  // namespace

Result<TraceSearchResult> search_traces(const TraceSearch& search, const store::Snapshot& snapshot,
                                        const RunOptions& options) {
  return run_beside_damage(snapshot, options, [&](const store::Snapshot& sound, const RunOptions& rest) {
    return search_sound_traces(search, sound, rest);
  });
}

}  // namespace clew::query
