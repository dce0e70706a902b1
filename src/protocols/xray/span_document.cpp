#include "protocols/xray/span_document.h"

#include "base/base64.h"
#include "protocols/xray/member_homes.h"
#include "protocols/xray/segment_document.h"

namespace clew::xray {
namespace {

JsonValue& at_path(JsonValue& root, std::string_view path) {
  JsonValue* at = &root;
  while (true) {
    const size_t dot = path.find('.');
    at = &(*at)[path.substr(0, dot)];
    if (dot == std::string_view::npos) return *at;
    path.remove_prefix(dot + 1);
  }
}

void merge(JsonValue& to, JsonValue from) {
  if (to.object() == nullptr || from.object() == nullptr) {
    to = std::move(from);
    return;
  }
  for (JsonValue::Member& member : *from.object()) {
    if (JsonValue* there = to.find(member.name)) {
      merge(*there, std::move(member.value));
    } else {
      to.object()->push_back(std::move(member));
    }
  }
}

bool is_of_kind(const query::Attribute& attribute, MemberKind kind) {
  switch (kind) {
    case MemberKind::text:
    case MemberKind::json:
      return attribute.type == store::ColumnType::string;
    case MemberKind::integer:
      return attribute.type == store::ColumnType::int64;
    case MemberKind::boolean:
      return attribute.type == store::ColumnType::boolean;
  }
  return false;
}

JsonValue parsed_or_text(std::string_view text) {
  Result<JsonValue> parsed = parse_json(text);
  return parsed.ok() ? std::move(*parsed) : JsonValue(text);
}

void add_annotations(JsonValue& document, const SpanView& span) {
  const query::Attribute* listed = span.find(attribute::kAnnotations);
  if (listed == nullptr) return;
  const JsonValue keys = json_of(*listed);
  if (keys.array() == nullptr) return;
  for (const JsonValue& key : *keys.array()) {
    if (key.string() == nullptr) continue;
    if (const query::Attribute* found = span.find(*key.string()))
      document["annotations"][*key.string()] = json_of(*found);
  }
}

// The words of the form: whether an inline subsegment repeated this member.
bool names(std::string_view form, std::string_view member) {
  for (size_t space = form.find(' '); space != std::string_view::npos; space = form.find(' ', space + 1)) {
    std::string_view word = form.substr(space + 1);
    if (word.substr(0, word.find(' ')) == member) return true;
  }
  return false;
}

}  // namespace

const query::Attribute* SpanView::find(std::string_view name) const {
  const auto found = attributes.find(name);
  return found == attributes.end() ? nullptr : found->second;
}

SpanView view_of_span(const query::Trace& trace, size_t row) {
  SpanView span{.trace = trace, .row = row, .attributes = {}, .resource = {}, .exceptions = {}};
  for (const query::Attribute& one : trace.spans.attributes.of(row)) {
    if (one.scope == store::Scope::attribute) span.attributes.emplace(one.name, &one);
  }
  for (const query::Attribute& one : trace.origins.of(trace.spans.origins[row])) {
    if (one.scope == store::Scope::resource) span.resource.emplace(one.name, &one);
  }
  return span;
}

std::string_view form_of(const SpanView& span) {
  const query::Attribute* form = span.find(attribute::kForm);
  const auto* text = form == nullptr ? nullptr : std::get_if<std::string_view>(&form->value);
  return text == nullptr ? std::string_view() : *text;
}

bool is_in_progress(const SpanView& span) {
  const query::Attribute* found = span.find(attribute::kInProgress);
  const bool* value = found == nullptr ? nullptr : std::get_if<bool>(&found->value);
  return value != nullptr && *value;
}

JsonValue json_of(const query::Attribute& attribute) {
  if (const bool* truth = std::get_if<bool>(&attribute.value)) return JsonValue(*truth);
  if (const int64_t* integer = std::get_if<int64_t>(&attribute.value)) return JsonValue(*integer);
  if (const double* real = std::get_if<double>(&attribute.value)) return JsonValue(*real);
  const std::string_view text = std::get<std::string_view>(attribute.value);
  if (attribute.type == store::ColumnType::json) return parsed_or_text(text);
  if (attribute.type == store::ColumnType::bytes) return JsonValue(base64_encode(text));
  return JsonValue(text);
}

JsonValue document_as_sent(const SpanView& span) {
  const query::TraceSpans& spans = span.trace.spans;
  const std::string_view form = form_of(span);
  const bool is_inline = form.starts_with("inline");
  JsonValue document;
  document["id"] = JsonValue(spans.ids[span.row].to_hex());
  document["name"] = JsonValue(spans.names[span.row]);
  document["start_time"] = JsonValue(seconds_of(spans.starts[span.row]));
  if (!is_inline || names(form, "trace_id")) document["trace_id"] = JsonValue(trace_id_text(span.trace.id));
  if (!is_in_progress(span))
    document["end_time"] = JsonValue(seconds_of(spans.starts[span.row] + spans.durations[span.row]));
  if (spans.parent_ids[span.row] && (!is_inline || names(form, "parent_id")))
    document["parent_id"] = JsonValue(spans.parent_ids[span.row]->to_hex());
  if (form == "subsegment" || names(form, "type")) document["type"] = JsonValue("subsegment");
  const bool is_segment = form == "segment";
  for (const MemberHome& home : all_member_homes()) {
    const bool of_resource = home.scope == HomeScope::resource;
    if (of_resource && !is_segment) continue;
    const AttributeMap& from = of_resource ? span.resource : span.attributes;
    const auto found = from.find(home.attribute);
    if (found == from.end() || !is_of_kind(*found->second, home.kind)) continue;
    JsonValue value = json_of(*found->second);
    if (home.kind == MemberKind::json) value = parsed_or_text(*value.string());
    at_path(document, home.path) = std::move(value);
  }
  add_annotations(document, span);
  if (const query::Attribute* remainder = span.find(attribute::kRemainder)) {
    const auto* text = std::get_if<std::string_view>(&remainder->value);
    JsonValue more = text == nullptr ? JsonValue() : parsed_or_text(*text);
    // Anybody may send an attribute of this name.
    if (more.object() != nullptr) merge(document, std::move(more));
  }
  return document;
}

}  // namespace clew::xray
