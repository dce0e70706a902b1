#include "protocols/zipkin/api.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/json_writer.h"
#include "protocols/trace_questions.h"
#include "protocols/zipkin/trace_json.h"
#include "query/service_map.h"
#include "query/trace_search.h"
#include "telemetry/semantic_names.h"

namespace clew::zipkin {
namespace {

using query::all_of;
using query::any_of;
using query::comparison;
using query::Operator;

constexpr size_t kUsualTraces = 10, kMostTraces = 1000;
// Traces beyond are left out of an answer.
constexpr size_t kMostAnswerBytes = size_t{64} << 20;
constexpr int64_t kUsualLookback = 86'400'000;  // milliseconds
// Of as many names as this, Zipkin's page asks again only after a while.
constexpr size_t kFewNames = 3;

net::Response answer_of(const Status& failure) {
  return net::text_response(net::http_status_of(failure.kind()), std::string(failure.message()) + "\n");
}

// From endTs, in milliseconds, as far back as lookback says.
Result<TimeRange> range_of(const TraceQuestion& call) {
  constexpr int64_t kMost = INT64_MAX / 1'000'000 - 1;
  CLEW_ASSIGN(const int64_t end, call.number("endTs", call.now.count / 1'000'000));
  CLEW_ASSIGN(const int64_t back, call.number("lookback", kUsualLookback));
  const int64_t last = std::min(end, kMost), first = std::max<int64_t>(last - std::min(back, kMost), 0);
  return TimeRange{.from = {first * 1'000'000}, .to = {(last + 1) * 1'000'000}};
}

TimeRange last_day(const TraceQuestion& call) {
  return {.from = call.now - milliseconds(kUsualLookback), .to = {INT64_MAX}};
}

net::Response names_response(std::vector<std::string> names) {
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  JsonWriter json;
  json.begin_array();
  for (const std::string& name : names) json.string(name);
  json.end_array();
  net::Response response = net::json_response(200, json.take());
  if (names.size() > kFewNames)
    response.headers.emplace_back("cache-control", "max-age=300, must-revalidate");
  return response;
}

Result<net::Response> services(const TraceQuestion& call) {
  CLEW_ASSIGN(std::vector<std::string> names, call.service_names(last_day(call)));
  return names_response(std::move(names));
}

Result<net::Response> span_names(const TraceQuestion& call) {
  CLEW_ASSIGN(std::vector<std::string> names,
              call.names_of(call.parameter("serviceName"), std::string(names::kName), last_day(call)));
  return names_response(std::move(names));
}

Result<net::Response> remote_services(const TraceQuestion& call) {
  CLEW_ASSIGN(std::vector<std::string> names,
              call.names_of(call.parameter("serviceName"), "peer.service", last_day(call)));
  return names_response(std::move(names));
}

Result<TraceId> trace_id(std::string_view text) {
  if (const std::optional<TraceId> id = parse_trace_id(text); id && !id->is_zero()) return *id;
  return {ErrorKind::bad_input,
          fmt::format("{} should be lower-hex encoded with no prefix", text.substr(0, 64))};
}

Result<net::Response> one_trace(const TraceQuestion& call) {
  CLEW_ASSIGN(const TraceId id, trace_id(call.parameter("id")));
  Result<query::Trace> trace = call.fetch(id);
  if (!trace.ok() && trace.status().kind() == ErrorKind::not_found)
    return Status(ErrorKind::not_found, call.parameter("id").substr(0, 64) + " not found");
  if (!trace.ok()) return std::move(trace).status();
  JsonWriter json;
  write_trace(json, *trace);
  return net::json_response(200, json.take());
}

Result<net::Response> traces_response(const TraceQuestion& call, const std::vector<TraceId>& ids) {
  JsonWriter json;
  json.begin_array();
  for (const TraceId& id : ids) {
    const Result<query::Trace> trace = call.fetch(id);
    if (!trace.ok() && trace.status().kind() == ErrorKind::not_found) continue;
    if (!trace.ok()) return trace.status();
    write_trace(json, *trace);
    if (json.text().size() > kMostAnswerBytes) break;
  }
  json.end_array();
  return net::json_response(200, json.take());
}

Result<net::Response> many_traces(const TraceQuestion& call) {
  const std::string list = call.parameter("traceIds");
  std::vector<TraceId> ids;
  for (size_t from = 0; from <= list.size() && !list.empty() && ids.size() <= kMostTraces;) {
    const size_t comma = std::min(list.find(',', from), list.size());
    CLEW_ASSIGN(const TraceId id, trace_id(std::string_view(list).substr(from, comma - from)));
    if (std::find(ids.begin(), ids.end(), id) != ids.end())
      return Status(ErrorKind::bad_input, "redundant traceId: " + id.to_hex());
    ids.push_back(id);
    from = comma + 1;
  }
  if (ids.size() < 2) return Status(ErrorKind::bad_input, "traceIds: expected two or more ids");
  return traces_response(call, ids);
}

// "error and http.method=GET": each a tag or an annotation that is there, or a tag with this value.
void add_annotation_query(std::string_view text, std::vector<query::Filter>& conditions) {
  constexpr std::string_view kAnd = " and ";
  while (!text.empty()) {
    const size_t end = text.find(kAnd);
    const std::string_view term = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + kAnd.size());
    const size_t equals = term.find('=');
    const std::string key(term.substr(0, equals));
    if (key.empty()) continue;
    if (key == names::kError) {
      conditions.push_back(comparison(key, Operator::equal, true));
    } else if (equals == std::string_view::npos) {
      conditions.push_back(any_of({comparison(key, Operator::exists),
                                   all_of({comparison(std::string(names::kAnnotationType), Operator::equal,
                                                      std::string("span_event")),
                                           comparison(std::string(names::kName), Operator::equal, key)})}));
    } else {
      // Tags are texts in Zipkin; what OpenTelemetry sent may be a number or a truth.
      conditions.push_back(tag_filter(key, std::string(term.substr(equals + 1))));
    }
  }
}

Result<net::Response> search(const TraceQuestion& call) {
  query::TraceSearch search;
  CLEW_ASSIGN(search.range, range_of(call));
  CLEW_ASSIGN(const int64_t limit, call.number("limit", kUsualTraces));
  CLEW_ASSIGN(const int64_t shortest, call.number("minDuration", 0));
  CLEW_ASSIGN(const int64_t longest, call.number("maxDuration", 0));
  search.limit = std::min<uint64_t>(static_cast<uint64_t>(limit), kMostTraces);
  std::vector<query::Filter> conditions;
  const auto equal = [&](std::string_view parameter, std::string column) {
    if (std::string value = call.parameter(parameter); !value.empty() && value != "all")
      conditions.push_back(comparison(std::move(column), Operator::equal, std::move(value)));
  };
  equal("serviceName", "service.name");
  equal("spanName", std::string(names::kName));
  equal("remoteServiceName", "peer.service");
  if (shortest > 0)
    conditions.push_back(
        comparison("duration_ms", Operator::greater_or_equal, static_cast<double>(shortest) / 1000));
  if (longest > 0)
    conditions.push_back(
        comparison("duration_ms", Operator::less_or_equal, static_cast<double>(longest) / 1000));
  add_annotation_query(call.parameter("annotationQuery"), conditions);
  search.filter = all_of(std::move(conditions));
  CLEW_ASSIGN(const query::TraceSearchResult found,
              query::search_traces(search, call.traces(), call.run_options()));
  std::vector<TraceId> ids;
  for (const query::TraceSummary& one : found.traces) ids.push_back(one.id);
  return traces_response(call, ids);
}

Result<net::Response> dependencies(const TraceQuestion& call) {
  if (call.parameter("endTs").empty()) return Status(ErrorKind::bad_input, "endTs: which is missing");
  query::ServiceQuestion question;
  CLEW_ASSIGN(question.range, range_of(call));
  CLEW_ASSIGN(const query::ServiceMap map, query::map_services(question, call.traces(), call.run_options()));
  JsonWriter json;
  json.begin_array();
  for (const query::ServiceEdge& edge : map.edges) {
    const query::NodeName &parent = map.nodes[edge.from].name, &child = map.nodes[edge.to].name;
    // Zipkin knows nobody outside.
    if (parent.kind == query::NodeKind::client || parent.name.empty() || child.name.empty()) continue;
    json.begin_object().key("parent").string(parent.name).key("child").string(child.name);
    json.key("callCount").integer(edge.calls.total());
    const uint64_t errors = edge.calls.total() - edge.calls.count(query::Outcome::ok);
    if (errors > 0) json.key("errorCount").integer(errors);
    json.end_object();
  }
  json.end_array();
  return net::json_response(200, json.take());
}

}  // namespace

struct Api::Inside {
  explicit Inside(Services services) : questions(std::move(services), answer_of) {}
  TraceQuestions questions;
};

Api::Api(ApiOptions options) : inside_(std::make_unique<Inside>(std::move(options))) {}
Api::~Api() = default;

void Api::stop() {
  inside_->questions.stop();
}

void Api::register_routes(Router& router) {
  TraceQuestions& questions = inside_->questions;
  questions.add(router, "/api/v2/services", services);
  questions.add(router, "/api/v2/spans", span_names);
  questions.add(router, "/api/v2/remoteServices", remote_services);
  questions.add(router, "/api/v2/trace/{id}", one_trace);
  questions.add(router, "/api/v2/traceMany", many_traces);
  questions.add(router, "/api/v2/traces", search);
  questions.add(router, "/api/v2/dependencies", dependencies);
}

}  // namespace clew::zipkin
