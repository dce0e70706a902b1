// Row → LogRecord.
#include "store/columnar/item_encoder.h"
#include "telemetry/otlp_fields.h"

namespace clew::store {

std::string encode_log_record(const GranuleRows& rows, uint32_t row) {
  std::string record;
  ProtobufWriter to(record);
  const auto text = [&](uint32_t field, Intrinsic column) {
    if (rows.has(column, row)) to.bytes(field, rows.text(column, row));
  };
  // A record that came without a time of its own has the time at which it was observed, and keeps that.
  to.fixed64(otlp::log_record::time, static_cast<uint64_t>(rows.integer(Intrinsic::time, row)));
  if (const int64_t severity = rows.integer(Intrinsic::severity_code, row); severity != 0)
    to.varint(otlp::log_record::severity_number, static_cast<uint64_t>(severity));
  text(otlp::log_record::severity_text, Intrinsic::severity_text);
  rows.write_body(to, otlp::log_record::body, row);
  rows.write_attributes(to, otlp::log_record::attributes, row);
  if (const int64_t dropped = rows.integer(Intrinsic::dropped_attributes, row); dropped != 0)
    to.varint(otlp::log_record::dropped_attributes_count, static_cast<uint64_t>(dropped));
  if (const int64_t flags = rows.integer(Intrinsic::flags, row); flags != 0)
    to.fixed32(otlp::log_record::flags, static_cast<uint32_t>(flags));
  text(otlp::log_record::trace_id, Intrinsic::trace_id);
  text(otlp::log_record::span_id, Intrinsic::parent_id);
  if (rows.has(Intrinsic::observed_time, row))
    to.fixed64(otlp::log_record::observed_time,
               static_cast<uint64_t>(rows.integer(Intrinsic::observed_time, row)));
  text(otlp::log_record::event_name, Intrinsic::event_name);
  return record;
}

}  // namespace clew::store
