// The fields of the spans of a trace under the names that Refinery's rules use: attributes, those of the
// resource, and name, duration_ms, error and the like.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "pipeline/processors/tail_sampling/trace_under_decision.h"

namespace clew::pipeline {

using FieldValue = std::variant<bool, int64_t, double, std::string>;

// Throws protozero::exception when the span is malformed.
std::optional<FieldValue> field_of(const SpanUnderDecision& span, std::string_view name);
bool is_root(const SpanUnderDecision& span);

std::optional<double> as_number(const FieldValue& value);    // a text, if it reads as one; no truth does
std::optional<int64_t> as_integer(const FieldValue& value);  // a number without its fraction
bool as_truth(const FieldValue& value);                      // "true", "t", "1" and the like
std::string as_text(const FieldValue& value);

}  // namespace clew::pipeline
