#include "protocols/zipkin/api.h"

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>

#include "base/json_writer.h"
#include "protocols/query_workers.h"
#include "protocols/sender_key.h"
#include "protocols/zipkin/trace_json.h"
#include "query/service_map.h"
#include "query/services.h"
#include "query/trace.h"
#include "query/trace_search.h"
#include "telemetry/semantic_names.h"

namespace clew::zipkin {
namespace {

using query::all_of;
using query::any_of;
using query::comparison;
using query::Operator;

constexpr unsigned kWorkers = 2;
constexpr size_t kWaiting = 64;
constexpr size_t kUsualTraces = 10, kMostTraces = 1000;
constexpr size_t kMostNames = 1000;
// Traces beyond are left out of an answer.
constexpr size_t kMostAnswerBytes = size_t{64} << 20;
constexpr int64_t kUsualLookback = 86'400'000;  // milliseconds
// Of as many names as this, Zipkin's page asks again only after a while.
constexpr size_t kFewNames = 3;

// One question.
struct Call {
  const ApiOptions& options;
  const std::atomic<bool>& stopping;
  net::Request request;
  EnvironmentId environment;
  UnixNanos now;

  store::Snapshot traces() const { return options.storage->snapshot(environment, Signal::traces); }
  query::RunOptions run_options() const { return options.run_options(stopping); }
  std::string parameter(std::string_view name) const { return request.parameter(name).value_or(""); }
};

net::Response answer_of(const Status& failure) {
  return net::text_response(net::http_status_of(failure.kind()), std::string(failure.message()) + "\n");
}

// A number of the request, or what it is when it is not there.
Result<int64_t> number(const Call& call, std::string_view name, int64_t otherwise) {
  const std::string text = call.parameter(name);
  if (text.empty()) return otherwise;
  int64_t value = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (fault != std::errc() || end != text.data() + text.size() || value < 0)
    return {ErrorKind::bad_input,
            fmt::format("{}: expected a whole number, got '{}'", name, text.substr(0, 40))};
  return value;
}

// From endTs, in milliseconds, as far back as lookback says.
Result<TimeRange> range_of(const Call& call) {
  constexpr int64_t kMost = INT64_MAX / 1'000'000 - 1;
  CLEW_ASSIGN(const int64_t end, number(call, "endTs", call.now.count / 1'000'000));
  CLEW_ASSIGN(const int64_t back, number(call, "lookback", kUsualLookback));
  const int64_t last = std::min(end, kMost), first = std::max<int64_t>(last - std::min(back, kMost), 0);
  return TimeRange{.from = {first * 1'000'000}, .to = {(last + 1) * 1'000'000}};
}

TimeRange last_day(const Call& call) {
  return {.from = call.now - milliseconds(kUsualLookback), .to = {INT64_MAX}};
}

query::Filter of_service(const std::string& service) {
  return comparison("service.name", Operator::equal, service);
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

// The values of a column in the spans of a service.
Result<net::Response> names_of_column(const Call& call, std::string column) {
  query::Plan plan;
  plan.range = last_day(call);
  plan.filter = all_of({of_service(call.parameter("serviceName")),
                        comparison(std::string(names::kSpanId), Operator::exists),
                        comparison(column, Operator::exists)});
  plan.group_by = {{std::move(column), {}}};
  plan.calculations = {{.kind = query::CalculationKind::count, .column = {}, .alias = {}, .filter = {}}};
  plan.limit = kMostNames;
  CLEW_ASSIGN(const query::ResultTable table, query::run(plan, call.traces(), call.run_options()));
  std::vector<std::string> found;
  for (size_t row = 0; row < table.row_count; ++row) found.push_back(to_text(table.columns[0].values[row]));
  return names_response(std::move(found));
}

Result<net::Response> services(const Call& call) {
  CLEW_ASSIGN(const auto all, query::list_services(call.traces(), last_day(call), call.run_options()));
  std::vector<std::string> found;
  for (const query::ServiceSummary& one : all) found.push_back(one.name);
  return names_response(std::move(found));
}

Result<net::Response> span_names(const Call& call) {
  return names_of_column(call, std::string(names::kName));
}

Result<net::Response> remote_services(const Call& call) {
  return names_of_column(call, "peer.service");
}

Result<query::Trace> fetch(const Call& call, const TraceId& id) {
  query::TraceSource source;
  source.traces = call.traces();
  Result<query::Trace> trace = query::fetch_trace(id, source, call.run_options());
  if (trace.ok() && trace->spans.size() == 0)
    return {ErrorKind::not_found, fmt::format("{} not found", id.to_hex())};
  return trace;
}

Result<TraceId> trace_id(std::string_view text) {
  if (const std::optional<TraceId> id = parse_trace_id(text); id && !id->is_zero()) return *id;
  return {ErrorKind::bad_input,
          fmt::format("{} should be lower-hex encoded with no prefix", text.substr(0, 64))};
}

Result<net::Response> one_trace(const Call& call) {
  CLEW_ASSIGN(const TraceId id, trace_id(call.parameter("id")));
  Result<query::Trace> trace = fetch(call, id);
  if (!trace.ok() && trace.status().kind() == ErrorKind::not_found)
    return Status(ErrorKind::not_found, call.parameter("id").substr(0, 64) + " not found");
  if (!trace.ok()) return std::move(trace).status();
  JsonWriter json;
  write_trace(json, *trace);
  return net::json_response(200, json.take());
}

Result<net::Response> traces_response(const Call& call, const std::vector<TraceId>& ids) {
  JsonWriter json;
  json.begin_array();
  for (const TraceId& id : ids) {
    const Result<query::Trace> trace = fetch(call, id);
    if (!trace.ok() && trace.status().kind() == ErrorKind::not_found) continue;
    if (!trace.ok()) return trace.status();
    write_trace(json, *trace);
    if (json.text().size() > kMostAnswerBytes) break;
  }
  json.end_array();
  return net::json_response(200, json.take());
}

Result<net::Response> many_traces(const Call& call) {
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
      const std::string value(term.substr(equals + 1));
      std::vector<query::Filter> spellings{comparison(key, Operator::equal, value)};
      double as_number = 0;
      const auto [rest, fault] = std::from_chars(value.data(), value.data() + value.size(), as_number);
      if (fault == std::errc() && rest == value.data() + value.size())
        spellings.push_back(comparison(key, Operator::equal, as_number));
      if (value == "true" || value == "false")
        spellings.push_back(comparison(key, Operator::equal, value == "true"));
      conditions.push_back(any_of(std::move(spellings)));
    }
  }
}

Result<net::Response> search(const Call& call) {
  query::TraceSearch search;
  CLEW_ASSIGN(search.range, range_of(call));
  CLEW_ASSIGN(const int64_t limit, number(call, "limit", kUsualTraces));
  CLEW_ASSIGN(const int64_t shortest, number(call, "minDuration", 0));
  CLEW_ASSIGN(const int64_t longest, number(call, "maxDuration", 0));
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

Result<net::Response> dependencies(const Call& call) {
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

struct Operation {
  const char* path;
  Result<net::Response> (*answer)(const Call&);
};
constexpr std::array kOperations = {
    Operation{"/api/v2/services", services},
    Operation{"/api/v2/spans", span_names},
    Operation{"/api/v2/remoteServices", remote_services},
    Operation{"/api/v2/trace/{id}", one_trace},
    Operation{"/api/v2/traceMany", many_traces},
    Operation{"/api/v2/traces", search},
    Operation{"/api/v2/dependencies", dependencies},
};

}  // namespace

struct Api::Inside {
  explicit Inside(ApiOptions given) : options(std::move(given)), workers(kWorkers, kWaiting) {}

  Result<EnvironmentId> admit(const net::Request& request) const {
    const std::optional<std::string> key = sender_key(request.headers);
    CLEW_ASSIGN(const control::Grant grant,
                options.access->grant(key ? std::optional<std::string_view>(*key) : std::nullopt));
    if (!grant.permissions.has(control::Permission::run_queries))
      return Status(ErrorKind::forbidden,
                    "this API key may send, but not ask: it lacks the permission run_queries");
    return grant.environment;
  }

  void handle(const Operation& operation, net::Request request, const net::Responder& responder) {
    const Result<EnvironmentId> environment = admit(request);
    if (!environment.ok()) return responder.send(answer_of(environment.status()));
    auto call = std::make_shared<Call>(Call{.options = options,
                                            .stopping = workers.stopping(),
                                            .request = std::move(request),
                                            .environment = *environment,
                                            .now = now()});
    const bool taken = workers.submit([call, responder, answer = operation.answer] {
      Result<net::Response> response = answer(*call);
      responder.send(response.ok() ? std::move(*response) : answer_of(response.status()));
    });
    if (!taken)
      responder.send(
          answer_of(Status(ErrorKind::exhausted, "too many questions are being answered; try again")));
  }

  const ApiOptions options;
  QueryWorkers workers;
};

Api::Api(ApiOptions options) : inside_(std::make_unique<Inside>(std::move(options))) {}
Api::~Api() = default;

void Api::stop() {
  inside_->workers.stop();
}

void Api::register_routes(Router& router) {
  for (const Operation& operation : kOperations)
    router.add("GET", operation.path,
               [this, &operation](net::Request request, const net::Responder& responder) {
                 inside_->handle(operation, std::move(request), responder);
               });
}

}  // namespace clew::zipkin
