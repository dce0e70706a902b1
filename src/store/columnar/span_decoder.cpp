// Span → one row for the span, one for each of its events and links.

#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>

#include "base/counters.h"
#include "store/columnar/item_decoder.h"
#include "telemetry/otlp_fields.h"
#include "telemetry/protobuf_reader.h"
#include "telemetry/sampling_threshold.h"

namespace clew::store {
namespace {

constexpr std::string_view kKinds[] = {"unspecified", "internal", "server", "client", "producer", "consumer"};
constexpr int64_t kStatusError = 2;

// The attributes of a span, for whoever wants them after the other fields: nearly all spans have so few that
// the span need not be walked again.
class Attributes {
 public:
  void add(std::string_view attribute) {
    if (count_ < found_.size()) found_[count_] = attribute;
    ++count_;
  }
  template <typename Visit>
  void each(std::string_view span, const Visit& visit) const {
    if (count_ <= found_.size()) {
      for (size_t i = 0; i < count_; ++i) visit(found_[i]);
      return;
    }
    ProtobufReader reader(span.data(), span.size());
    while (reader.next()) {
      if (reader.tag() == otlp::span::attributes)
        visit(view_of(reader.get_view()));
      else
        reader.skip();
    }
  }

 private:
  std::array<std::string_view, 32> found_;
  size_t count_ = 0;
};

struct SpanFields {
  std::string_view trace_id, span_id, trace_state, parent_id, name, status_message;
  uint64_t kind = 0, start = 0, end = 0, flags = 0;
  uint64_t dropped_attributes = 0, dropped_events = 0, dropped_links = 0;
  int64_t status = 0;
  uint32_t events = 0, links = 0;
  Attributes attributes;
};

SpanFields read_fields(std::string_view item) {
  SpanFields span;
  ProtobufReader reader(item.data(), item.size());
  while (reader.next()) {
    switch (reader.tag()) {
      case otlp::span::trace_id:
        span.trace_id = view_of(reader.get_view());
        break;
      case otlp::span::span_id:
        span.span_id = view_of(reader.get_view());
        break;
      case otlp::span::trace_state:
        span.trace_state = view_of(reader.get_view());
        break;
      case otlp::span::parent_span_id:
        span.parent_id = view_of(reader.get_view());
        break;
      case otlp::span::name:
        span.name = view_of(reader.get_view());
        break;
      case otlp::span::kind:
        span.kind = reader.get_uint64();
        break;
      case otlp::span::start:
        span.start = reader.get_fixed64();
        break;
      case otlp::span::end:
        span.end = reader.get_fixed64();
        break;
      case otlp::span::dropped_attributes_count:
        span.dropped_attributes = reader.get_uint64();
        break;
      case otlp::span::dropped_events_count:
        span.dropped_events = reader.get_uint64();
        break;
      case otlp::span::dropped_links_count:
        span.dropped_links = reader.get_uint64();
        break;
      case otlp::span::flags:
        span.flags = reader.get_fixed32();
        break;
      case otlp::span::attributes:
        span.attributes.add(view_of(reader.get_view()));
        break;
      case otlp::span::events:
        ++span.events;
        reader.skip();
        break;
      case otlp::span::links:
        ++span.links;
        reader.skip();
        break;
      case otlp::span::status: {
        ProtobufReader status = reader.get_message();
        while (status.next()) {
          if (status.tag() == otlp::status::message)
            span.status_message = view_of(status.get_view());
          else if (status.tag() == otlp::status::code)
            span.status = static_cast<int64_t>(status.get_uint64());
          else
            status.skip();
        }
        break;
      }
      default:
        reader.skip();
    }
  }
  return span;
}

// How many spans one kept span stands for, by the consistent-probability threshold in its tracestate
// (ot=th:…).
int64_t weight_of(std::string_view trace_state) {
  const auto threshold = sampling_of_trace_state(trace_state).threshold;
  return threshold ? weight_of_threshold(*threshold) : 1;
}

void write_event(RowWriter& row, std::string_view item, const SpanFields& span, SpanId span_id,
                 UnixNanos start) {
  row.string(Intrinsic::annotation_type, "span_event");
  row.string(Intrinsic::trace_id, span.trace_id);
  row.span_id(Intrinsic::parent_id, span_id);
  row.nonempty(Intrinsic::parent_name, span.name);
  if (span.status == kStatusError) row.boolean(Intrinsic::error);
  uint64_t time = 0;
  std::string_view name;
  ProtobufReader event(item.data(), item.size());
  while (event.next()) {
    switch (event.tag()) {
      case otlp::event::time:
        time = event.get_fixed64();
        break;
      case otlp::event::name:
        name = view_of(event.get_view());
        break;
      case otlp::event::attributes:
        row.attribute(view_of(event.get_view()));
        break;
      case otlp::event::dropped_attributes_count:
        row.nonzero(Intrinsic::dropped_attributes, static_cast<int64_t>(event.get_uint64()));
        break;
      default:
        event.skip();
    }
  }
  const UnixNanos at = time == 0 ? start : clamp_time(time);
  row.time(at);
  row.integer(Intrinsic::time_since_start, std::max<int64_t>((at - start).count, 0));
  if (at < start) row.boolean(Intrinsic::invalid_time_since_start);
  row.nonempty(Intrinsic::name, name);
}

// What a span's exception events tell of it, so that a failed span says itself how it failed. An attribute of
// the span by the same name comes before it wherever the name is looked up.
struct Exception {
  std::string_view type, message, stack;
  std::optional<bool> escaped;
};

std::string_view text_in(std::string_view any_value) {
  ProtobufReader value(any_value.data(), any_value.size());
  if (value.next() && value.tag() == otlp::any_value::string) return view_of(value.get_view());
  return {};
}

void add_attribute(std::string_view key_value, Exception& exception) {
  const KeyValue pair = read_key_value(key_value);
  const std::string_view key = pair.key, value = pair.value;
  const auto take = [&](std::string_view name, std::string_view& into) {
    if (key == name && into.empty()) into = text_in(value);
  };
  take(names::kExceptionType, exception.type);
  take(names::kExceptionMessage, exception.message);
  take(names::kExceptionStack, exception.stack);
  if (key != names::kExceptionEscaped || exception.escaped) return;
  ProtobufReader escaped(value.data(), value.size());
  if (escaped.next() && escaped.tag() == otlp::any_value::boolean) exception.escaped = escaped.get_bool();
}

bool is_exception(std::string_view event) {
  ProtobufReader reader(event.data(), event.size());
  while (reader.next()) {
    if (reader.tag() == otlp::event::name) return view_of(reader.get_view()) == "exception";
    reader.skip();
  }
  return false;
}

void write_exception(RowWriter& row, std::string_view item) {
  Exception exception;
  ProtobufReader span(item.data(), item.size());
  while (span.next()) {
    if (span.tag() != otlp::span::events) {
      span.skip();
      continue;
    }
    const std::string_view bytes = view_of(span.get_view());
    if (!is_exception(bytes)) continue;
    ProtobufReader event(bytes.data(), bytes.size());
    while (event.next()) {
      if (event.tag() == otlp::event::attributes)
        add_attribute(view_of(event.get_view()), exception);
      else
        event.skip();
    }
  }
  row.nonempty(Intrinsic::exception_type, exception.type);
  row.nonempty(Intrinsic::exception_message, exception.message);
  row.nonempty(Intrinsic::exception_stack, exception.stack);
  if (exception.escaped) row.boolean(Intrinsic::exception_escaped, *exception.escaped);
}

void write_link(RowWriter& row, std::string_view item, const SpanFields& span, SpanId span_id,
                UnixNanos start) {
  row.string(Intrinsic::annotation_type, "link");
  row.string(Intrinsic::trace_id, span.trace_id);
  row.span_id(Intrinsic::parent_id, span_id);
  row.nonempty(Intrinsic::parent_name, span.name);
  if (span.status == kStatusError) row.boolean(Intrinsic::error);
  row.time(start);
  ProtobufReader link(item.data(), item.size());
  while (link.next()) {
    switch (link.tag()) {
      case otlp::link::trace_id: {
        const std::string_view id = view_of(link.get_view());
        if (id.size() == sizeof(TraceId)) row.string(Intrinsic::link_trace_id, id);
        break;
      }
      case otlp::link::span_id:
        if (const auto id = SpanId::from_bytes(view_of(link.get_view())))
          row.span_id(Intrinsic::link_span_id, *id);
        break;
      case otlp::link::trace_state:
        row.nonempty(Intrinsic::trace_state, view_of(link.get_view()));
        break;
      case otlp::link::attributes:
        row.attribute(view_of(link.get_view()));
        break;
      case otlp::link::dropped_attributes_count:
        row.nonzero(Intrinsic::dropped_attributes, static_cast<int64_t>(link.get_uint64()));
        break;
      case otlp::link::flags:
        row.nonzero(Intrinsic::flags, link.get_fixed32());
        break;
      default:
        link.skip();
    }
  }
}

void write_span(RowWriter& row, std::string_view item, const SpanFields& span, SpanId span_id,
                UnixNanos start) {
  row.string(Intrinsic::trace_id, span.trace_id);
  row.span_id(Intrinsic::span_id, span_id);
  if (const auto parent = SpanId::from_bytes(span.parent_id); parent && !parent->is_zero())
    row.span_id(Intrinsic::parent_id, *parent);
  row.nonempty(Intrinsic::trace_state, span.trace_state);
  row.nonempty(Intrinsic::name, span.name);
  row.string(Intrinsic::span_kind, kKinds[span.kind < std::size(kKinds) ? span.kind : 0]);
  row.time(start);
  const UnixNanos end = clamp_time(span.end);
  if (end < start) {
    row.integer(Intrinsic::duration, 0);
    row.boolean(Intrinsic::invalid_duration);
    row.integer(Intrinsic::end_time, end.count);
  } else {
    row.integer(Intrinsic::duration, (end - start).count);
  }
  row.integer(Intrinsic::status_code, span.status);
  row.nonempty(Intrinsic::status_message, span.status_message);
  if (span.status == kStatusError) row.boolean(Intrinsic::error);
  row.nonzero(Intrinsic::flags, static_cast<int64_t>(span.flags));
  row.nonzero(Intrinsic::event_count, span.events);
  row.nonzero(Intrinsic::link_count, span.links);
  row.nonzero(Intrinsic::dropped_attributes, static_cast<int64_t>(span.dropped_attributes));
  row.nonzero(Intrinsic::dropped_events, static_cast<int64_t>(span.dropped_events));
  row.nonzero(Intrinsic::dropped_links, static_cast<int64_t>(span.dropped_links));
  span.attributes.each(item, [&row](std::string_view attribute) { row.attribute(attribute); });
}

// Empty when the ids are good.
std::string id_fault(const SpanFields& span) {
  const auto trace_id = TraceId::from_bytes(span.trace_id);
  if (!trace_id) return fmt::format("trace_id must be 16 bytes, got {}", span.trace_id.size());
  if (trace_id->is_zero()) return "trace_id is all zero";
  const auto span_id = SpanId::from_bytes(span.span_id);
  if (!span_id) return fmt::format("span_id must be 8 bytes, got {}", span.span_id.size());
  if (span_id->is_zero()) return "span_id is all zero";
  if (!span.parent_id.empty() && span.parent_id.size() != sizeof(SpanId))
    return fmt::format("parent_span_id must be 8 bytes or empty, got {}", span.parent_id.size());
  return {};
}

void reject_before_rows(ItemContext& context, std::string reason) {
  ++context.decoded.rejected;
  if (context.decoded.rejection.empty()) context.decoded.rejection = std::move(reason);
}

}  // namespace

void decode_span(ItemContext& context, std::string_view item) {
  const SpanFields span = read_fields(item);
  if (std::string fault = id_fault(span); !fault.empty()) {
    count(Counter::items_rejected_bad_id);
    return reject_before_rows(context, std::move(fault));
  }
  const uint64_t rows = uint64_t{1} + span.events + span.links;
  if (rows > kMaxItemRows) {
    count(Counter::items_rejected_too_large);
    return reject_before_rows(context, "a span with more than 20000 events and links");
  }
  const SpanId span_id = *SpanId::from_bytes(span.span_id);
  const UnixNanos start = time_or_arrival(span.start, context.arrival);
  RowWriter row(context, static_cast<uint32_t>(rows));
  try {
    write_span(row, item, span, span_id, start);
    const int64_t weight = row.sample_rate() != 0     ? row.sample_rate()
                           : span.trace_state.empty() ? 1
                                                      : weight_of(span.trace_state);
    if (weight > 1) row.integer(Intrinsic::sample_rate, weight);
    if (span.events > 0) write_exception(row, item);
    if (rows > 1) {
      ProtobufReader reader(item.data(), item.size());
      while (reader.next()) {
        const auto tag = reader.tag();
        if (tag != otlp::span::events && tag != otlp::span::links) {
          reader.skip();
          continue;
        }
        row.next_row();
        const std::string_view annotation = view_of(reader.get_view());
        if (tag == otlp::span::events)
          write_event(row, annotation, span, span_id, start);
        else
          write_link(row, annotation, span, span_id, start);
        if (weight > 1) row.integer(Intrinsic::sample_rate, weight);
      }
    }
    ++context.decoded.accepted;
  } catch (const ItemTooLarge& limit) {
    row.reject(limit.reason);
  }
}

}  // namespace clew::store
