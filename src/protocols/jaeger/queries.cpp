#include "protocols/jaeger/queries.h"

#include <algorithm>

#include <fmt/format.h>

#include "protocols/jaeger/envelope.h"
#include "protocols/jaeger/trace_json.h"
#include "protocols/jaeger/trace_query.h"
#include "telemetry/semantic_names.h"

namespace clew::jaeger {
namespace {

net::Response names_response(const std::vector<std::string>& names) {
  Envelope envelope;
  envelope.data().begin_array();
  for (const std::string& name : names) envelope.data().string(name);
  envelope.data().end_array();
  return envelope.finish(names.size());
}

Result<net::Response> services(const TraceQuestion& question) {
  CLEW_ASSIGN(const std::vector<std::string> found, question.service_names(lately(question)));
  return names_response(found);
}

Result<net::Response> operation_names(const TraceQuestion& question) {
  CLEW_ASSIGN(const std::vector<std::string> found,
              question.names_of(question.parameter("service"), std::string(names::kName), lately(question)));
  return names_response(found);
}

Result<net::Response> operations(const TraceQuestion& question) {
  CLEW_ASSIGN(const std::vector<Operation> found,
              operations_of(question, question.parameter("service"), question.parameter("spanKind")));
  Envelope envelope;
  envelope.data().begin_array();
  for (const Operation& one : found)
    envelope.data().begin_object().key("name").string(one.name).key("spanKind").string(one.kind).end_object();
  envelope.data().end_array();
  return envelope.finish(found.size());
}

// Those that are not there are told beside the others; a single one that is not there is a failure.
Result<net::Response> traces_response(const TraceQuestion& question, const std::vector<TraceId>& ids) {
  Envelope envelope;
  envelope.data().begin_array();
  std::vector<std::string> missing;
  size_t total = 0;
  for (const TraceId& id : ids) {
    const Result<query::Trace> trace = question.fetch(id);
    if (trace.ok()) {
      write_trace(envelope.data(), *trace);
      ++total;
    } else if (trace.status().kind() == ErrorKind::not_found) {
      missing.push_back(trace_id_text(id));
    } else {
      return trace.status();
    }
    if (envelope.data().text().size() > kMostAnswerBytes) break;
  }
  envelope.data().end_array();
  return envelope.finish(total, missing);
}

Result<net::Response> one_trace(const TraceQuestion& question) {
  CLEW_ASSIGN(const TraceId id, read_trace_id("traceID", question.parameter("id")));
  const Result<query::Trace> trace = question.fetch(id);
  if (!trace.ok() && trace.status().kind() == ErrorKind::not_found)
    return Status(ErrorKind::not_found, "trace not found");
  if (!trace.ok()) return trace.status();
  Envelope envelope;
  envelope.data().begin_array();
  write_trace(envelope.data(), *trace);
  envelope.data().end_array();
  return envelope.finish(1);
}

Result<net::Response> traces_by_id(const TraceQuestion& question, const std::vector<std::string>& wanted) {
  std::vector<TraceId> ids;
  for (size_t i = 0; i < std::min(wanted.size(), kMostTraces); ++i) {
    CLEW_ASSIGN(const TraceId id, read_trace_id("traceID", wanted[i]));
    ids.push_back(id);
  }
  return traces_response(question, ids);
}

// tag=key:value, repeated, and tags={"key":"value"}.
Status add_tags(const TraceQuestion& question, TraceQuery& query) {
  for (const std::string& tag : question.parameters("tag")) {
    const size_t colon = tag.find(':');
    if (colon == std::string::npos || colon == 0)
      return {ErrorKind::bad_input,
              fmt::format("malformed 'tag' parameter, expecting key:value, received: {}", tag.substr(0, 60))};
    query.tags.emplace_back(tag.substr(0, colon), tag.substr(colon + 1));
  }
  for (const std::string& tags : question.parameters("tags")) CLEW_TRY(read_tags("tags", tags, query));
  return {};
}

Result<net::Response> search(const TraceQuestion& question) {
  if (const std::vector<std::string> wanted = question.parameters("traceID"); !wanted.empty())
    return traces_by_id(question, wanted);
  TraceQuery query{.service = question.parameter("service"), .operation = question.parameter("operation")};
  if (query.service.empty()) return Status(ErrorKind::bad_input, "parameter 'service' is required");
  constexpr int64_t kMicrosecond = 1000, kMost = INT64_MAX / kMicrosecond - 1;
  const int64_t here = question.now.count / kMicrosecond;
  CLEW_ASSIGN(const int64_t start, question.number("start", here - kUsualTime.count / kMicrosecond));
  CLEW_ASSIGN(const int64_t end, question.number("end", here));
  CLEW_ASSIGN(const int64_t limit, question.number("limit", kUsualTraces));
  query.range = {.from = {std::min(start, kMost) * kMicrosecond},
                 .to = {(std::min(end, kMost) + 1) * kMicrosecond}};
  query.limit = static_cast<size_t>(limit);
  CLEW_ASSIGN(query.shortest, read_duration("minDuration", question.parameter("minDuration")));
  CLEW_ASSIGN(query.longest, read_duration("maxDuration", question.parameter("maxDuration")));
  CLEW_TRY(add_tags(question, query));
  CLEW_ASSIGN(const std::vector<TraceId> ids, find_traces(question, query));
  return traces_response(question, ids);
}

Result<net::Response> dependencies(const TraceQuestion& question) {
  CLEW_ASSIGN(const TimeRange range, question.range(days(1)));
  CLEW_ASSIGN(const std::vector<TraceQuestion::Call> calls, question.calls(range));
  Envelope envelope;
  envelope.data().begin_array();
  for (const TraceQuestion::Call& one : calls)
    envelope.data()
        .begin_object()
        .key("parent")
        .string(one.parent)
        .key("child")
        .string(one.child)
        .key("callCount")
        .integer(one.calls)
        .end_object();
  envelope.data().end_array();
  return envelope.finish(calls.size());
}

}  // namespace

void add_query_routes(TraceQuestions& questions, Router& router) {
  const auto add = [&](std::string_view path, TraceQuestions::Answer answer) {
    questions.add(router, path, answer, enveloped);
  };
  add("/api/services", services);
  add("/api/services/{service}/operations", operation_names);
  add("/api/operations", operations);
  add("/api/traces", search);
  add("/api/traces/{id}", one_trace);
  add("/api/dependencies", dependencies);
  add_v3_routes(questions, router);
  add_metrics_routes(questions, router);
}

}  // namespace clew::jaeger
