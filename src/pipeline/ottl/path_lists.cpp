#include "pipeline/ottl/path_lists.h"

#include <bit>
#include <cstring>

#include "base/hex.h"
#include "telemetry/otlp_fields.h"

namespace clew::pipeline::ottl {
namespace {

using K = FieldKind;

Value::Map attributes_of(MessageEditor& message) {
  Value::Map map;
  for (const Attribute& one : message.attributes().all())
    map.push_back({std::string(one.key), value_of_any(one.value)});
  return map;
}

Value nanos_of(MessageEditor& message, uint32_t field) {
  return static_cast<int64_t>(message.fixed64(field));
}
Value floating_of(MessageEditor& message, uint32_t field) {
  return std::bit_cast<double>(message.fixed64(field));
}

Value event_of(MessageEditor& event) {
  return Value::Map{{"name", event.bytes(otlp::event::name)},
                    {"time_unix_nano", nanos_of(event, otlp::event::time)},
                    {"attributes", attributes_of(event)}};
}

Value link_of(MessageEditor& link) {
  return Value::Map{{"trace_id", hex_of(link.bytes(otlp::link::trace_id))},
                    {"span_id", hex_of(link.bytes(otlp::link::span_id))},
                    {"trace_state", link.bytes(otlp::link::trace_state)},
                    {"attributes", attributes_of(link)}};
}

Value exemplar_of(MessageEditor& exemplar) {
  const Value value = exemplar.has(otlp::exemplar::as_double)
                          ? floating_of(exemplar, otlp::exemplar::as_double)
                          : nanos_of(exemplar, otlp::exemplar::as_int);
  return Value::Map{{"value", value},
                    {"time_unix_nano", nanos_of(exemplar, otlp::exemplar::time)},
                    {"trace_id", hex_of(exemplar.bytes(otlp::exemplar::trace_id))},
                    {"span_id", hex_of(exemplar.bytes(otlp::exemplar::span_id))},
                    {"filtered_attributes", attributes_of(exemplar)}};
}

Value quantile_of(MessageEditor& quantile) {
  return Value::Map{{"quantile", floating_of(quantile, otlp::quantile::quantile)},
                    {"value", floating_of(quantile, otlp::quantile::value)}};
}

// A packed field of 8 bytes each.
template <typename Number, typename As>
Value::List packed(std::string_view bytes) {
  Value::List list;
  for (; bytes.size() >= sizeof(Number); bytes.remove_prefix(sizeof(Number))) {
    Number number{};
    std::memcpy(&number, bytes.data(), sizeof number);
    list.emplace_back(static_cast<As>(number));
  }
  return list;
}

}  // namespace

bool is_list(FieldKind kind) {
  return kind == K::events || kind == K::links || kind == K::exemplars || kind == K::quantiles ||
         kind == K::counts || kind == K::bounds;
}

Value read_list(FieldKind kind, MessageEditor& message, uint32_t number) {
  if (kind == K::counts) return packed<uint64_t, int64_t>(message.bytes(number));
  if (kind == K::bounds) return packed<double, double>(message.bytes(number));
  Value::List list;
  MessageEditor one;
  message.for_each(number, [&](std::string_view bytes) {
    switch (kind) {
      case K::events:
        one.reset(bytes, otlp::event::attributes);
        return list.push_back(event_of(one));
      case K::links:
        one.reset(bytes, otlp::link::attributes);
        return list.push_back(link_of(one));
      case K::exemplars:
        one.reset(bytes, otlp::exemplar::filtered_attributes);
        return list.push_back(exemplar_of(one));
      default:
        one.reset(bytes, 0);
        return list.push_back(quantile_of(one));
    }
  });
  return list;
}

}  // namespace clew::pipeline::ottl
