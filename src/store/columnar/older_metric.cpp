#include "store/columnar/older_metric.h"

#include "store/columnar/key_value.h"
#include "telemetry/otlp_fields.h"
#include "telemetry/protobuf_reader.h"
#include "telemetry/protobuf_writer.h"

namespace clew::store {
namespace {

constexpr uint32_t kLabels = 1;  // of every point, and of exemplars
constexpr uint32_t kValue = 4;   // of a point of whole numbers
constexpr uint32_t kExemplarValue = 3;

// {key, value} of texts as an attribute.
void write_attribute(ProtobufWriter& writer, uint32_t field, std::string_view label) {
  const KeyValue pair = read_key_value(label);
  const auto attribute = writer.begin_message(field);
  writer.bytes(otlp::key_value::key, pair.key);
  const auto any = writer.begin_message(otlp::key_value::value);
  writer.bytes(otlp::any_value::string, pair.value);
  writer.end_message(any);
  writer.end_message(attribute);
}

void write_exemplar(ProtobufWriter& writer, uint32_t field, std::string_view exemplar, bool whole_numbers) {
  const auto written = writer.begin_message(field);
  ProtobufReader reader(exemplar.data(), exemplar.size());
  while (reader.next()) {
    const uint32_t tag = reader.tag();
    if (tag == kLabels)
      write_attribute(writer, otlp::exemplar::filtered_attributes, view_of(reader.get_view()));
    else if (tag == kExemplarValue)
      writer.fixed64(whole_numbers ? otlp::exemplar::as_int : otlp::exemplar::as_double,
                     reader.get_fixed64());
    else if (tag == otlp::exemplar::time)
      writer.fixed64(tag, reader.get_fixed64());
    else if (tag == otlp::exemplar::span_id || tag == otlp::exemplar::trace_id)
      writer.bytes(tag, view_of(reader.get_view()));
    else
      reader.skip();
  }
  writer.end_message(written);
}

bool is_histogram(OlderPoint shape) {
  return shape == OlderPoint::histogram || shape == OlderPoint::int_histogram;
}

uint32_t attributes_of(OlderPoint shape) {
  if (is_histogram(shape)) return otlp::histogram_point::attributes;
  if (shape == OlderPoint::summary) return otlp::summary_point::attributes;
  return otlp::number_point::attributes;
}

// 0: summaries have none.
uint32_t exemplars_of(OlderPoint shape) {
  if (is_histogram(shape)) return otlp::histogram_point::exemplars;
  if (shape == OlderPoint::summary) return 0;
  return otlp::number_point::exemplars;
}

}  // namespace

bool has_labels(std::string_view point) {
  ProtobufReader reader(point.data(), point.size());
  return reader.next() && reader.tag() == kLabels;
}

std::string renewed_point(std::string_view point, OlderPoint shape) {
  const bool whole_numbers = shape == OlderPoint::int_number || shape == OlderPoint::int_histogram;
  std::string renewed;
  ProtobufWriter writer(renewed);
  ProtobufReader reader(point.data(), point.size());
  const char* field_begin = point.data();
  while (reader.next()) {
    const uint32_t tag = reader.tag();
    bool copied = false;
    if (tag == kLabels) {
      write_attribute(writer, attributes_of(shape), view_of(reader.get_view()));
    } else if (tag == exemplars_of(shape)) {
      write_exemplar(writer, tag, view_of(reader.get_view()), whole_numbers);
    } else if (shape == OlderPoint::int_number && tag == kValue) {
      writer.fixed64(otlp::number_point::as_int, reader.get_fixed64());
    } else if (shape == OlderPoint::int_histogram && tag == otlp::histogram_point::sum) {
      writer.floating(tag, static_cast<double>(reader.get_sfixed64()));
    } else {
      reader.skip();
      copied = true;
    }
    const char* field_end = point.data() + (point.size() - reader.length());
    if (copied) renewed.append(field_begin, field_end);
    field_begin = field_end;
  }
  return renewed;
}

}  // namespace clew::store
