#include "protocols/xray/exported_documents.h"

#include <optional>

#include <fmt/format.h>

#include "protocols/xray/lone_span.h"
#include "protocols/xray/segment_document.h"
#include "telemetry/utf8.h"

namespace clew::xray {
namespace {

constexpr size_t kLongestName = 200;

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

// Letters of all languages are allowed in names; X-Ray refuses other signs than these.
std::string allowed_name(std::string_view name) {
  std::string allowed;
  for (const char c : name) {
    if (allowed.size() == kLongestName) break;
    if (is_letter_or_digit(c) || (static_cast<unsigned char>(c) & 0x80) != 0 ||
        std::string_view(" _.:/%&#=+\\-@").find(c) != std::string_view::npos)
      allowed += c;
  }
  // A character of several bytes may have been cut.
  for (int i = 0; i < 3 && !allowed.empty() && !is_utf8(allowed); ++i) allowed.pop_back();
  return allowed.empty() ? "span" : allowed;
}

std::string allowed_key(std::string_view key) {
  std::string allowed(key);
  for (char& c : allowed)
    if (!is_letter_or_digit(c) && c != '_' && c != '.') c = '_';
  return allowed;
}

void mend(JsonValue& document) {
  if (JsonValue* name = document.find("name"); name != nullptr && name->string() != nullptr)
    *name = JsonValue(allowed_name(*name->string()));
  std::optional<JsonValue> annotations = document.take("annotations");
  if (!annotations || annotations->object() == nullptr) return;
  for (JsonValue::Member& one : *annotations->object())
    document["annotations"][allowed_key(one.name)] = std::move(one.value);
}

void add_log_groups(JsonValue& document, const SpanView& span, const ExportOptions& options) {
  const JsonValue* aws = document.find("aws");
  if (aws != nullptr && (aws->object() == nullptr || aws->find("cloudwatch_logs") != nullptr)) return;
  JsonValue::Array groups;
  const auto add = [&](std::string name) {
    JsonValue group;
    group["log_group"] = JsonValue(std::move(name));
    groups.push_back(std::move(group));
  };
  if (const auto named = span.resource.find("aws.log.group.names"); named != span.resource.end()) {
    const JsonValue names = json_of(*named->second);
    if (names.string() != nullptr) add(*names.string());
    if (names.array() != nullptr) {
      for (const JsonValue& name : *names.array())
        if (name.string() != nullptr) add(*name.string());
    }
  }
  if (groups.empty())
    for (const std::string& name : options.log_groups) add(name);
  if (!groups.empty()) document["aws"]["cloudwatch_logs"] = JsonValue(std::move(groups));
}

std::string document_text(const query::Trace& trace, const ExportOptions& options) {
  SpanView span = view_of_span(trace, 0);
  for (uint32_t row = 0; row < trace.events.size(); ++row)
    if (trace.events.names[row] == "exception") span.exceptions.push_back(row);
  const std::string_view form = form_of(span);
  if (form.empty()) {
    JsonValue document = document_of_otlp(span, options.annotations);
    mend(document);
    add_log_groups(document, span, options);
    return document.text();
  }
  JsonValue document = document_as_sent(span);
  // A subsegment that stood within its segment stands alone here, and has to say where it belongs.
  if (form.starts_with("inline")) {
    document["trace_id"] = JsonValue(trace_id_text(trace.id));
    document["type"] = JsonValue("subsegment");
    if (const auto& parent = trace.spans.parent_ids[0]) document["parent_id"] = JsonValue(parent->to_hex());
  }
  return document.text();
}

}  // namespace

Result<ExportedDocuments> exported_documents(std::string_view request, const ExportOptions& options,
                                             size_t most_bytes) {
  ExportedDocuments exported;
  size_t bytes = 0;
  CLEW_TRY(pipeline::walk_spans(request, [&](const pipeline::SpanPlace& place) {
    if (bytes > most_bytes) return;
    const std::optional<query::Trace> trace = lone_span(place);
    if (!trace) {
      ++exported.without_ids;
      return;
    }
    exported.documents.push_back({trace->spans.ids[0].to_hex(), document_text(*trace, options)});
    bytes += exported.documents.back().text.size();
  }));
  if (bytes > most_bytes)
    return Status(ErrorKind::too_large,
                  fmt::format("the spans of one request are more than {} bytes as segment documents; batch "
                              "fewer of them",
                              most_bytes));
  return exported;
}

}  // namespace clew::xray
