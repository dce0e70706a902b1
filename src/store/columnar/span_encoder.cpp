// Rows → Span, with its events and links.
#include <algorithm>
#include <array>

#include "store/columnar/item_encoder.h"
#include "telemetry/otlp_fields.h"

namespace clew::store {
namespace {

constexpr std::array<std::string_view, 6> kKinds = {"unspecified", "internal", "server",
                                                    "client",      "producer", "consumer"};

void write_text(ProtobufWriter& to, uint32_t field, std::string_view text) {
  if (!text.empty()) to.bytes(field, text);
}
void write_count(ProtobufWriter& to, uint32_t field, int64_t count) {
  if (count != 0) to.varint(field, static_cast<uint64_t>(count));
}
void write_flags(ProtobufWriter& to, uint32_t field, int64_t flags) {
  if (flags != 0) to.fixed32(field, static_cast<uint32_t>(flags));
}

uint64_t time_of(const GranuleRows& rows, uint32_t row) {
  return static_cast<uint64_t>(rows.integer(Intrinsic::time, row));
}

void write_event(ProtobufWriter& to, const GranuleRows& rows, uint32_t row) {
  const auto event = to.begin_message(otlp::span::events);
  to.fixed64(otlp::event::time, time_of(rows, row));
  write_text(to, otlp::event::name, rows.text(Intrinsic::name, row));
  rows.write_attributes(to, otlp::event::attributes, row);
  write_count(to, otlp::event::dropped_attributes_count, rows.integer(Intrinsic::dropped_attributes, row));
  to.end_message(event);
}

void write_link(ProtobufWriter& to, const GranuleRows& rows, uint32_t row) {
  const auto link = to.begin_message(otlp::span::links);
  write_text(to, otlp::link::trace_id, rows.text(Intrinsic::link_trace_id, row));
  write_text(to, otlp::link::span_id, rows.text(Intrinsic::link_span_id, row));
  write_text(to, otlp::link::trace_state, rows.text(Intrinsic::trace_state, row));
  rows.write_attributes(to, otlp::link::attributes, row);
  write_count(to, otlp::link::dropped_attributes_count, rows.integer(Intrinsic::dropped_attributes, row));
  write_flags(to, otlp::link::flags, rows.integer(Intrinsic::flags, row));
  to.end_message(link);
}

}  // namespace

std::string encode_annotation(const GranuleRows& rows, uint32_t row) {
  std::string field;
  ProtobufWriter to(field);
  if (rows.text(Intrinsic::annotation_type, row) == "link")
    write_link(to, rows, row);
  else
    write_event(to, rows, row);
  return field;
}

std::string encode_span(const GranuleRows& rows, uint32_t row, std::span<const uint32_t> annotations,
                        std::string_view more) {
  std::string span;
  ProtobufWriter to(span);
  to.bytes(otlp::span::trace_id, rows.text(Intrinsic::trace_id, row));
  to.bytes(otlp::span::span_id, rows.text(Intrinsic::span_id, row));
  write_text(to, otlp::span::trace_state, rows.text(Intrinsic::trace_state, row));
  write_text(to, otlp::span::parent_span_id, rows.text(Intrinsic::parent_id, row));
  write_text(to, otlp::span::name, rows.text(Intrinsic::name, row));
  const auto kind = std::find(kKinds.begin(), kKinds.end(), rows.text(Intrinsic::span_kind, row));
  if (kind != kKinds.end()) write_count(to, otlp::span::kind, kind - kKinds.begin());
  to.fixed64(otlp::span::start, time_of(rows, row));
  const uint64_t end =
      rows.has(Intrinsic::end_time, row)
          ? static_cast<uint64_t>(rows.integer(Intrinsic::end_time, row))
          : time_of(rows, row) + static_cast<uint64_t>(rows.integer(Intrinsic::duration, row));
  to.fixed64(otlp::span::end, end);
  rows.write_attributes(to, otlp::span::attributes, row);
  write_count(to, otlp::span::dropped_attributes_count, rows.integer(Intrinsic::dropped_attributes, row));
  for (const uint32_t annotation : annotations) span += encode_annotation(rows, annotation);
  span += more;
  write_count(to, otlp::span::dropped_events_count, rows.integer(Intrinsic::dropped_events, row));
  write_count(to, otlp::span::dropped_links_count, rows.integer(Intrinsic::dropped_links, row));
  const int64_t code = rows.integer(Intrinsic::status_code, row);
  const std::string_view message = rows.text(Intrinsic::status_message, row);
  if (code != 0 || !message.empty()) {
    const auto status = to.begin_message(otlp::span::status);
    write_text(to, otlp::status::message, message);
    write_count(to, otlp::status::code, code);
    to.end_message(status);
  }
  write_flags(to, otlp::span::flags, rows.integer(Intrinsic::flags, row));
  return span;
}

}  // namespace clew::store
