// Services, lists of traces, and the outline of one.

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "protocols/clew/asked_trace.h"
#include "protocols/clew/endpoints.h"
#include "protocols/clew/outline_binary.h"
#include "protocols/clew/parameters.h"
#include "protocols/clew/span_kinds.h"
#include "protocols/clew/trace_summary_json.h"
#include "protocols/clew/values.h"
#include "protocols/otlp_document.h"
#include "query/services.h"
#include "query/trace_search.h"
#include "telemetry/semantic_names.h"

namespace clew::api {
namespace {

Nanoseconds milliseconds_of(double count) {
  // Beyond 292 years: no limit at all.
  constexpr double kMost = 9e12;
  return {static_cast<int64_t>(std::min(count, kMost) * 1e6)};
}

// How many match in all. Durations of whole traces are found out one by one, and only until there are enough.
void write_total(JsonWriter& json, const query::TraceSearch& search, const query::TraceSearchResult& found) {
  const bool duration_decides = search.shortest || search.longest;
  const bool ended_early =
      duration_decides && found.traces.size() == search.limit && found.traces_matched > search.limit;
  json.key("total").integer(duration_decides ? found.traces.size() : found.traces_matched);
  write_partial(json, found.cost,
                ended_early ? "older traces were not measured: raise the limit to see more" : "");
}

// Numbers each distinct text in the order of first appearance.
class TextTable {
 public:
  size_t position_of(std::string_view text) {
    const auto [place, fresh] = positions_.try_emplace(text, texts_.size());
    if (fresh) texts_.push_back(text);
    return place->second;
  }
  void write(JsonWriter& json) const {
    json.begin_array();
    for (const std::string_view text : texts_) json.string(text);
    json.end_array();
  }

