// Everything known of one span.

#include <algorithm>

#include "protocols/clew/asked_trace.h"
#include "protocols/clew/endpoints.h"
#include "protocols/clew/parameters.h"
#include "protocols/clew/values.h"
#include "telemetry/semantic_names.h"

namespace clew::api {
namespace {

using Attributes = std::span<const query::Attribute>;

constexpr size_t kMostLogs = 1000;

const query::Attribute* find(Attributes attributes, store::Scope scope, std::string_view name) {
  const auto found = std::find_if(
      attributes.begin(), attributes.end(),
      [&](const query::Attribute& attribute) { return attribute.scope == scope && attribute.name == name; });
  return found == attributes.end() ? nullptr : &*found;
}

const query::Attribute* intrinsic(Attributes attributes, std::string_view name) {
  return find(attributes, store::Scope::intrinsic, name);
}

int64_t intrinsic_integer(Attributes attributes, std::string_view name, int64_t otherwise) {
  const query::Attribute* attribute = intrinsic(attributes, name);
  const auto* value = attribute == nullptr ? nullptr : std::get_if<int64_t>(&attribute->value);
  return value == nullptr ? otherwise : *value;
}

void write_or_null(JsonWriter& json, const query::Attribute* attribute) {
  if (attribute == nullptr) {
    json.null();
  } else {
    write_value(json, *attribute);
  }
}

void write_dropped(JsonWriter& json, Attributes attributes) {
  json.key("dropped_attributes").integer(intrinsic_integer(attributes, names::kDroppedAttributes, 0));
}

void write_events(JsonWriter& json, const query::Trace& trace, uint32_t span) {
  json.begin_array();
  for (size_t row = 0; row < trace.events.size(); ++row) {
    if (trace.events.spans[row] != span) continue;
    const Attributes attributes = trace.events.attributes.of(row);
    json.begin_object().time_members("time", trace.events.times[row]);
    json.key("offset_ns").integer((trace.events.times[row] - trace.spans.starts[span]).count);
    write_text_or_null(json.key("name"), trace.events.names[row]);
    write_attributes(json.key("attributes"), attributes, store::Scope::attribute);
    write_dropped(json, attributes);
    json.end_object();
  }
  json.end_array();
}

void write_links(JsonWriter& json, const query::Trace& trace, uint32_t span) {
  json.begin_array();
  for (size_t row = 0; row < trace.links.size(); ++row) {
    if (trace.links.spans[row] != span) continue;
    const Attributes attributes = trace.links.attributes.of(row);
    write_or_null(json.begin_object().key("trace_id"), intrinsic(attributes, names::kLinkTraceId));
    write_or_null(json.key("span_id"), intrinsic(attributes, names::kLinkSpanId));
    write_or_null(json.key("trace_state"), intrinsic(attributes, names::kTraceState));
    write_attributes(json.key("attributes"), attributes, store::Scope::attribute);
    write_dropped(json, attributes);
    json.end_object();
  }
  json.end_array();
}

void write_log_body(JsonWriter& json, const query::Attribute* body, std::string_view text) {
  json.key("body");
  if (body != nullptr) {
    json.begin_object().key("type").string(name_of(body->type)).key("value");
    write_value(json, *body);
    json.end_object();
  } else if (!text.empty()) {
    json.begin_object().key("type").string("string").key("value").string(text).end_object();
  } else {
    json.null();
  }
}

void write_logs(JsonWriter& json, const query::Trace& trace, uint32_t span) {
  json.begin_array();
  size_t written = 0;
  for (size_t row = 0; row < trace.logs.size() && written < kMostLogs; ++row) {
    if (trace.logs.spans[row] != span) continue;
    ++written;
    const Attributes attributes = trace.logs.attributes.of(row);
    const Attributes origin = trace.origins.of(trace.logs.origins[row]);
    json.begin_object().time_members("time", trace.logs.times[row]);
    write_or_null(json.key("severity"), intrinsic(attributes, names::kSeverity));
    if (const auto* text = intrinsic(attributes, names::kSeverityText))
      write_value(json.key("severity_text"), *text);
    write_log_body(json, intrinsic(attributes, names::kBody), trace.logs.names[row]);
    if (const auto* name = intrinsic(attributes, names::kEventName))
      write_value(json.key("event_name"), *name);
    write_or_null(json.key("service"), find(origin, store::Scope::resource, "service.name"));
    json.key("trace_id").string(trace.id.to_hex()).key("span_id").string(trace.spans.ids[span].to_hex());
    write_attributes(json.key("attributes"), attributes, store::Scope::attribute);
    write_attributes(json.key("resource"), origin, store::Scope::resource);
    json.end_object();
  }
  json.end_array();
}

std::string_view name_of_status(uint8_t code) {
  return code == 1 ? "ok" : code == 2 ? "error" : "unset";
}

void write_span(JsonWriter& json, const query::Trace& trace, uint32_t span) {
  const query::TraceSpans& spans = trace.spans;
  const Attributes attributes = spans.attributes.of(span);
  const Attributes origin = trace.origins.of(spans.origins[span]);
  const Nanoseconds duration = std::max(spans.durations[span], Nanoseconds{});

  json.begin_object()
      .key("trace_id")
      .string(trace.id.to_hex())
      .key("span_id")
      .string(spans.ids[span].to_hex());
  json.key("parent_id");
  if (spans.parent_ids[span]) {
    json.string(spans.parent_ids[span]->to_hex());
  } else {
    json.null();
  }
  write_text_or_null(json.key("name"), spans.names[span]);
  write_text_or_null(json.key("service"), spans.services[span]);
  json.key("kind").string(spans.kinds[span].empty() ? "unspecified" : spans.kinds[span]);
  json.time_members("start", spans.starts[span]).time_members("end", spans.starts[span] + duration);
  json.key("duration_ns").integer(duration.count).key("duration_ms").number(duration.to_milliseconds());
  json.key("status")
      .begin_object()
      .key("code")
      .string(name_of_status(spans.status_codes[span]))
      .key("message");
  write_or_null(json, intrinsic(attributes, names::kStatusMessage));
  json.end_object().key("error").boolean(spans.errors[span] != 0);
  write_or_null(json.key("trace_state"), intrinsic(attributes, names::kTraceState));
  json.key("flags").integer(intrinsic_integer(attributes, names::kFlags, 0));
  json.key("sample_rate").integer(std::max<int64_t>(intrinsic_integer(attributes, names::kSampleRate, 1), 1));
  write_attributes(json.key("attributes"), attributes, store::Scope::attribute);

  json.key("instrumentation_scope").begin_object();
  write_or_null(json.key("name"), intrinsic(origin, names::kLibraryName));
  write_or_null(json.key("version"), intrinsic(origin, names::kLibraryVersion));
  write_or_null(json.key("schema_url"), intrinsic(origin, names::kScopeSchema));
  write_attributes(json.key("attributes"), origin, store::Scope::instrumentation);
  json.end_object().key("resource").begin_object();
  write_or_null(json.key("schema_url"), intrinsic(origin, names::kResourceSchema));
  write_attributes(json.key("attributes"), origin, store::Scope::resource);
  json.end_object();

  write_events(json.key("events"), trace, span);
  write_links(json.key("links"), trace, span);
  write_logs(json.key("logs"), trace, span);
  json.key("dropped").begin_object();
  json.key("attributes").integer(intrinsic_integer(attributes, names::kDroppedAttributes, 0));
  json.key("events").integer(intrinsic_integer(attributes, names::kDroppedEvents, 0));
  json.key("links").integer(intrinsic_integer(attributes, names::kDroppedLinks, 0));
  json.end_object().end_object();
}

}  // namespace

net::Response answer_span(const Call& call) {
  const std::string text = call.request.parameter("span_id").value_or(std::string());
  const std::optional<SpanId> id = SpanId::from_hex(text);
  if (!id) {
    return refusal(Status(ErrorKind::bad_input, "\"" + text + "\" is not a span id: 16 hex digits"),
                   {.field = "span_id", .position = {}});
  }
  if (const Result<TraceId> trace_id = asked_trace_id(call); !trace_id.ok()) {
    return refusal(trace_id.status(), {.field = "trace_id", .position = {}});
  }
  const Result<query::Trace> trace = fetch_asked_span(call, *id);
  if (!trace.ok()) return refusal(trace.status(), {.field = "span_id", .position = {}});
  JsonWriter writer;
  write_span(writer, *trace, 0);
  return json(std::move(writer));
}

}  // namespace clew::api
