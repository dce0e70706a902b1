#include "protocols/jaeger/trace_json.h"

#include <fmt/format.h>

#include "base/base64.h"
#include "telemetry/semantic_names.h"

namespace clew::jaeger {
namespace {

using query::Attribute;
using store::ColumnType;
using store::Scope;

constexpr uint8_t kStatusOk = 1, kStatusError = 2;
constexpr std::string_view kReferenceType = "opentracing.ref_type";
// What Jaeger calls a resource without a name.
constexpr std::string_view kNoServiceName = "OTLPResourceNoServiceName";

int64_t microseconds(int64_t nanoseconds) {
  return nanoseconds / 1000;
}

void write_tag(JsonWriter& json, std::string_view key, std::string_view text) {
  json.begin_object()
      .key("key")
      .string(key)
      .key("type")
      .string("string")
      .key("value")
      .string(text)
      .end_object();
}

void write_tag(JsonWriter& json, const Attribute& attribute) {
  json.begin_object().key("key").string(attribute.name).key("type");
  if (const auto* truth = std::get_if<bool>(&attribute.value)) {
    json.string("bool").key("value").boolean(*truth);
  } else if (const auto* whole = std::get_if<int64_t>(&attribute.value)) {
    json.string("int64").key("value").exact_integer(*whole);
  } else if (const auto* number = std::get_if<double>(&attribute.value)) {
    json.string("float64").key("value").number(*number);
  } else {
    const std::string_view text = std::get<std::string_view>(attribute.value);
    const bool is_binary = attribute.type == ColumnType::bytes;
    json.string(is_binary ? "binary" : "string").key("value");
    json.string(is_binary ? base64_encode(text) : std::string(text));
  }
  json.end_object();
}

std::string_view intrinsic(std::span<const Attribute> attributes, std::string_view name) {
  for (const Attribute& one : attributes)
    if (one.scope == Scope::intrinsic && one.name == name)
      if (const auto* text = std::get_if<std::string_view>(&one.value)) return *text;
  return {};
}

std::vector<std::vector<uint32_t>> by_span(const query::TraceRows& rows, size_t spans) {
  std::vector<std::vector<uint32_t>> lists(spans);
  for (uint32_t row = 0; row < rows.size(); ++row)
    if (const auto span = rows.spans[row]; span && *span < spans) lists[*span].push_back(row);
  return lists;
}

class TraceWriter {
 public:
  TraceWriter(JsonWriter& json, const query::Trace& trace)
      : json_(json),
        trace_(trace),
        id_(trace_id_text(trace.id)),
        events_(by_span(trace.events, trace.spans.size())),
        links_(by_span(trace.links, trace.spans.size())) {}

  void write() {
    json_.begin_object().key("traceID").string(id_).key("spans").begin_array();
    for (uint32_t span = 0; span < trace_.spans.size(); ++span) write_span(span);
    json_.end_array().key("processes").begin_object();
    for (uint32_t origin = 0; origin < trace_.origins.size(); ++origin) write_process(origin);
    json_.end_object().key("warnings").null().end_object();
  }

 private:
  void write_span(uint32_t span) {
    const query::TraceSpans& spans = trace_.spans;
    json_.begin_object().key("traceID").string(id_).key("spanID").string(spans.ids[span].to_hex());
    json_.key("flags").integer(1).key("operationName").string(spans.names[span]);
    json_.key("references").begin_array();
    if (spans.parent_ids[span]) write_reference("CHILD_OF", id_, spans.parent_ids[span]->to_hex());
    for (const uint32_t row : links_[span]) write_link(row);
    json_.end_array().key("startTime").integer(microseconds(spans.starts[span].count));
    json_.key("duration").integer(microseconds(spans.durations[span].count));
    json_.key("tags").begin_array();
    write_tags(span);
    json_.end_array().key("logs").begin_array();
    for (const uint32_t row : events_[span]) write_log(row);
    json_.end_array().key("processID").string(process_id(spans.origins[span]));
    json_.key("warnings").null().end_object();
  }