 private:
  std::unordered_map<std::string_view, size_t> positions_;
  std::vector<std::string_view> texts_;
};

template <typename WriteOne>
void write_column(JsonWriter& json, std::string_view name, size_t rows, WriteOne write_one) {
  json.key(name).begin_array();
  for (size_t row = 0; row < rows; ++row) write_one(row);
  json.end_array();
}

std::vector<uint32_t> rows_per_span(const query::TraceRows& rows, size_t spans) {
  std::vector<uint32_t> counts(spans);
  for (const std::optional<uint32_t>& span : rows.spans) {
    if (span) ++counts[*span];
  }
  return counts;
}

// Events of spans that are here, so that they can be drawn on their bars.
void write_events(JsonWriter& json, const query::Trace& trace) {
  const query::TraceRows& events = trace.events;
  std::vector<size_t> drawn;
  for (size_t row = 0; row < events.size(); ++row) {
    if (events.spans[row]) drawn.push_back(row);
  }
  json.begin_object();
  write_column(json, "span", drawn.size(), [&](size_t at) { json.integer(*events.spans[drawn[at]]); });
  write_column(json, "offset_ns", drawn.size(),
               [&](size_t at) { json.integer((events.times[drawn[at]] - trace.start).count); });
  write_column(json, "exception", drawn.size(),
               [&](size_t at) { json.integer(events.names[drawn[at]] == "exception" ? 1 : 0); });
  json.end_object();
}

void write_outline(JsonWriter& json, const query::Trace& trace) {
  const query::TraceSpans& spans = trace.spans;
  const size_t rows = spans.size();
  json.begin_object().key("trace_id").string(trace.id.to_hex()).time_members("start", trace.start);
  json.key("duration_ns").integer(std::max<int64_t>((trace.end - trace.start).count, 0));
  json.key("spans").integer(rows).key("errors").integer(
      std::count(spans.errors.begin(), spans.errors.end(), 1));
  json.key("logs").integer(trace.logs.size());
  write_partial(json, trace.cost);

  TextTable services, names;
  json.key("columns").begin_object();
  write_column(json, "span_id", rows, [&](size_t row) { json.string(spans.ids[row].to_hex()); });
  write_column(json, "parent", rows, [&](size_t row) {
    const std::optional<uint32_t>& parent = spans.parents[row];
    json.integer(parent ? int64_t{*parent} : -1);
  });
  write_column(json, "orphan", rows,
               [&](size_t row) { json.integer(spans.parent_ids[row] && !spans.parents[row] ? 1 : 0); });
  write_column(json, "start_offset_ns", rows,
               [&](size_t row) { json.integer((spans.starts[row] - trace.start).count); });
  write_column(json, "duration_ns", rows,
               [&](size_t row) { json.integer(std::max<int64_t>(spans.durations[row].count, 0)); });
  write_column(json, "service", rows,
               [&](size_t row) { json.integer(services.position_of(spans.services[row])); });
  write_column(json, "name", rows, [&](size_t row) { json.integer(names.position_of(spans.names[row])); });
  write_column(json, "kind", rows, [&](size_t row) { json.integer(number_of_kind(spans.kinds[row])); });
  write_column(json, "status", rows, [&](size_t row) { json.integer(spans.status_codes[row]); });
  write_column(json, "error", rows, [&](size_t row) { json.integer(spans.errors[row] != 0 ? 1 : 0); });
  const std::vector<uint32_t> events = rows_per_span(trace.events, rows);
  const std::vector<uint32_t> links = rows_per_span(trace.links, rows);
  write_column(json, "event_count", rows, [&](size_t row) { json.integer(events[row]); });
  write_column(json, "link_count", rows, [&](size_t row) { json.integer(links[row]); });
  json.end_object();

  write_events(json.key("events"), trace);
  services.write(json.key("services"));
  names.write(json.key("names"));
  json.end_object();
}

}  // namespace

net::Response answer_services(const Call& call) {
  Parameters parameters(call);
  const TimeRange range = parameters.range();
  if (!parameters.ok()) return parameters.refusal();
  Watch watch(call);
  const UnixNanos began = now();
  Result<std::vector<query::ServiceSummary>> services =
      query::list_services(call.snapshot(Signal::traces), range, watch.run_options());
  if (!services.ok()) return refusal(services.status());
  std::stable_sort(services->begin(), services->end(),
                   [](const auto& a, const auto& b) { return a.spans > b.spans; });

  JsonWriter writer;
  write_range(writer.begin_object(), range);
  writer.key("services").begin_array();
  query::Cost cost;
  for (const query::ServiceSummary& service : *services) {
    write_text_or_null(writer.begin_object().key("name"), service.name);
    writer.key("spans").integer(service.spans).key("errors").integer(service.errors);
    for (const auto& [name, value] :
         {std::pair("p50_ms", service.p50_milliseconds), {"p95_ms", service.p95_milliseconds}}) {
      writer.key(name);
      if (value) {
        writer.number(*value);
      } else {
        writer.null();
      }
    }
    writer.time_members("last_seen", service.last_seen).end_object();
    cost.rows_matched += service.spans;
  }
  writer.end_array();
  cost.rows_scanned = cost.rows_matched;
  cost.elapsed = now() - began;
  write_cost(writer, cost);
  return json(std::move(writer.end_object()));
}

net::Response answer_traces(const Call& call) {
  Parameters parameters(call);
  query::TraceSearch search;
  search.range = parameters.range();
  search.limit = parameters.limit(50, 1000);
  std::vector<query::Filter> conditions;
  if (const auto service = parameters.text("service")) {
    conditions.push_back(query::comparison("service.name", query::Operator::equal, *service));
  }
  if (const auto name = parameters.text("name")) {
    conditions.push_back(query::comparison(std::string(names::kName), query::Operator::equal, *name));
  }
  if (parameters.flag("errors")) {
    conditions.push_back(query::comparison(std::string(names::kError), query::Operator::equal, true));
  }
  if (query::Filter condition = parameters.condition(); !condition.matches_everything()) {
    conditions.push_back(std::move(condition));
  }
  search.filter = query::all_of(std::move(conditions));
  if (const auto least = parameters.number("min_ms", 0)) search.shortest = milliseconds_of(*least);
  if (const auto most = parameters.number("max_ms", 0)) search.longest = milliseconds_of(*most);
  if (!parameters.ok()) return parameters.refusal();

  Watch watch(call);
  Result<query::TraceSearchResult> found =
      query::search_traces(search, call.snapshot(Signal::traces), watch.run_options());
  if (!found.ok()) return refusal(found.status());

  JsonWriter writer;
  write_range(writer.begin_object(), search.range);
  writer.key("traces").begin_array();
  for (const query::TraceSummary& trace : found->traces) write_trace_summary(writer, trace);
  writer.end_array();
  write_total(writer, search, *found);
  write_cost(writer, found->cost);
  return json(std::move(writer.end_object()));
}

net::Response answer_trace(const Call& call) {
  const Result<query::Trace> trace = fetch_asked_trace(call, query::TraceSource::Fields::outline);
  if (!trace.ok()) return refusal(trace.status(), {.field = "trace_id", .position = {}});
  JsonWriter writer(trace->spans.size() * 70 + 1024);
  write_outline(writer, *trace);
  return json(std::move(writer));
}

net::Response answer_trace_outline(const Call& call) {
  const Result<query::Trace> trace = fetch_asked_trace(call, query::TraceSource::Fields::outline);
  if (!trace.ok()) return refusal(trace.status(), {.field = "trace_id", .position = {}});
  return {.status = 200,
          .reason = {},
          .headers = {{"content-type", std::string(kOutlineMediaType)}, {"cache-control", "no-store"}},
          .body = outline_binary_of(*trace)};
}

net::Response answer_trace_as_otlp(const Call& call) {
  const Result<query::Trace> trace = fetch_asked_trace(call, query::TraceSource::Fields::all);
  if (!trace.ok()) return refusal(trace.status(), {.field = "trace_id", .position = {}});
  net::Response response = net::json_response(200, otlp_json_of(*trace));
  response.headers.emplace_back("content-disposition",
                                "attachment; filename=\"trace-" + trace->id.to_hex() + ".json\"");
  return response;
}

}  // namespace clew::api
