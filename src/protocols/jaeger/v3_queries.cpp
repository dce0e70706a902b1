// The second generation of Jaeger's query API, which answers in OTLP. Its parameters are spelt in two ways,
// the older one with underscores.
#include <fmt/format.h>

#include "base/json_writer.h"
#include "protocols/jaeger/queries.h"
#include "protocols/jaeger/trace_query.h"
#include "protocols/otlp_document.h"

namespace clew::jaeger {
namespace {

net::Response answer_of(const Status& failure) {
  const int code = net::http_status_of(failure.kind());
  JsonWriter json;
  json.begin_object().key("error").begin_object().key("httpCode").integer(code);
  json.key("message").string(failure.message()).end_object().end_object();
  return net::json_response(code, json.take());
}

std::string parameter(const TraceQuestion& question, const char* name, const char* older) {
  std::string value = question.parameter(name);
  return value.empty() ? question.parameter(older) : value;
}

Result<net::Response> services(const TraceQuestion& question) {
  CLEW_ASSIGN(const std::vector<std::string> found, question.service_names(lately(question)));
  JsonWriter json;
  json.begin_object().key("services").begin_array();
  for (const std::string& name : found) json.string(name);
  json.end_array().end_object();
  return net::json_response(200, json.take());
}

Result<net::Response> operations(const TraceQuestion& question) {
  CLEW_ASSIGN(
      const std::vector<Operation> found,
      operations_of(question, question.parameter("service"), parameter(question, "spanKind", "span_kind")));
  JsonWriter json;
  json.begin_object().key("operations").begin_array();
  for (const Operation& one : found) {
    json.begin_object().key("name").string(one.name);
    json.key("spanKind").string(one.kind.empty() ? "internal" : one.kind).end_object();
  }
  json.end_array().end_object();
  return net::json_response(200, json.take());
}

Result<net::Response> traces_response(const TraceQuestion& question, const std::vector<TraceId>& ids) {
  JsonWriter json;
  json.begin_object().key("result").begin_object().key("resourceSpans").begin_array();
  bool any = false;
  for (const TraceId& id : ids) {
    const Result<query::Trace> trace = question.fetch(id);
    if (!trace.ok() && trace.status().kind() == ErrorKind::not_found) continue;
    if (!trace.ok()) return trace.status();
    write_resource_spans(json, *trace);
    any = true;
    if (json.text().size() > kMostAnswerBytes) break;
  }
  if (!any) return Status(ErrorKind::not_found, "No traces found");
  json.end_array().end_object().end_object();
  return net::json_response(200, json.take());
}

Result<net::Response> one_trace(const TraceQuestion& question) {
  CLEW_ASSIGN(const TraceId id, read_trace_id("trace_id", question.parameter("trace_id")));
  return traces_response(question, {id});
}

Result<UnixNanos> needed_time(const TraceQuestion& question, const char* name, const char* older) {
  const std::string text = parameter(question, name, older);
  if (text.empty()) return Status(ErrorKind::bad_input, fmt::format("{} is required", name));
  Result<UnixNanos> time = parse_time(text, question.now);
  if (!time.ok())
    return Status(ErrorKind::bad_input,
                  fmt::format("malformed parameter {}: {}", name, time.status().message()));
  return time;
}

Result<net::Response> search(const TraceQuestion& question) {
  TraceQuery query{.service = parameter(question, "query.serviceName", "query.service_name"),
                   .operation = parameter(question, "query.operationName", "query.operation_name")};
  CLEW_ASSIGN(query.range.from, needed_time(question, "query.startTimeMin", "query.start_time_min"));
  CLEW_ASSIGN(query.range.to, needed_time(question, "query.startTimeMax", "query.start_time_max"));
  CLEW_ASSIGN(query.shortest, read_duration("query.durationMin",
                                            parameter(question, "query.durationMin", "query.duration_min")));
  CLEW_ASSIGN(query.longest, read_duration("query.durationMax",
                                           parameter(question, "query.durationMax", "query.duration_max")));
  if (const std::string tags = question.parameter("query.attributes"); !tags.empty())
    CLEW_TRY(read_tags("query.attributes", tags, query));
  int64_t limit = kUsualTraces;
  for (const char* name : {"query.num_traces", "query.search_depth", "query.searchDepth"}) {
    CLEW_ASSIGN(limit, question.number(name, limit));
  }
  query.limit = static_cast<size_t>(limit);
  CLEW_ASSIGN(const std::vector<TraceId> ids, find_traces(question, query));
  return traces_response(question, ids);
}

}  // namespace

void add_v3_routes(TraceQuestions& questions, Router& router) {
  const auto add = [&](std::string_view path, TraceQuestions::Answer answer) {
    questions.add(router, path, answer, answer_of);
  };
  add("/api/v3/services", services);
  add("/api/v3/operations", operations);
  add("/api/v3/traces", search);
  add("/api/v3/traces/{trace_id}", one_trace);
}

}  // namespace clew::jaeger
