#include "protocols/otlp_document.h"

#include <algorithm>
#include <array>
#include <simdjson.h>
#include <span>
#include <vector>

#include "base/base64.h"
#include "base/json_writer.h"
#include "control/errors/attribute_names.h"
#include "telemetry/semantic_names.h"

namespace clew {
namespace {

using Attributes = std::span<const query::Attribute>;

constexpr int kDeepestValue = 64;
constexpr std::array<std::string_view, 6> kKinds = {"unspecified", "internal", "server",
                                                    "client",      "producer", "consumer"};

// An AnyValue for what the store keeps as JSON text.
void write_any_value(JsonWriter& json, simdjson::dom::element value, int depth) {
  simdjson::dom::array array;
  simdjson::dom::object object;
  int64_t integer = 0;
  double number = 0;
  bool boolean = false;
  std::string_view text;
  json.begin_object();
  if (depth > kDeepestValue) {
    // Nothing: OTLP itself allows an AnyValue without a value.
  } else if (value.get(array) == simdjson::SUCCESS) {
    json.key("arrayValue").begin_object().key("values").begin_array();
    for (const simdjson::dom::element child : array) write_any_value(json, child, depth + 1);
    json.end_array().end_object();
  } else if (value.get(object) == simdjson::SUCCESS) {
    json.key("kvlistValue").begin_object().key("values").begin_array();
    for (const auto [key, child] : object) {
      json.begin_object().key("key").string(key).key("value");
      write_any_value(json, child, depth + 1);
      json.end_object();
    }
    json.end_array().end_object();
  } else if (value.get(text) == simdjson::SUCCESS) {
    json.key("stringValue").string(text);
  } else if (value.get(boolean) == simdjson::SUCCESS) {
    json.key("boolValue").boolean(boolean);
  } else if (value.get(integer) == simdjson::SUCCESS) {
    json.key("intValue").integer_as_string(integer);
  } else if (value.get(number) == simdjson::SUCCESS) {
    json.key("doubleValue").number(number);
  }
  json.end_object();
}

void write_text_value(JsonWriter& json, store::ColumnType type, std::string_view text) {
  if (type == store::ColumnType::json) {
    simdjson::dom::parser parser;
    simdjson::dom::element value;
    if (parser.parse(text.data(), text.size()).get(value) == simdjson::SUCCESS) {
      write_any_value(json, value, 0);
      return;
    }
  }
  json.begin_object();
  if (type == store::ColumnType::bytes) {
    json.key("bytesValue").string(base64_encode(text));
  } else {
    json.key("stringValue").string(text);
  }
  json.end_object();
}

void write_value(JsonWriter& json, const query::Attribute& attribute) {
  if (const auto* text = std::get_if<std::string_view>(&attribute.value)) {
    write_text_value(json, attribute.type, *text);
    return;
  }
  json.begin_object();
  if (const auto* boolean = std::get_if<bool>(&attribute.value)) {
    json.key("boolValue").boolean(*boolean);
  } else if (const auto* integer = std::get_if<int64_t>(&attribute.value)) {
    json.key("intValue").integer_as_string(*integer);
  } else {
    json.key("doubleValue").number(std::get<double>(attribute.value));
  }
  json.end_object();
}

const query::Attribute* intrinsic(Attributes attributes, std::string_view name) {
  const auto found =
      std::find_if(attributes.begin(), attributes.end(), [&](const query::Attribute& attribute) {
        return attribute.scope == store::Scope::intrinsic && attribute.name == name;
      });
  return found == attributes.end() ? nullptr : &*found;
}

void write_text(JsonWriter& json, std::string_view key, const query::Attribute* attribute) {
  const auto* text = attribute == nullptr ? nullptr : std::get_if<std::string_view>(&attribute->value);
  if (text != nullptr) json.key(key).string(*text);
}

void write_count(JsonWriter& json, std::string_view key, const query::Attribute* attribute) {
  const auto* count = attribute == nullptr ? nullptr : std::get_if<int64_t>(&attribute->value);
  if (count != nullptr && *count > 0) json.key(key).integer(*count);
}

// What goes out is what came in.
bool is_written_by_clew(std::string_view attribute) {
  namespace own = control::errors::attributes;
  return attribute == own::kGroup || attribute == own::kId || attribute == own::kMappedFrames;
}

void write_attributes(JsonWriter& json, Attributes attributes, store::Scope scope) {
  json.key("attributes").begin_array();
  for (const query::Attribute& attribute : attributes) {
    if (attribute.scope != scope || is_written_by_clew(attribute.name)) continue;
    write_value(json.begin_object().key("key").string(attribute.name).key("value"), attribute);
    json.end_object();
  }
  // The sender's sample rate was an attribute before it became a field of its own.
  if (const auto* rate = intrinsic(attributes, names::kSampleRate);
      rate != nullptr && scope == store::Scope::attribute) {
    write_value(json.begin_object().key("key").string("SampleRate").key("value"), *rate);
    json.end_object();
  }
  json.end_array();
}

// The rows of events or links that belong to each span.
std::vector<std::vector<size_t>> rows_by_span(const query::TraceRows& rows, size_t spans) {
  std::vector<std::vector<size_t>> by_span(spans);
  for (size_t row = 0; row < rows.size(); ++row) {
    if (rows.spans[row]) by_span[*rows.spans[row]].push_back(row);
  }
  return by_span;
}

class Export {
 public:
  Export(const query::Trace& trace, JsonWriter& json)
      : trace_(trace),
        events_(rows_by_span(trace.events, trace.spans.size())),
        links_(rows_by_span(trace.links, trace.spans.size())),
        spans_of_origin_(trace.origins.size()),
        json_(json) {
    for (size_t span = 0; span < trace.spans.size(); ++span)
      spans_of_origin_[trace.spans.origins[span]].push_back(span);
  }

