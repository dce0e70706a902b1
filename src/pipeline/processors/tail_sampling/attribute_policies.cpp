// Policies that look at attributes, of resources and spans: one that fits is enough.
#include <algorithm>
#include <cstdint>
#include <optional>

#include <fmt/format.h>
#include <re2/re2.h>

#include "pipeline/config/section.h"
#include "pipeline/processors/tail_sampling/policy.h"
#include "telemetry/otlp_fields.h"

namespace clew::pipeline {
namespace {

template <typename Fits>
class AttributePolicy final : public TracePolicy {
 public:
  AttributePolicy(std::string key, bool invert, Fits fits)
      : key_(std::move(key)), invert_(invert), fits_(std::move(fits)) {}

  PolicyAnswer decide(TraceUnderDecision& trace) override {
    const bool found = any_fits(trace);
    if (invert_) return {found ? Decision::inverted_not_sampled : Decision::inverted_sampled};
    return {found ? Decision::sampled : Decision::not_sampled};
  }

 private:
  bool any_fits(TraceUnderDecision& trace) const {
    const auto fits = [&](MessageEditor& message) {
      const Attribute* attribute = message.attributes().find(key_);
      return attribute != nullptr && fits_(message.attributes().value_of(*attribute));
    };
    return std::any_of(trace.resources().begin(), trace.resources().end(),
                       [&](MessageEditor* resource) { return fits(*resource); }) ||
           std::any_of(trace.spans().begin(), trace.spans().end(),
                       [&](const SpanUnderDecision& one) { return fits(*one.span); });
  }

  const std::string key_;
  const bool invert_;
  const Fits fits_;
};

template <typename Fits>
std::unique_ptr<TracePolicy> attribute_policy(Section& section, Fits fits) {
  std::string key;
  bool invert = false;
  section.read("key", key);
  section.read("invert_match", invert);
  if (key.empty()) section.error("expected key: the name of an attribute");
  return std::make_unique<AttributePolicy<Fits>>(std::move(key), invert, std::move(fits));
}

class TraceStatePolicy final : public TracePolicy {
 public:
  TraceStatePolicy(std::string key, std::vector<std::string> values)
      : key_(std::move(key)), values_(std::move(values)) {}

  PolicyAnswer decide(TraceUnderDecision& trace) override {
    for (const SpanUnderDecision& one : trace.spans())
      if (fits(one.span->bytes(otlp::span::trace_state))) return {Decision::sampled};
    return {Decision::not_sampled};
  }

 private:
  bool fits(std::string_view trace_state) const {
    while (!trace_state.empty()) {
      const size_t end = std::min(trace_state.find(','), trace_state.size());
      std::string_view member = trace_state.substr(0, end);
      trace_state.remove_prefix(std::min(end + 1, trace_state.size()));
      while (member.starts_with(' ')) member.remove_prefix(1);
      if (member.size() <= key_.size() || !member.starts_with(key_) || member[key_.size()] != '=') continue;
      const std::string_view value = member.substr(key_.size() + 1);
      if (std::find(values_.begin(), values_.end(), value) != values_.end()) return true;
    }
    return false;
  }

  const std::string key_;
  const std::vector<std::string> values_;
};

}  // namespace

std::unique_ptr<TracePolicy> configure_string_attribute(Section& section) {
  std::vector<std::string> values;
  bool is_expression = false;
  section.read("values", values);
  section.read("enabled_regex_matching", is_expression);
  section.ignore({"cache_max_size"});
  if (values.empty()) section.error("expected values: at least one");
  std::vector<std::shared_ptr<const RE2>> expressions;
  if (is_expression)
    for (const std::string& value : values) {
      expressions.push_back(std::make_shared<const RE2>(value, RE2::Quiet));
      if (!expressions.back()->ok())
        section.error("values",
                      fmt::format("'{}' is no regular expression: {}", value, expressions.back()->error()));
    }
  return attribute_policy(
      section, [values = std::move(values), expressions = std::move(expressions)](const AnyValueView& value) {
        if (value.kind != AnyValueView::Kind::string || value.text.empty()) return false;
        if (expressions.empty()) return std::find(values.begin(), values.end(), value.text) != values.end();
        return std::any_of(expressions.begin(), expressions.end(),
                           [&](const auto& one) { return RE2::PartialMatch(value.text, *one); });
      });
}

std::unique_ptr<TracePolicy> configure_numeric_attribute(Section& section) {
  int64_t least = INT64_MIN, most = INT64_MAX;
  const bool has_least = section.read("min_value", least);
  const bool has_most = section.read("max_value", most);
  if (!has_least && !has_most) section.error("expected min_value or max_value");
  if (least > most) section.error("min_value", fmt::format("expected at most max_value ({})", most));
  return attribute_policy(section, [=](const AnyValueView& value) {
    if (value.kind == AnyValueView::Kind::integer) return least <= value.integer && value.integer <= most;
    if (value.kind != AnyValueView::Kind::floating) return false;
    return static_cast<double>(least) <= value.floating && value.floating <= static_cast<double>(most);
  });
}

std::unique_ptr<TracePolicy> configure_boolean_attribute(Section& section) {
  bool wanted = false;
  section.read("value", wanted);
  return attribute_policy(section, [wanted](const AnyValueView& value) {
    return value.kind == AnyValueView::Kind::boolean && value.boolean == wanted;
  });
}

std::unique_ptr<TracePolicy> configure_trace_state(Section& section) {
  std::string key;
  std::vector<std::string> values;
  section.read("key", key);
  section.read("values", values);
  if (key.empty() || values.empty()) section.error("expected key and values");
  return std::make_unique<TraceStatePolicy>(std::move(key), std::move(values));
}

}  // namespace clew::pipeline
