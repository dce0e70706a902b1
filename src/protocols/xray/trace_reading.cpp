#include "protocols/xray/trace_reading.h"

#include <utility>

#include "protocols/xray/filter_match.h"
#include "protocols/xray/filter_plan.h"
#include "protocols/xray/otlp_to_segment.h"

namespace clew::xray {

Result<std::optional<ReadTrace>> read_trace(const Call& call, const store::Snapshot& snapshot,
                                            const TraceId& id) {
  Result<query::Trace> trace =
      query::fetch_trace(id, {.traces = snapshot, .logs = {}, .range = {}}, call.run_options());
  if (!trace.ok()) {
    if (trace.status().kind() == ErrorKind::not_found) return std::optional<ReadTrace>();
    return std::move(trace).status();
  }
  std::vector<JsonValue> documents;
  for (CompiledSegment& segment : segments_of(*trace)) documents.push_back(std::move(segment.document));
  if (documents.empty()) return std::optional<ReadTrace>();
  return std::optional(ReadTrace{.trace = std::move(*trace), .model = TraceModel(std::move(documents))});
}

Result<CandidateTraces> find_candidates(const Call& call, const store::Snapshot& snapshot,
                                        const TimeRange& range,
                                        const std::optional<FilterExpression>& expression) {
  query::TraceQuestion question{.range = range, .conditions = {}, .wants_times = true};
  if (expression) {
    FilterPlan plan = plan_of(*expression);
    question.conditions.push_back(std::move(plan.possible));
    question.conditions.push_back(std::move(plan.certain));
  }
  const query::RunOptions options = call.run_options();
  query::QueryLimits limits(options);
  CLEW_ASSIGN(query::FoundTraces found, query::find_traces(question, snapshot, options, limits));
  CandidateTraces candidates{.traces = {}, .traces_looked_at = found.traces_looked_at};
  for (const query::FoundTrace& trace : found.traces) {
    candidates.traces.push_back({.id = trace.id,
                                 .start = trace.start,
                                 .end = trace.end,
                                 .newest = trace.newest,
                                 .is_certain = !expression || trace.holds[1]});
  }
  return candidates;
}

Result<std::vector<TraceId>> matching_traces(const Call& call, const store::Snapshot& snapshot,
                                             const TimeRange& range, const FilterExpression& expression) {
  const Nanoseconds started = monotonic_now();
  CLEW_ASSIGN(CandidateTraces candidates, find_candidates(call, snapshot, range, expression));
  std::vector<TraceId> ids;
  for (const CandidateTrace& candidate : candidates.traces) {
    if (candidate.is_certain) {
      ids.push_back(candidate.id);
      continue;
    }
    if (call.context.workers.stopping()) return Status(ErrorKind::unavailable, "stopping");
    if (monotonic_now().count - started.count > call.options().limits.time.count)
      return Status(
          ErrorKind::exhausted,
          "the filter expression has to be decided trace by trace, and there are too many of them: ask "
          "about a shorter time");
    CLEW_ASSIGN(std::optional<ReadTrace> trace, read_trace(call, snapshot, candidate.id));
    if (trace && matches(expression, trace->model)) ids.push_back(candidate.id);
  }
  return ids;
}

}  // namespace clew::xray
