// LogRecord → one row.
#include "base/counters.h"
#include "store/columnar/item_decoder.h"
#include "telemetry/otlp_fields.h"
#include "telemetry/protobuf_reader.h"

namespace clew::store {
namespace {

// Severity numbers come in groups of four: 1-4 trace … 21-24 fatal.
constexpr std::string_view kSeverities[] = {"unspecified", "trace", "debug", "info",
                                            "warn",        "error", "fatal"};

std::string_view severity_of(uint64_t number) {
  return number == 0 || number > 24 ? kSeverities[0] : kSeverities[(number + 3) / 4];
}

void write_record(RowWriter& row, std::string_view item, UnixNanos arrival) {
  uint64_t time = 0, observed = 0, severity = 0;
  ProtobufReader reader(item.data(), item.size());
  while (reader.next()) {
    switch (reader.tag()) {
      case otlp::log_record::time:
        time = reader.get_fixed64();
        break;
      case otlp::log_record::observed_time:
        observed = reader.get_fixed64();
        break;
      case otlp::log_record::severity_number:
        severity = reader.get_uint64();
        break;
      case otlp::log_record::severity_text:
        row.nonempty(Intrinsic::severity_text, view_of(reader.get_view()));
        break;
      case otlp::log_record::event_name:
        row.nonempty(Intrinsic::event_name, view_of(reader.get_view()));
        break;
      case otlp::log_record::flags:
        row.nonzero(Intrinsic::flags, reader.get_fixed32());
        break;
      case otlp::log_record::dropped_attributes_count:
        row.nonzero(Intrinsic::dropped_attributes, static_cast<int64_t>(reader.get_uint64()));
        break;
      case otlp::log_record::body: {
        const std::string_view body = view_of(reader.get_view());
        ProtobufReader value(body.data(), body.size());
        // A map is kept whole as JSON too, so that it can be shown and searched as the one thing it is.
        if (value.next() && value.tag() == otlp::any_value::map) row.json_value(names::kBody, body);
        row.intrinsic_value(names::kBody, body);
        break;
      }
      case otlp::log_record::attributes:
        row.attribute(view_of(reader.get_view()));
        break;
      case otlp::log_record::trace_id: {
        const auto id = TraceId::from_bytes(view_of(reader.get_view()));
        if (id && !id->is_zero()) row.string(Intrinsic::trace_id, id->view());
        break;
      }
      case otlp::log_record::span_id: {
        const auto id = SpanId::from_bytes(view_of(reader.get_view()));
        if (id && !id->is_zero()) row.span_id(Intrinsic::parent_id, *id);
        break;
      }
      default:
        reader.skip();
    }
  }
  row.time(time != 0 ? clamp_time(time) : time_or_arrival(observed, arrival));
  if (observed != 0) row.integer(Intrinsic::observed_time, clamp_time(observed).count);
  row.string(Intrinsic::severity, severity_of(severity));
  row.nonzero(Intrinsic::severity_code, static_cast<int64_t>(severity));
  if (row.sample_rate() > 1) row.integer(Intrinsic::sample_rate, row.sample_rate());
}

}  // namespace

void decode_log_record(ItemContext& context, std::string_view item) {
  RowWriter row(context, 1);
  try {
    write_record(row, item, context.arrival);
    ++context.decoded.accepted;
  } catch (const ItemTooLarge& limit) {
    row.reject(limit.reason);
  }
}

}  // namespace clew::store
