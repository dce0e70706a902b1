#include "protocols/jaeger/span_to_otlp.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "telemetry/otlp_fields.h"

namespace clew::jaeger {
namespace {

using namespace otlp;

constexpr uint64_t kStatusOk = 1, kStatusError = 2, kClient = 3;
constexpr std::array<std::string_view, 6> kKinds = {"",       "internal", "server",
                                                    "client", "producer", "consumer"};
// What exporters write for resources without a name.
constexpr std::string_view kNoServiceName = "OTLPResourceNoServiceName";

void write_tag(ProtobufWriter& to, uint32_t list, std::string_view key, const Tag& tag) {
  switch (tag.type) {
    case TagType::text:
      return write_text(to, list, key, tag.text);
    case TagType::boolean:
      return write_boolean(to, list, key, tag.boolean);
    case TagType::integer:
      return write_integer(to, list, key, tag.integer);
    case TagType::floating:
      return write_floating(to, list, key, tag.floating);
    case TagType::bytes:
      return write_bytes(to, list, key, tag.text);
  }
}

bool same_letters(std::string_view text, std::string_view upper) {
  return std::equal(text.begin(), text.end(), upper.begin(), upper.end(),
                    [](char a, char b) { return (a >= 'a' && a <= 'z' ? a - ('a' - 'A') : a) == b; });
}

std::optional<int64_t> whole_number(const Tag& tag) {
  if (tag.type == TagType::integer) return tag.integer;
  int64_t number = 0;
  const auto [end, fault] = std::from_chars(tag.text.data(), tag.text.data() + tag.text.size(), number);
  if (tag.type != TagType::text || tag.text.empty() || fault != std::errc() ||
      end != tag.text.data() + tag.text.size())
    return std::nullopt;
  return number;
}

// The span's parent: what it says itself, else the first it is a child of within the trace, else the first it
// follows from.
SpanId parent_of(const Span& span) {
  if (!span.parent_id.is_zero()) return span.parent_id;
  for (const bool follows_from : {false, true})
    for (const Reference& one : span.references)
      if (one.follows_from == follows_from && one.trace_id == span.trace_id) return one.span_id;
  return {};
}

}  // namespace

struct OtlpTranslation::Special {
  std::string_view scope_name, scope_version, trace_state, status_code, description, http_message;
  const Tag* error = nullptr;
  const Tag* http_status = nullptr;
  uint64_t kind = 0;

