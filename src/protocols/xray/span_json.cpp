#include "protocols/xray/span_json.h"

#include <array>

#include "protocols/xray/span_document.h"
#include "telemetry/semantic_names.h"

namespace clew::xray {
namespace {

void write_attributes(JsonWriter& json, std::span<const query::Attribute> attributes, store::Scope scope) {
  json.key("attributes").begin_object();
  for (const query::Attribute& one : attributes) {
    if (one.scope == scope) json_of(one).write(json.key(one.name));
  }
  json.end_object();
}

// "library.name" … of the origin; empty when there is none.
std::string_view text_of_origin(std::span<const query::Attribute> attributes, std::string_view name) {
  for (const query::Attribute& one : attributes) {
    const auto* text = std::get_if<std::string_view>(&one.value);
    if (one.scope == store::Scope::intrinsic && one.name == name && text != nullptr) return *text;
  }
  return {};
}

void write_rows(JsonWriter& json, std::string_view name, const query::TraceRows& rows, uint32_t span) {
  json.key(name).begin_array();
  for (size_t row = 0; row < rows.size(); ++row) {
    if (rows.spans[row] != span) continue;
    json.begin_object().key("timeUnixNano").integer_as_string(rows.times[row].count);
    json.key("name").string(rows.names[row]);
    write_attributes(json, rows.attributes.of(row), store::Scope::attribute);
    json.end_object();
  }
  json.end_array();
}

std::string upper(std::string_view text) {
  std::string upper(text);
  for (char& c : upper) c = static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
  return upper;
}

}  // namespace

std::string span_json(const query::Trace& trace, size_t row) {
  constexpr std::array<std::string_view, 3> kStatuses = {"UNSET", "OK", "ERROR"};
  const query::TraceSpans& spans = trace.spans;
  const std::span<const query::Attribute> origin = trace.origins.of(spans.origins[row]);
  JsonWriter json;
  write_attributes(json.begin_object().key("resource").begin_object(), origin, store::Scope::resource);
  json.end_object().key("scope").begin_object();
  json.key("name").string(text_of_origin(origin, names::kLibraryName));
  json.key("version").string(text_of_origin(origin, names::kLibraryVersion)).end_object();
  json.key("traceId").string(trace.id.to_hex()).key("spanId").string(spans.ids[row].to_hex());
  if (spans.parent_ids[row]) json.key("parentSpanId").string(spans.parent_ids[row]->to_hex());
  json.key("name").string(spans.names[row]).key("kind").string(upper(spans.kinds[row]));
  json.key("startTimeUnixNano").integer_as_string(spans.starts[row].count);
  json.key("endTimeUnixNano").integer_as_string((spans.starts[row] + spans.durations[row]).count);
  json.key("durationNano").integer_as_string(spans.durations[row].count);
  write_attributes(json, spans.attributes.of(row), store::Scope::attribute);
  const uint8_t status = spans.status_codes[row];
  json.key("status")
      .begin_object()
      .key("code")
      .string(kStatuses[status < kStatuses.size() ? status : 0])
      .end_object();
  write_rows(json, "events", trace.events, static_cast<uint32_t>(row));
  json.end_object();
  return json.take();
}

}  // namespace clew::xray
