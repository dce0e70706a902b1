#include "protocols/otlp/signal_detection.h"

#include <protozero/pbf_reader.hpp>

#include "telemetry/otlp_fields.h"
#include "telemetry/otlp_json.h"

namespace clew::otlp {
namespace {

using protozero::pbf_wire_type;

// The three requests differ only in their innermost messages. A log record has 64-bit times (or the severity,
// a number) where a span has its ids and a metric its name; a span has ids of exactly 16 and 8 bytes.
std::optional<Signal> signal_of_item(protozero::pbf_reader item) {
  bool span = false, log = false, metric = false;
  bool trace_id = false;
  while (item.next()) {
    const uint32_t field = item.tag();
    const pbf_wire_type type = item.wire_type();
    if (type == pbf_wire_type::length_delimited) {
      const size_t size = item.get_view().size();
      if (field == span::trace_id && size == 16) trace_id = true;
      if (field == span::span_id && size == 8 && trace_id) span = true;
      if (field == metric::gauge || field == metric::sum || field == metric::histogram ||
          field == metric::exponential_histogram || field == metric::summary) {
        metric = true;
      }
      continue;
    }
    if (type == pbf_wire_type::fixed64 && (field == log_record::time || field == log_record::observed_time))
      log = true;
    if (type == pbf_wire_type::varint && field == log_record::severity_number) log = true;
    item.skip();
  }
  // A span's attributes (9), events (11) and name (5) have the numbers of a metric's data: its ids decide.
  if (span && !log) return Signal::traces;
  if (log && !span) return Signal::logs;
  if (metric && !log && !span) return Signal::metrics;
  return std::nullopt;
}

std::optional<Signal> signal_of_protobuf(std::string_view body) {
  protozero::pbf_reader request(body.data(), body.size());
  while (request.next(request::resources, pbf_wire_type::length_delimited)) {
    protozero::pbf_reader resource = request.get_message();
    while (resource.next(resource_items::scopes, pbf_wire_type::length_delimited)) {
      protozero::pbf_reader scope = resource.get_message();
      while (scope.next(scope_items::items, pbf_wire_type::length_delimited))
        return signal_of_item(scope.get_message());
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<Signal> detect_signal(Encoding encoding, std::string_view body) {
  if (encoding == Encoding::json) return signal_of_json(body);
  try {
    return signal_of_protobuf(body);
  } catch (const protozero::exception&) {
    return std::nullopt;
  }
}

}  // namespace clew::otlp