  void write() {
    for (size_t origin = 0; origin < spans_of_origin_.size(); ++origin) {
      if (!spans_of_origin_[origin].empty()) write_origin(origin);
    }
  }

 private:
  void write_origin(size_t row) {
    const Attributes origin = trace_.origins.of(row);
    json_.begin_object().key("resource").begin_object();
    write_attributes(json_, origin, store::Scope::resource);
    json_.end_object().key("scopeSpans").begin_array().begin_object().key("scope").begin_object();
    write_text(json_, "name", intrinsic(origin, names::kLibraryName));
    write_text(json_, "version", intrinsic(origin, names::kLibraryVersion));
    write_attributes(json_, origin, store::Scope::instrumentation);
    json_.end_object().key("spans").begin_array();
    for (const size_t span : spans_of_origin_[row]) write_span(span);
    json_.end_array();
    write_text(json_, "schemaUrl", intrinsic(origin, names::kScopeSchema));
    json_.end_object().end_array();
    write_text(json_, "schemaUrl", intrinsic(origin, names::kResourceSchema));
    json_.end_object();
  }

  void write_span(size_t row) {
    const query::TraceSpans& spans = trace_.spans;
    const Attributes attributes = spans.attributes.of(row);
    json_.begin_object()
        .key("traceId")
        .string(trace_.id.to_hex())
        .key("spanId")
        .string(spans.ids[row].to_hex());
    write_text(json_, "traceState", intrinsic(attributes, names::kTraceState));
    if (spans.parent_ids[row]) json_.key("parentSpanId").string(spans.parent_ids[row]->to_hex());
    write_count(json_, "flags", intrinsic(attributes, names::kFlags));
    const auto kind = std::find(kKinds.begin(), kKinds.end(), spans.kinds[row]);
    json_.key("name").string(spans.names[row]);
    json_.key("kind").integer(kind == kKinds.end() ? 0 : kind - kKinds.begin());
    json_.key("startTimeUnixNano").integer_as_string(spans.starts[row].count);
    json_.key("endTimeUnixNano").integer_as_string((spans.starts[row] + spans.durations[row]).count);
    write_attributes(json_, attributes, store::Scope::attribute);
    write_count(json_, "droppedAttributesCount", intrinsic(attributes, names::kDroppedAttributes));
    json_.key("events").begin_array();
    for (const size_t event : events_[row]) write_event(event);
    json_.end_array();
    write_count(json_, "droppedEventsCount", intrinsic(attributes, names::kDroppedEvents));
    json_.key("links").begin_array();
    for (const size_t link : links_[row]) write_link(link);
    json_.end_array();
    write_count(json_, "droppedLinksCount", intrinsic(attributes, names::kDroppedLinks));
    json_.key("status").begin_object().key("code").integer(spans.status_codes[row]);
    write_text(json_, "message", intrinsic(attributes, names::kStatusMessage));
    json_.end_object().end_object();
  }

  void write_event(size_t row) {
    const Attributes attributes = trace_.events.attributes.of(row);
    json_.begin_object().key("timeUnixNano").integer_as_string(trace_.events.times[row].count);
    json_.key("name").string(trace_.events.names[row]);
    write_attributes(json_, attributes, store::Scope::attribute);
    write_count(json_, "droppedAttributesCount", intrinsic(attributes, names::kDroppedAttributes));
    json_.end_object();
  }

  void write_link(size_t row) {
    const Attributes attributes = trace_.links.attributes.of(row);
    json_.begin_object();
    write_id(json_, "traceId", intrinsic(attributes, names::kLinkTraceId));
    write_id(json_, "spanId", intrinsic(attributes, names::kLinkSpanId));
    write_text(json_, "traceState", intrinsic(attributes, names::kTraceState));
    write_attributes(json_, attributes, store::Scope::attribute);
    write_count(json_, "droppedAttributesCount", intrinsic(attributes, names::kDroppedAttributes));
    write_count(json_, "flags", intrinsic(attributes, names::kFlags));
    json_.end_object();
  }

  static void write_id(JsonWriter& json, std::string_view key, const query::Attribute* attribute) {
    const auto* bytes = attribute == nullptr ? nullptr : std::get_if<std::string_view>(&attribute->value);
    if (bytes == nullptr) return;
    if (const auto trace = TraceId::from_bytes(*bytes)) json.key(key).string(trace->to_hex());
    if (const auto span = SpanId::from_bytes(*bytes)) json.key(key).string(span->to_hex());
  }

  const query::Trace& trace_;
  const std::vector<std::vector<size_t>> events_;
  const std::vector<std::vector<size_t>> links_;
  std::vector<std::vector<size_t>> spans_of_origin_;
  JsonWriter& json_;
};

}  // namespace

void write_resource_spans(JsonWriter& json, const query::Trace& trace) {
  Export(trace, json).write();
}

std::string otlp_json_of(const query::Trace& trace) {
  JsonWriter json;
  json.begin_object().key("resourceSpans").begin_array();
  write_resource_spans(json, trace);
  json.end_array().end_object();
  return json.take();
}

}  // namespace clew