  void write_tags(uint32_t span) {
    const query::TraceSpans& spans = trace_.spans;
    const auto own = spans.attributes.of(span), origin = trace_.origins.of(spans.origins[span]);
    for (const Attribute& one : own)
      if (one.scope == Scope::attribute) write_tag(json_, one);
    const auto text = [&](std::string_view key, std::string_view value) {
      if (!value.empty()) write_tag(json_, key, value);
    };
    if (spans.kinds[span] != "unspecified") text("span.kind", spans.kinds[span]);
    if (spans.status_codes[span] == kStatusError) {
      write_tag(json_, "otel.status_code", "ERROR");
      json_.begin_object().key("key").string("error").key("type").string("bool");
      json_.key("value").boolean(true).end_object();
    } else if (spans.status_codes[span] == kStatusOk) {
      write_tag(json_, "otel.status_code", "OK");
    }
    text("otel.status_description", intrinsic(own, names::kStatusMessage));
    text("w3c.tracestate", intrinsic(own, names::kTraceState));
    text("otel.scope.name", intrinsic(origin, names::kLibraryName));
    text("otel.scope.version", intrinsic(origin, names::kLibraryVersion));
  }

  void write_reference(std::string_view type, std::string_view trace, std::string_view span) {
    json_.begin_object().key("refType").string(type).key("traceID").string(trace).key("spanID").string(span);
    json_.end_object();
  }

  void write_link(uint32_t row) {
    const auto own = trace_.links.attributes.of(row);
    const std::optional<TraceId> trace = TraceId::from_bytes(intrinsic(own, names::kLinkTraceId));
    const std::optional<SpanId> span = SpanId::from_bytes(intrinsic(own, names::kLinkSpanId));
    bool is_child = false;
    for (const Attribute& one : own)
      if (one.scope == Scope::attribute && one.name == kReferenceType)
        if (const auto* text = std::get_if<std::string_view>(&one.value)) is_child = *text == "child_of";
    if (trace && span)
      write_reference(is_child ? "CHILD_OF" : "FOLLOWS_FROM", trace_id_text(*trace), span->to_hex());
  }

  void write_log(uint32_t row) {
    json_.begin_object().key("timestamp").integer(microseconds(trace_.events.times[row].count));
    json_.key("fields").begin_array();
    if (!trace_.events.names[row].empty()) write_tag(json_, "event", trace_.events.names[row]);
    for (const Attribute& one : trace_.events.attributes.of(row))
      if (one.scope == Scope::attribute) write_tag(json_, one);
    json_.end_array().end_object();
  }

  static std::string process_id(uint32_t origin) { return fmt::format("p{}", origin + 1); }

  void write_process(uint32_t origin) {
    std::string_view service = kNoServiceName;
    for (const Attribute& one : trace_.origins.of(origin))
      if (one.scope == Scope::resource && one.name == "service.name")
        if (const auto* text = std::get_if<std::string_view>(&one.value)) service = *text;
    json_.key(process_id(origin)).begin_object().key("serviceName").string(service).key("tags").begin_array();
    for (const Attribute& one : trace_.origins.of(origin))
      if (one.scope == Scope::resource && one.name != "service.name") write_tag(json_, one);
    json_.end_array().end_object();
  }

  JsonWriter& json_;
  const query::Trace& trace_;
  const std::string id_;
  const std::vector<std::vector<uint32_t>> events_, links_;
};

}  // namespace

std::string trace_id_text(const TraceId& id) {
  const std::string hex = id.to_hex();
  constexpr size_t kHalf = 16;
  return hex.find_first_not_of('0') >= kHalf ? hex.substr(kHalf) : hex;
}

void write_trace(JsonWriter& json, const query::Trace& trace) {
  TraceWriter(json, trace).write();
}

}  // namespace clew::jaeger
