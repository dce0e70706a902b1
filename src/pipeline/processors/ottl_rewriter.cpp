#include <optional>

#include "pipeline/processors/ottl_processor.h"
#include "telemetry/otlp_fields.h"

namespace clew::pipeline {

using ottl::Context;
using ottl::Subject;

Verdict OttlRewriter::visit(Subject& subject) {
  if (!failure_.ok()) return Verdict::keep;
  Result<Verdict> verdict = visit_(subject);
  if (verdict.ok()) return *verdict;
  failure_ = verdict.status();
  return Verdict::keep;
}

Verdict OttlRewriter::on_resource(MessageEditor& resource) {
  if (context_ != Context::resource) return Verdict::keep;
  Subject subject{.context = context_, .resource = &resource};
  return visit(subject);
}

Verdict OttlRewriter::on_scope(Enclosing& in) {
  if (context_ != Context::scope) return Verdict::keep;
  Subject subject{.context = context_, .resource = &in.resource, .scope = &in.scope};
  return visit(subject);
}

Verdict OttlRewriter::on_item(Signal, MessageEditor& item, Enclosing& in) {
  if (context_ == Context::spanevent) {
    visit_events(item, in);
    return Verdict::keep;
  }
  if (context_ != Context::span && context_ != Context::log && context_ != Context::metric)
    return Verdict::keep;
  Subject subject{.context = context_, .resource = &in.resource, .scope = &in.scope, .item = &item};
  return visit(subject);
}

Verdict OttlRewriter::on_point(uint32_t kind, MessageEditor& point, MessageEditor& metric, Enclosing& in) {
  Subject subject{.context = context_,
                  .resource = &in.resource,
                  .scope = &in.scope,
                  .item = &metric,
                  .point = &point,
                  .point_kind = kind};
  return visit(subject);
}

// Statements may change the span meanwhile, so its events are put back at the end.
void OttlRewriter::visit_events(MessageEditor& span, Enclosing& in) {
  std::vector<std::string_view> events;
  span.for_each(otlp::span::events, [&](std::string_view event) { events.push_back(event); });
  if (events.empty()) return;
  std::vector<std::optional<std::string>> edited(events.size());
  std::vector<bool> is_changed(events.size());
  bool any = false;
  MessageEditor event;
  for (size_t i = 0; i < events.size(); ++i) {
    event.reset(events[i], otlp::event::attributes);
    Subject subject{.context = context_,
                    .resource = &in.resource,
                    .scope = &in.scope,
                    .item = &span,
                    .event = &event,
                    .event_index = static_cast<int64_t>(i)};
    const Verdict verdict = visit(subject);
    is_changed[i] = verdict == Verdict::drop || event.changed();
    any = any || is_changed[i];
    if (verdict == Verdict::keep && event.changed()) event.append_to(edited[i].emplace());
  }
  if (!any) return;
  size_t next = 0;
  span.replace_each(otlp::span::events, [&](std::string_view bytes) -> std::optional<std::string_view> {
    const size_t i = next++;
    if (!is_changed[i]) return bytes;
    if (!edited[i]) return std::nullopt;
    return std::string_view(*edited[i]);
  });
}

}  // namespace clew::pipeline