  bool failed() const { return error != nullptr && (error->boolean || error->is_text("true")); }
  bool http_failed() const {
    const std::optional<int64_t> status = http_status == nullptr ? std::nullopt : whole_number(*http_status);
    return status && (*status >= 500 || (*status >= 400 && kind == kClient));
  }
};

void OtlpTranslation::set_process(const Process& process) {
  resource_.clear();
  ProtobufWriter to(resource_);
  constexpr uint32_t list = resource::attributes;
  if (!process.service_name.empty() && process.service_name != kNoServiceName)
    write_text(to, list, "service.name", process.service_name);
  const auto has = [&](std::string_view key) {
    return std::any_of(process.tags.begin(), process.tags.end(),
                       [&](const Tag& tag) { return tag.key == key; });
  };
  for (const Tag& tag : process.tags) {
    if (tag.key == "hostname" && !has("host.name")) {
      write_tag(to, list, "host.name", tag);
    } else if (tag.key == "jaeger.version" && tag.type == TagType::text &&
               !has("opencensus.exporterversion")) {
      write_text(to, list, "opencensus.exporterversion", "Jaeger-" + std::string(tag.text));
    } else {
      write_tag(to, list, tag.key, tag);
    }
  }
}

void OtlpTranslation::take(const Span& span) {
  Special special;
  is_taken_.assign(span.tags.size(), false);
  for (size_t i = 0; i < span.tags.size(); ++i) {
    const Tag& tag = span.tags[i];
    const auto is = [&](std::string_view key, std::string_view& place) {
      if (tag.key != key || tag.type != TagType::text) return false;
      place = tag.text;
      return true;
    };
    if (tag.key == "span.kind") {
      const auto kind = std::find(kKinds.begin() + 1, kKinds.end(), tag.text);
      is_taken_[i] = tag.type == TagType::text && kind != kKinds.end();
      if (is_taken_[i]) special.kind = static_cast<uint64_t>(kind - kKinds.begin());
    } else if (tag.key == "error") {
      special.error = &tag;
      is_taken_[i] = special.failed();
    } else if (tag.key == "http.status_code") {
      special.http_status = &tag;
    } else if (tag.key == "http.status_message") {
      if (tag.type == TagType::text) special.http_message = tag.text;
    } else {
      is_taken_[i] =
          is("otel.scope.name", special.scope_name) || is("otel.scope.version", special.scope_version) ||
          is("otel.library.name", special.scope_name) || is("otel.library.version", special.scope_version) ||
          is("otel.status_code", special.status_code) || is("otel.status_description", special.description) ||
          is("w3c.tracestate", special.trace_state);
    }
  }
  scope_.clear();
  ProtobufWriter scope(scope_);
  if (!special.scope_name.empty()) scope.bytes(scope::name, special.scope_name);
  if (!special.scope_version.empty()) scope.bytes(scope::version, special.scope_version);
  std::string& spans = request_.spans_of(resource_, scope_);
  ProtobufWriter to(spans);
  const auto item = to.begin_message(scope_items::items);
  write_span(span, special, to);
  to.end_message(item);
}

void OtlpTranslation::write_span(const Span& span, const Special& special, ProtobufWriter& to) {
  const SpanId parent = parent_of(span);
  to.bytes(otlp::span::trace_id, span.trace_id.view());
  to.bytes(otlp::span::span_id, span.id.view());
  if (!special.trace_state.empty()) to.bytes(otlp::span::trace_state, special.trace_state);
  if (!parent.is_zero()) to.bytes(otlp::span::parent_span_id, parent.view());
  if (!span.name.empty()) to.bytes(otlp::span::name, span.name);
  if (special.kind != 0) to.varint(otlp::span::kind, special.kind);
  to.fixed64(otlp::span::start, span.start);
  to.fixed64(otlp::span::end, span.start + std::min(span.duration, UINT64_MAX - span.start));
  for (size_t i = 0; i < span.tags.size(); ++i)
    if (!is_taken_[i]) write_tag(to, otlp::span::attributes, span.tags[i].key, span.tags[i]);

  size_t field = 0;
  for (const Log& log : span.logs) {
    const auto event = to.begin_message(otlp::span::events);
    to.fixed64(event::time, log.time);
    bool is_named = false;
    for (; field < log.fields_end; ++field) {
      const Tag& tag = span.log_fields[field];
      if (!is_named && tag.key == "event" && tag.type == TagType::text) {
        to.bytes(event::name, tag.text);
        is_named = true;
      } else {
        write_tag(to, event::attributes, tag.key, tag);
      }
    }
    to.end_message(event);
  }

  for (const Reference& one : span.references) {
    if (one.span_id == parent && !one.follows_from && one.trace_id == span.trace_id) continue;
    const auto link = to.begin_message(otlp::span::links);
    to.bytes(link::trace_id, one.trace_id.view());
    to.bytes(link::span_id, one.span_id.view());
    write_text(to, link::attributes, "opentracing.ref_type", one.follows_from ? "follows_from" : "child_of");
    to.end_message(link);
  }

  std::string_view message = special.description;
  uint64_t code = 0;
  if (special.failed()) {
    code = kStatusError;
    if (message.empty()) message = special.http_message;
  } else if (!special.status_code.empty()) {
    code = same_letters(special.status_code, "OK")      ? kStatusOk
           : same_letters(special.status_code, "ERROR") ? kStatusError
                                                        : 0;
  } else if (special.http_failed()) {
    code = kStatusError;
    message = special.http_message;
  }
  if (code == 0 && message.empty()) return;
  const auto status = to.begin_message(otlp::span::status);
  if (!message.empty()) to.bytes(status::message, message);
  if (code != 0) to.varint(status::code, code);
  to.end_message(status);
}

}  // namespace clew::jaeger
