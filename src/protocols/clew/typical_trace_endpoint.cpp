// A typical trace of the same kind as another: of those whose root has the same name and service, around its
// time, the one in the middle by duration.

#include <algorithm>

#include "protocols/clew/asked_trace.h"
#include "protocols/clew/endpoints.h"
#include "protocols/clew/parameters.h"
#include "protocols/clew/trace_summary_json.h"
#include "protocols/clew/values.h"
#include "query/trace_search.h"
#include "telemetry/semantic_names.h"

namespace clew::api {
namespace {

// Enough for the middle to be steady, few enough for an answer at once.
constexpr size_t kMostConsidered = 200;
constexpr Nanoseconds kAround = seconds(24 * 3600);

// The longest of the spans that have no parent here: that of the kind which the trace is looked up by.
size_t root_of(const query::TraceSpans& spans) {
  size_t root = 0;
  for (size_t row = 0; row < spans.size(); ++row) {
    const bool is_root = !spans.parent_ids[row];
    const bool beats = spans.parent_ids[root] || spans.durations[row] > spans.durations[root];
    if (is_root && beats) root = row;
  }
  return root;
}

query::TraceSearch search_for(const query::Trace& trace, size_t root) {
  using query::Operator;
  query::TraceSearch search;
  search.range = {trace.start - kAround, trace.end + kAround};
  search.limit = kMostConsidered;
  const std::string name(trace.spans.names[root]), service(trace.spans.services[root]);
  std::vector<query::Filter> conditions;
  conditions.push_back(query::comparison(std::string(names::kName), Operator::equal, name));
  conditions.push_back(service.empty() ? query::comparison("service.name", Operator::does_not_exist)
                                       : query::comparison("service.name", Operator::equal, service));
  conditions.push_back(query::comparison(std::string(names::kSpanId), Operator::exists));
  conditions.push_back(query::comparison(std::string(names::kParentId), Operator::does_not_exist));
  search.filter = query::all_of(std::move(conditions));
  return search;
}

}  // namespace

net::Response answer_typical_trace(const Call& call) {
  const Result<query::Trace> trace = fetch_asked_trace(call, query::TraceSource::Fields::outline);
  if (!trace.ok()) return refusal(trace.status(), {.field = "trace_id", .position = {}});
  const size_t root = root_of(trace->spans);
  const query::TraceSearch search = search_for(*trace, root);
  Watch watch(call);
  Result<query::TraceSearchResult> found =
      query::search_traces(search, call.snapshot(Signal::traces), watch.run_options());
  if (!found.ok()) return refusal(found.status());
  std::vector<query::TraceSummary>& kin = found->traces;
  std::erase_if(kin, [&](const query::TraceSummary& other) { return other.id == trace->id; });
  if (kin.empty()) {
    return refusal(Status(ErrorKind::not_found, "No other trace within a day of this one begins with \"" +
                                                    std::string(trace->spans.names[root]) +
                                                    "\" of the service \"" +
                                                    std::string(trace->spans.services[root]) + "\""));
  }
  // Of two in the middle the shorter one; of equals the newer, which the search gave first.
  const auto middle = kin.begin() + static_cast<ptrdiff_t>((kin.size() - 1) / 2);
  std::stable_sort(kin.begin(), kin.end(),
                   [](const auto& left, const auto& right) { return left.duration < right.duration; });

  JsonWriter writer;
  write_range(writer.begin_object(), search.range);
  write_trace_summary(writer.key("typical"), *middle);
  writer.key("considered").integer(kin.size()).key("total").integer(found->traces_matched);
  write_partial(writer, found->cost);
  write_cost(writer, found->cost);
  return json(std::move(writer.end_object()));
}

}  // namespace clew::api
