#include "pipeline/processors/refinery/trace_fields.h"

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>

#include "telemetry/ids.h"
#include "telemetry/otlp_fields.h"

namespace clew::pipeline {
namespace {

constexpr std::array<std::string_view, 6> kKinds = {"unspecified", "internal", "server",
                                                    "client",      "producer", "consumer"};

uint64_t status_of(MessageEditor& span) {
  MessageEditor status;
  const std::string_view bytes = span.bytes(otlp::span::status);
  if (bytes.empty()) return 0;
  status.reset(bytes, 0);
  return status.varint(otlp::status::code);
}

std::string hex_of(std::string_view bytes) {
  std::string text;
  for (const char byte : bytes) text += fmt::format("{:02x}", static_cast<uint8_t>(byte));
  return text;
}

std::optional<FieldValue> attribute_of(MessageEditor& message, std::string_view name) {
  const Attribute* attribute = message.attributes().find(name);
  if (attribute == nullptr) return std::nullopt;
  const AnyValueView value = message.attributes().value_of(*attribute);
  switch (value.kind) {
    case AnyValueView::Kind::boolean:
      return FieldValue(value.boolean);
    case AnyValueView::Kind::integer:
      return FieldValue(value.integer);
    case AnyValueView::Kind::floating:
      return FieldValue(value.floating);
    case AnyValueView::Kind::string:
      return FieldValue(std::string(value.text));
    default:
      return std::nullopt;
  }
}

std::optional<FieldValue> intrinsic_of(MessageEditor& span, std::string_view name) {
  if (name == "name") return FieldValue(std::string(span.bytes(otlp::span::name)));
  if (name == "duration_ms") {
    const uint64_t start = span.fixed64(otlp::span::start), end = span.fixed64(otlp::span::end);
    return FieldValue(end > start ? static_cast<double>(end - start) * 1e-6 : 0.0);
  }
  if (name == "status_code") return FieldValue(static_cast<int64_t>(status_of(span)));
  if (name == "error") return status_of(span) == 2 ? std::optional(FieldValue(true)) : std::nullopt;
  if (name == "span.kind" || name == "type") {
    const uint64_t kind = span.varint(otlp::span::kind);
    return FieldValue(std::string(kKinds[kind < kKinds.size() ? kind : 0]));
  }
  if (name == "trace.trace_id") return FieldValue(hex_of(span.bytes(otlp::span::trace_id)));
  if (name == "trace.span_id") return FieldValue(hex_of(span.bytes(otlp::span::span_id)));
  if (name == "trace.parent_id" && !is_root({nullptr, nullptr, &span}))
    return FieldValue(hex_of(span.bytes(otlp::span::parent_span_id)));
  return std::nullopt;
}

}  // namespace

std::optional<FieldValue> field_of(const SpanUnderDecision& span, std::string_view name) {
  if (auto value = attribute_of(*span.span, name)) return value;
  if (auto value = intrinsic_of(*span.span, name)) return value;
  return attribute_of(*span.resource, name);
}

bool is_root(const SpanUnderDecision& span) {
  return span.span->bytes(otlp::span::parent_span_id).find_first_not_of('\0') == std::string_view::npos;
}

std::optional<double> as_number(const FieldValue& value) {
  if (const int64_t* whole = std::get_if<int64_t>(&value)) return static_cast<double>(*whole);
  if (const double* number = std::get_if<double>(&value)) return *number;
  const std::string* text = std::get_if<std::string>(&value);
  if (text == nullptr) return std::nullopt;
  double number = 0;
  const auto [end, problem] = std::from_chars(text->data(), text->data() + text->size(), number);
  if (problem != std::errc() || end != text->data() + text->size()) return std::nullopt;
  return number;
}

std::optional<int64_t> as_integer(const FieldValue& value) {
  constexpr double kMost = 9.2e18;
  if (const int64_t* whole = std::get_if<int64_t>(&value)) return *whole;
  if (const double* number = std::get_if<double>(&value)) {
    if (!(*number > -kMost && *number < kMost)) return std::nullopt;
    return static_cast<int64_t>(*number);
  }
  const std::string* text = std::get_if<std::string>(&value);
  if (text == nullptr) return std::nullopt;
  int64_t whole = 0;
  const auto [end, problem] = std::from_chars(text->data(), text->data() + text->size(), whole);
  if (problem != std::errc() || end != text->data() + text->size()) return std::nullopt;
  return whole;
}

bool as_truth(const FieldValue& value) {
  constexpr std::array<std::string_view, 6> kTrue = {"1", "t", "T", "true", "TRUE", "True"};
  return std::find(kTrue.begin(), kTrue.end(), as_text(value)) != kTrue.end();
}

std::string as_text(const FieldValue& value) {
  if (const bool* truth = std::get_if<bool>(&value)) return *truth ? "true" : "false";
  if (const int64_t* whole = std::get_if<int64_t>(&value)) return fmt::format("{}", *whole);
  if (const double* number = std::get_if<double>(&value)) return fmt::format("{}", *number);
  return std::get<std::string>(value);
}

}  // namespace clew::pipeline
