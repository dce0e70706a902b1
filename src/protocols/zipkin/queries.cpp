#include "protocols/zipkin/queries.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/json_writer.h"
#include "protocols/zipkin/trace_json.h"
#include "query/columns.h"
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
constexpr Nanoseconds kUsualLookback = days(1);
// Of as many names as this, Zipkin's page asks again only after a while.
constexpr size_t kFewNames = 3;
constexpr size_t kMostValues = 1000;

net::Response answer_of(const Status& failure) {
  return net::text_response(net::http_status_of(failure.kind()), std::string(failure.message()) + "\n");
}

TimeRange last_day(const TraceQuestion& call) {
  return {.from = call.now - kUsualLookback, .to = {INT64_MAX}};
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
  CLEW_ASSIGN(search.range, call.range(kUsualLookback));
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
  CLEW_ASSIGN(const std::vector<TraceId> ids, call.find(search));
  return traces_response(call, ids);
}

Result<net::Response> dependencies(const TraceQuestion& call) {
  if (call.parameter("endTs").empty()) return Status(ErrorKind::bad_input, "endTs: which is missing");
  CLEW_ASSIGN(const TimeRange range, call.range(kUsualLookback));
  CLEW_ASSIGN(const std::vector<TraceQuestion::Call> calls, call.calls(range));
  JsonWriter json;
  json.begin_array();
  for (const TraceQuestion::Call& one : calls) {
    json.begin_object().key("parent").string(one.parent).key("child").string(one.child);
    json.key("callCount").integer(one.calls);
    if (one.errors > 0) json.key("errorCount").integer(one.errors);
    json.end_object();
  }
  json.end_array();
  return net::json_response(200, json.take());
}

// Zipkin is told by a setting which tags to offer; here they are those that spans have.
Result<net::Response> autocomplete_keys(const TraceQuestion& call) {
  CLEW_ASSIGN(const auto columns, query::list_columns(call.traces(), last_day(call)));
  std::vector<std::string> keys;
  for (const query::ColumnDescription& column : columns) {
    const bool is_tag = std::any_of(column.scopes.begin(), column.scopes.end(), [](store::Scope scope) {
      return scope == store::Scope::attribute || scope == store::Scope::resource;
    });
    if (is_tag && !column.derived) keys.push_back(column.name);
  }
  return names_response(std::move(keys));
}

Result<net::Response> autocomplete_values(const TraceQuestion& call) {
  const std::string key = call.parameter("key");
  if (key.empty()) return Status(ErrorKind::bad_input, "key: which is missing");
  CLEW_ASSIGN(const auto found, query::list_values({key, {}}, "", kMostValues, last_day(call), call.traces(),
                                                   call.run_options()));
  std::vector<std::string> values;
  for (const query::ValueCount& one : found) values.push_back(to_text(one.value));
  return names_response(std::move(values));
}

// What Zipkin's page is to show, and how much of it at first.
Result<net::Response> page_settings(const TraceQuestion&) {
  JsonWriter json;
  json.begin_object().key("environment").string("").key("queryLimit").integer(kUsualTraces);
  json.key("defaultLookback").integer(int64_t{15 * 60 * 1000}).key("searchEnabled").boolean(true);
  json.key("dependency").begin_object().key("enabled").boolean(true);
  json.key("lowErrorRate").number(0.5).key("highErrorRate").number(0.75).end_object().end_object();
  return net::json_response(200, json.take());
}

}  // namespace

void add_query_routes(TraceQuestions& questions, Router& router) {
  const auto add = [&](std::string_view path, TraceQuestions::Answer answer) {
    questions.add(router, path, answer, answer_of);
  };
  add("/api/v2/services", services);
  add("/api/v2/spans", span_names);
  add("/api/v2/remoteServices", remote_services);
  add("/api/v2/trace/{id}", one_trace);
  add("/api/v2/traceMany", many_traces);
  add("/api/v2/traces", search);
  add("/api/v2/dependencies", dependencies);
  add("/api/v2/autocompleteKeys", autocomplete_keys);
  add("/api/v2/autocompleteValues", autocomplete_values);
  add("/config.json", page_settings);
  add("/zipkin/config.json", page_settings);
}

}  // namespace clew::zipkin
