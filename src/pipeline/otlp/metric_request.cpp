#include "pipeline/otlp/metric_request.h"

#include <bit>

#include "telemetry/otlp_fields.h"
#include "telemetry/protobuf_writer.h"

namespace clew::pipeline {
namespace {

constexpr uint64_t kDelta = 1, kCumulative = 2;  // AggregationTemporality

void write_attributes(ProtobufWriter& writer, uint32_t field, const TextPairs& attributes) {
  for (const auto& [key, text] : attributes) {
    const auto key_value = writer.begin_message(field);
    writer.bytes(otlp::key_value::key, key);
    const auto value = writer.begin_message(otlp::key_value::value);
    writer.bytes(otlp::any_value::string, text);
    writer.end_message(value);
    writer.end_message(key_value);
  }
}

}  // namespace

void MetricRequest::begin_resource(const TextPairs& attributes) {
  end_resource();
  resource_ = attributes;
}

void MetricRequest::add(std::string_view name, std::string_view unit, MetricKind kind, const MetricTime& time,
                        const std::vector<NumberPoint>& points) {
  if (points.empty()) return;
  ProtobufWriter writer(metrics_);
  const auto metric = writer.begin_message(otlp::scope_items::items);
  writer.bytes(otlp::metric::name, name);
  if (!unit.empty()) writer.bytes(otlp::metric::unit, unit);
  const bool is_sum = kind != MetricKind::gauge;
  const auto data = writer.begin_message(is_sum ? otlp::metric::sum : otlp::metric::gauge);
  for (const NumberPoint& one : points) {
    const auto point = writer.begin_message(otlp::metric_data::points);
    if (is_sum) writer.fixed64(otlp::number_point::start, static_cast<uint64_t>(time.start.count));
    writer.fixed64(otlp::number_point::time, static_cast<uint64_t>(time.at.count));
    if (const auto* integer = std::get_if<int64_t>(&one.value))
      writer.fixed64(otlp::number_point::as_int, static_cast<uint64_t>(*integer));
    else
      writer.floating(otlp::number_point::as_double, std::get<double>(one.value));
    write_attributes(writer, otlp::number_point::attributes, one.attributes);
    writer.end_message(point);
    ++points_;
  }
  if (is_sum) {
    writer.varint(otlp::metric_data::temporality, time.delta ? kDelta : kCumulative);
    if (kind == MetricKind::monotonic_sum) writer.boolean(otlp::metric_data::is_monotonic, true);
  }
  writer.end_message(data);
  writer.end_message(metric);
}

void MetricRequest::add_histogram(std::string_view name, std::string_view unit, const MetricTime& time,
                                  const std::vector<double>& bounds,
                                  const std::vector<HistogramPoint>& points) {
  if (points.empty()) return;
  ProtobufWriter writer(metrics_);
  const auto metric = writer.begin_message(otlp::scope_items::items);
  writer.bytes(otlp::metric::name, name);
  if (!unit.empty()) writer.bytes(otlp::metric::unit, unit);
  const auto data = writer.begin_message(otlp::metric::histogram);
  for (const HistogramPoint& one : points) {
    const auto point = writer.begin_message(otlp::metric_data::points);
    writer.fixed64(otlp::histogram_point::start, static_cast<uint64_t>(time.start.count));
    writer.fixed64(otlp::histogram_point::time, static_cast<uint64_t>(time.at.count));
    writer.fixed64(otlp::histogram_point::count, one.count);
    writer.floating(otlp::histogram_point::sum, one.sum);
    const auto counts = writer.begin_message(otlp::histogram_point::bucket_counts);
    for (const uint64_t count : one.bucket_counts) writer.raw_fixed(count);
    writer.end_message(counts);
    const auto limits = writer.begin_message(otlp::histogram_point::explicit_bounds);
    for (const double bound : bounds) writer.raw_fixed(std::bit_cast<uint64_t>(bound));
    writer.end_message(limits);
    write_attributes(writer, otlp::histogram_point::attributes, one.attributes);
    writer.end_message(point);
    ++points_;
  }
  writer.varint(otlp::metric_data::temporality, time.delta ? kDelta : kCumulative);
  writer.end_message(data);
  writer.end_message(metric);
}

void MetricRequest::end_resource() {
  if (metrics_.empty()) return;
  ProtobufWriter writer(request_);
  const auto resource_metrics = writer.begin_message(otlp::request::resources);
  const auto resource = writer.begin_message(otlp::resource_items::resource);
  write_attributes(writer, otlp::resource::attributes, resource_);
  writer.end_message(resource);
  const auto scope_metrics = writer.begin_message(otlp::resource_items::scopes);
  const auto scope = writer.begin_message(otlp::scope_items::scope);
  writer.bytes(otlp::scope::name, scope_);
  writer.end_message(scope);
  request_ += metrics_;
  writer.end_message(scope_metrics);
  writer.end_message(resource_metrics);
  metrics_.clear();
}

Batch MetricRequest::take() {
  end_resource();
  return {.signal = Signal::metrics, .otlp = SharedBytes(std::move(request_)), .items = points_};
}

}  // namespace clew::pipeline
