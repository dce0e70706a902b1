// The operations that retrieve traces as segments or as OpenTelemetry's spans. With AWS they fetch from an
// archive; here everything is at hand, so that a retrieval is complete when it has been started.
#include <charconv>

#include <fmt/format.h>

#include "protocols/xray/input.h"
#include "protocols/xray/operations.h"
#include "protocols/xray/retrievals.h"
#include "protocols/xray/segment_document.h"
#include "protocols/xray/service_graph.h"
#include "protocols/xray/span_json.h"
#include "protocols/xray/trace_reading.h"

namespace clew::xray {
namespace {

constexpr size_t kMostTraces = 100;
constexpr size_t kTracesPerPage = 5;
constexpr size_t kSpansPerTrace = 100;
constexpr Length kTokenLength{0, 1020};

aws::Error unknown_retrieval(const std::string& token) {
  return {.type = "ResourceNotFoundException",
          .message = "There is no retrieval of this token, or it has expired",
          .status = 404,
          .resource = token.substr(0, 100)};
}

std::string_view status_of(const Retrieval& retrieval) {
  return retrieval.cancelled ? "CANCELLED" : "COMPLETE";
}

// "trace:span" of where a page begins.
struct Place {
  size_t trace = 0, span = 0;
};
Place place_in(Input& input, std::string_view list) {
  const std::string text = next_place(input, list);
  Place place;
  if (text.empty()) return place;
  const char *at = text.data(), *const end = at + text.size();
  const auto [rest, problem] = std::from_chars(at, end, place.trace);
  const bool has_span = problem == std::errc() && rest != end && *rest == ':';
  if (!has_span || std::from_chars(rest + 1, end, place.span).ptr != end)
    input.refuse(std::string("Invalid NextToken"));
  return place;
}

struct Part {
  std::string id, document;
};
std::vector<Part> parts_of(const ReadTrace& read, bool as_spans) {
  std::vector<Part> parts;
  if (as_spans) {
    for (size_t row = 0; row < read.trace.spans.size(); ++row)
      parts.push_back({read.trace.spans.ids[row].to_hex(), span_json(read.trace, row)});
    return parts;
  }
  for (const JsonValue* document : read.model.documents())
    parts.push_back({std::string(text_at(*document, {"id"})), document->text()});
  return parts;
}

}  // namespace

Answer start_trace_retrieval(const Call& call) {
  Input input(call.input);
  const std::vector<std::string> ids = input.required_texts("TraceIds", {0, kMostTraces});
  const TimeRange range = input.range();
  std::vector<TraceId> traces;
  for (const std::string& id : ids) {
    if (const std::optional<TraceId> read = read_trace_id(id)) {
      traces.push_back(*read);
    } else {
      input.refuse(fmt::format("Invalid trace id: {}", id.substr(0, 60)));
    }
  }
  if (!input.ok()) return input.error();
  JsonWriter json;
  json.begin_object().key("RetrievalToken");
  json.string(call.context.retrievals.start(call.environment, std::move(traces), range, call.now))
      .end_object();
  return json.take();
}

Answer list_retrieved_traces(const Call& call) {
  Input input(call.input);
  const std::string token = input.required_text("RetrievalToken", kTokenLength);
  const std::string format = input.text("TraceFormat").value_or("XRAY");
  if (format != "XRAY" && format != "OTEL") input.refuse(std::string("TraceFormat must be XRAY or OTEL"));
  Place place = place_in(input, "retrieved");
  if (!input.ok()) return input.error();
  const std::optional<Retrieval> retrieval = call.context.retrievals.find(call.environment, token, call.now);
  if (!retrieval) return unknown_retrieval(token);
  const store::Snapshot snapshot = call.snapshot(Signal::traces);
  JsonWriter json;
  json.begin_object().key("RetrievalStatus").string(status_of(*retrieval));
  json.key("TraceFormat").string(format).key("Traces").begin_array();
  const size_t count = retrieval->cancelled ? 0 : retrieval->traces.size();
  for (size_t written = 0; place.trace < count && written < kTracesPerPage; ++written) {
    Result<std::optional<ReadTrace>> read = read_trace(call, snapshot, retrieval->traces[place.trace]);
    if (!read.ok()) return error_of(read.status());
    if (!*read) {
      place = {place.trace + 1, 0};
      continue;
    }
    const TraceModel& model = (*read)->model;
    json.begin_object().key("Id").string(trace_id_text(retrieval->traces[place.trace]));
    json.key("Duration").number(seconds_between(model.start(), model.end())).key("Spans").begin_array();
    const std::vector<Part> parts = parts_of(**read, format == "OTEL");
    const size_t end = std::min(parts.size(), place.span + kSpansPerTrace);
    for (size_t i = place.span; i < end; ++i)
      json.begin_object()
          .key("Id")
          .string(parts[i].id)
          .key("Document")
          .string(parts[i].document)
          .end_object();
    json.end_array().end_object();
    // A long trace goes on in the next page.
    place = end < parts.size() ? Place{place.trace, end} : Place{place.trace + 1, 0};
    if (end < parts.size()) break;
  }
  json.end_array();
  if (place.trace < count)
    json.key("NextToken").string(page_token("retrieved", fmt::format("{}:{}", place.trace, place.span)));
  json.end_object();
  return json.take();
}

Answer get_retrieved_traces_graph(const Call& call) {
  Input input(call.input);
  const std::string token = input.required_text("RetrievalToken", kTokenLength);
  (void)next_place(input, "retrieved graph");
  if (!input.ok()) return input.error();
  const std::optional<Retrieval> retrieval = call.context.retrievals.find(call.environment, token, call.now);
  if (!retrieval) return unknown_retrieval(token);
  query::ServiceQuestion question = graph_question({});
  question.traces = retrieval->cancelled ? std::vector<TraceId>() : retrieval->traces;
  const Result<query::ServiceMap> map =
      query::map_services(question, call.snapshot(Signal::traces), call.run_options());
  if (!map.ok()) return error_of(map.status());
  JsonWriter json;
  json.begin_object().key("RetrievalStatus").string(status_of(*retrieval)).key("Services").begin_array();
  for (uint32_t node = 0; node < map->nodes.size(); ++node) {
    write_service(json.begin_object().key("Service"), *map, node);
    json.key("Links").begin_array().end_array().end_object();
  }
  json.end_array().end_object();
  return json.take();
}

Answer cancel_trace_retrieval(const Call& call) {
  Input input(call.input);
  const std::string token = input.required_text("RetrievalToken", kTokenLength);
  if (!input.ok()) return input.error();
  if (!call.context.retrievals.cancel(call.environment, token, call.now)) return unknown_retrieval(token);
  return std::string("{}");
}

}  // namespace clew::xray
