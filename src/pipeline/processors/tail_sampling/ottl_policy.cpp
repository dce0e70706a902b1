// ottl_condition: keeps a trace when a condition is true for one of its spans or their events.
#include "pipeline/config/section.h"
#include "pipeline/processors/ottl_processor.h"
#include "pipeline/processors/tail_sampling/policy.h"
#include "telemetry/otlp_fields.h"

namespace clew::pipeline {
namespace {

using ottl::Context;

class OttlPolicy final : public TracePolicy {
 public:
  OttlPolicy(std::vector<ottl::Condition> spans, std::vector<ottl::Condition> events)
      : spans_(std::move(spans)), events_(std::move(events)) {}

  PolicyAnswer decide(TraceUnderDecision& trace) override {
    for (const SpanUnderDecision& one : trace.spans())
      if (holds_for_span(one) || holds_for_events(one)) return {Decision::sampled};
    return {Decision::not_sampled};
  }

 private:
  // A condition that fails is not true.
  static bool any_holds(const std::vector<ottl::Condition>& conditions, ottl::Subject& subject) {
    for (const ottl::Condition& condition : conditions)
      if (const Result<bool> holds = condition(subject); holds.ok() && *holds) return true;
    return false;
  }

  bool holds_for_span(const SpanUnderDecision& one) const {
    if (spans_.empty()) return false;
    ottl::Subject subject{
        .context = Context::span, .resource = one.resource, .scope = one.scope, .item = one.span};
    return any_holds(spans_, subject);
  }

  bool holds_for_events(const SpanUnderDecision& one) {
    if (events_.empty()) return false;
    bool found = false;
    int64_t index = 0;
    one.span->for_each(otlp::span::events, [&](std::string_view bytes) {
      if (found) return;
      event_.reset(bytes, otlp::event::attributes);
      ottl::Subject subject{.context = Context::spanevent,
                            .resource = one.resource,
                            .scope = one.scope,
                            .item = one.span,
                            .event = &event_,
                            .event_index = index++};
      found = any_holds(events_, subject);
    });
    return found;
  }

  const std::vector<ottl::Condition> spans_;
  const std::vector<ottl::Condition> events_;
  MessageEditor event_;
};

std::vector<ottl::Condition> read_conditions(Section& section, const char* key, Context context) {
  OttlGroup group{.context = context, .path = section.path() + "::" + key};
  section.read(key, group.conditions);
  if (const ConfigValue* value = section.value(key)) group.place = value->place;
  return compile_conditions(section, group);
}

}  // namespace

std::unique_ptr<TracePolicy> configure_ottl_condition(Section& section) {
  // Whatever the mode, one trace that a condition fails on is no reason to turn others away.
  read_error_mode(section, ErrorMode::ignore);
  if (!section.has("span") && !section.has("spanevent")) section.error("expected span or spanevent");
  auto spans = read_conditions(section, "span", Context::span);
  auto events = read_conditions(section, "spanevent", Context::spanevent);
  return std::make_unique<OttlPolicy>(std::move(spans), std::move(events));
}

}  // namespace clew::pipeline
