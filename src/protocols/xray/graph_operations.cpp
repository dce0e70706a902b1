// The operations that answer with graphs: of a time range, of traces, and over time.
#include <charconv>
#include <map>
#include <set>

#include <fmt/format.h>

#include "protocols/xray/group.h"
#include "protocols/xray/input.h"
#include "protocols/xray/operations.h"
#include "protocols/xray/segment_document.h"
#include "protocols/xray/service_graph.h"
#include "protocols/xray/trace_reading.h"

namespace clew::xray {
namespace {

constexpr size_t kServicesPerPage = 500;
constexpr size_t kPointsPerPage = 1440;
constexpr size_t kMostTraces = 100;

// Where a page begins.
size_t offset_in(Input& input, std::string_view list) {
  const std::string place = next_place(input, list);
  size_t offset = 0;
  if (place.empty()) return offset;
  const auto [rest, problem] = std::from_chars(place.data(), place.data() + place.size(), offset);
  if (problem != std::errc() || rest != place.data() + place.size())
    input.refuse(std::string("Invalid NextToken"));
  return offset;
}

// The group that is asked about, by GroupName or GroupARN; nothing: every trace.
std::optional<std::string> group_in(Input& input) {
  std::optional<std::string> name = input.text("GroupName", {1, 32}), arn = input.text("GroupARN", {1, 400});
  if (name && arn) input.refuse(std::string("Give either GroupName or GroupARN"));
  return name ? name : arn;
}

// Leaves out what is not of the group.
Status restrict_to_group(const Call& call, const store::Snapshot& snapshot,
                         const std::optional<std::string>& which, query::ServiceQuestion& question) {
  if (!which) return {};
  Groups groups(*call.options().records);
  CLEW_ASSIGN(Group group, groups.find(call.environment, *which, call.region));
  if (group.expression.empty()) return {};
  CLEW_ASSIGN(FilterExpression expression, groups.read_filter(call.environment, group.expression));
  CLEW_ASSIGN(question.traces, matching_traces(call, snapshot, question.range, expression));
  return {};
}

void write_services(JsonWriter& json, const query::ServiceMap& map, size_t offset, std::string_view list) {
  json.key("Services").begin_array();
  const size_t end = std::min(map.nodes.size(), offset + kServicesPerPage);
  for (size_t node = offset; node < end; ++node) write_service(json, map, static_cast<uint32_t>(node));
  json.end_array();
  if (end < map.nodes.size()) json.key("NextToken").string(page_token(list, std::to_string(end)));
}

void keep_common(std::vector<TraceId>& traces, const std::vector<TraceId>& others) {
  const std::set<TraceId> known(others.begin(), others.end());
  std::erase_if(traces, [&](const TraceId& id) { return !known.contains(id); });
}

// Over time: what a selector chooses, or all that came from outside.
struct Wanted {
  enum class Of : uint8_t { service, edge } of = Of::edge;
  NodeSelector from, to;  // service: to
  bool takes(const query::ServiceCalls& calls, const query::Request& request) const {
    const auto& nodes = calls.nodes();
    if (!is_selected(to, nodes[request.node])) return false;
    return of == Of::service || is_selected(from, nodes[request.caller]);
  }
};

}  // namespace

Answer get_service_graph(const Call& call) {
  Input input(call.input);
  query::ServiceQuestion question = graph_question(input.range());
  const std::optional<std::string> group = group_in(input);
  const size_t offset = offset_in(input, "graph");
  if (!input.ok()) return input.error();
  const store::Snapshot snapshot = call.snapshot(Signal::traces);
  const Status restricted = restrict_to_group(call, snapshot, group, question);
  if (!restricted.ok()) return error_of(restricted);
  const Result<query::ServiceMap> map = query::map_services(question, snapshot, call.run_options());
  if (!map.ok()) return error_of(map.status());
  JsonWriter json;
  json.begin_object().key("StartTime").number(seconds_of(question.range.from));
  json.key("EndTime").number(seconds_of(question.range.to));
  write_services(json, *map, offset, "graph");
  // Who belongs to a group is decided when it is asked for.
  json.key("ContainsOldGroupVersions").boolean(false).end_object();
  return json.take();
}

Answer get_trace_graph(const Call& call) {
  Input input(call.input);
  const std::vector<std::string> ids = input.required_texts("TraceIds", {0, kMostTraces});
  const size_t offset = offset_in(input, "trace graph");
  query::ServiceQuestion question = graph_question({});
  question.traces.emplace();
  for (const std::string& id : ids) {
    if (const std::optional<TraceId> read = read_trace_id(id)) {
      question.traces->push_back(*read);
    } else {
      input.refuse(fmt::format("Invalid trace id: {}", id.substr(0, 60)));
    }
  }
  if (!input.ok()) return input.error();
  const Result<query::ServiceMap> map =
      query::map_services(question, call.snapshot(Signal::traces), call.run_options());
  if (!map.ok()) return error_of(map.status());
  JsonWriter json;
  write_services(json.begin_object(), *map, offset, "trace graph");
  json.end_object();
  return json.take();
}

Answer get_time_series_service_statistics(const Call& call) {
  Input input(call.input);
  query::ServiceQuestion question = graph_question(input.range());
  const std::optional<std::string> group = group_in(input);
  const std::optional<std::string> selector = input.text("EntitySelectorExpression", {1, 500});
  const int64_t period = input.integer("Period", 1, 86'400).value_or(60);
  if (period != 60 && period != 300) input.refuse(fmt::format("Period must be 60 or 300, got {}", period));
  (void)input.flag("ForecastStatistics");
  const size_t offset = offset_in(input, "time series");
  if (!input.ok()) return input.error();

  Wanted wanted{.of = Wanted::Of::edge, .from = {.name = {}, .type = "client", .account_id = {}}, .to = {}};
  const store::Snapshot snapshot = call.snapshot(Signal::traces);
  const Status restricted = restrict_to_group(call, snapshot, group, question);
  if (!restricted.ok()) return error_of(restricted);
  if (selector) {
    Result<FilterExpression> expression = parse_filter_expression(*selector);
    if (!expression.ok()) return error_of(expression.status());
    const Status fits = check_entity_selector(*expression);
    if (!fits.ok()) return error_of(fits);
    const bool is_edge = expression->kind == FilterExpression::Kind::edge;
    wanted = {.of = is_edge ? Wanted::Of::edge : Wanted::Of::service,
              .from = expression->selectors[0],
              .to = expression->selectors[is_edge ? 1 : 0]};
    // A condition chooses among traces.
    if (!expression->children.empty()) {
      Result<std::vector<TraceId>> traces = matching_traces(call, snapshot, question.range, *expression);
      if (!traces.ok()) return error_of(traces.status());
      if (question.traces) keep_common(*traces, *question.traces);
      question.traces = std::move(*traces);
    }
  }
  const query::RunOptions options = call.run_options();
  query::QueryLimits limits(options);
  const Result<query::ServiceCalls> calls = query::ServiceCalls::load(question, snapshot, options, limits);
  if (!calls.ok()) return error_of(calls.status());
  std::map<int64_t, query::RequestFigures> points;
  const auto add = [&](const query::Request& request) {
    if (!wanted.takes(*calls, request)) return;
    const int64_t at = request.start.count / 1'000'000'000;
    points[at - at % period].add(request);
  };
  const bool of_service = wanted.of == Wanted::Of::service;
  if (of_service) {
    calls->for_each_request(add);
  } else {
    calls->for_each_call(add);
  }

  JsonWriter json;
  json.begin_object().key("TimeSeriesServiceStatistics").begin_array();
  size_t number = 0;
  for (const auto& [at, figures] : points) {
    if (number++ < offset) continue;
    if (number > offset + kPointsPerPage) break;
    json.begin_object().key("Timestamp").integer(at);
    write_statistics(json.key(of_service ? "ServiceSummaryStatistics" : "EdgeSummaryStatistics"), figures);
    write_histogram(json.key("ResponseTimeHistogram"), figures);
    json.end_object();
  }
  json.end_array().key("ContainsOldGroupVersions").boolean(false);
  if (offset + kPointsPerPage < points.size())
    json.key("NextToken").string(page_token("time series", std::to_string(offset + kPointsPerPage)));
  json.end_object();
  return json.take();
}

}  // namespace clew::xray
