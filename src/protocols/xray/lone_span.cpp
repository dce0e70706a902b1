#include "protocols/xray/lone_span.h"

#include <algorithm>
#include <array>
#include <deque>
#include <limits>
#include <string>

#include "telemetry/otlp_fields.h"

namespace clew::xray {
namespace {

using pipeline::AnyValueView;
using store::ColumnType;

constexpr std::array<std::string_view, 6> kKinds = {"unspecified", "internal", "server",
                                                    "client",      "producer", "consumer"};
using Texts = std::deque<std::string>;  // what the views of a trace point to, beside the request

UnixNanos time_of(uint64_t nanoseconds) {
  return UnixNanos{static_cast<int64_t>(
      std::min<uint64_t>(nanoseconds, static_cast<uint64_t>(std::numeric_limits<int64_t>::max())))};
}

query::Attribute attribute_of(const pipeline::Attribute& one, store::Scope scope, Texts& texts) {
  query::Attribute attribute{.scope = scope, .type = ColumnType::string, .name = one.key, .value = {}};
  const AnyValueView value = pipeline::read_any_value(one.value);
  switch (value.kind) {
    case AnyValueView::Kind::empty:
      attribute.value = std::string_view();
      break;
    case AnyValueView::Kind::string:
      attribute.value = value.text;
      break;
    case AnyValueView::Kind::bytes:
      attribute.type = ColumnType::bytes;
      attribute.value = value.text;
      break;
    case AnyValueView::Kind::boolean:
      attribute.type = ColumnType::boolean;
      attribute.value = value.boolean;
      break;
    case AnyValueView::Kind::integer:
      attribute.type = ColumnType::int64;
      attribute.value = value.integer;
      break;
    case AnyValueView::Kind::floating:
      attribute.type = ColumnType::float64;
      attribute.value = value.floating;
      break;
    case AnyValueView::Kind::array:
    case AnyValueView::Kind::map:
      attribute.type = ColumnType::json;
      attribute.value = std::string_view(texts.emplace_back(pipeline::text_of(value)));
      break;
  }
  return attribute;
}

void add_list(query::AttributeLists& to, const pipeline::AttributeList& list, store::Scope scope,
              Texts& texts) {
  for (const pipeline::Attribute& one : list.all()) to.all.push_back(attribute_of(one, scope, texts));
  to.ends.push_back(static_cast<uint32_t>(to.all.size()));
}

void add_events(query::Trace& trace, pipeline::MessageEditor& span, SpanId id, Texts& texts) {
  pipeline::MessageEditor event;
  span.for_each(otlp::span::events, [&](std::string_view bytes) {
    event.reset(bytes, otlp::event::attributes);
    trace.events.span_ids.emplace_back(id);
    trace.events.spans.emplace_back(0);
    trace.events.times.push_back(time_of(event.fixed64(otlp::event::time)));
    trace.events.names.push_back(event.bytes(otlp::event::name));
    trace.events.origins.push_back(0);
    add_list(trace.events.attributes, event.attributes(), store::Scope::attribute, texts);
  });
}

}  // namespace

std::optional<query::Trace> lone_span(const pipeline::SpanPlace& place) {
  pipeline::MessageEditor& span = place.span;
  const auto trace_id = TraceId::from_bytes(span.bytes(otlp::span::trace_id));
  const auto id = SpanId::from_bytes(span.bytes(otlp::span::span_id));
  if (!trace_id || trace_id->is_zero() || !id || id->is_zero()) return std::nullopt;
  auto texts = std::make_shared<Texts>();
  query::Trace trace;
  trace.id = *trace_id;
  query::TraceSpans& spans = trace.spans;
  spans.ids.push_back(*id);
  auto parent = SpanId::from_bytes(span.bytes(otlp::span::parent_span_id));
  if (parent && parent->is_zero()) parent.reset();
  spans.parent_ids.push_back(parent);
  spans.parents.emplace_back();
  spans.depths.push_back(0);
  const UnixNanos start = time_of(span.fixed64(otlp::span::start));
  const UnixNanos end = time_of(span.fixed64(otlp::span::end));
  spans.starts.push_back(start);
  spans.durations.push_back(Nanoseconds{std::max<int64_t>(end.count - start.count, 0)});
  spans.names.push_back(span.bytes(otlp::span::name));
  const uint64_t kind = span.varint(otlp::span::kind);
  spans.kinds.push_back(kKinds[kind < kKinds.size() ? kind : 0]);
  pipeline::MessageEditor status;
  status.reset(span.bytes(otlp::span::status), 0);
  const uint64_t code = status.varint(otlp::status::code);
  spans.status_codes.push_back(static_cast<uint8_t>(code <= 2 ? code : 0));
  spans.errors.push_back(code == 2 ? 1 : 0);
  spans.origins.push_back(0);
  add_list(spans.attributes, span.attributes(), store::Scope::attribute, *texts);
  const pipeline::AttributeList& resource = place.resource.attributes();
  std::string_view service;
  if (const pipeline::Attribute* named = resource.find("service.name")) {
    const AnyValueView value = resource.value_of(*named);
    if (value.kind == AnyValueView::Kind::string) service = value.text;
  }
  spans.services.push_back(service);
  add_list(trace.origins, resource, store::Scope::resource, *texts);
  add_events(trace, span, *id, *texts);
  trace.owners.push_back(std::move(texts));
  return trace;
}

}  // namespace clew::xray
