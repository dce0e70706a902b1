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

void write_attributes(ProtobufWriter& writer, uint32_t field, const TextPairs& texts,
                      const EncodedPairs& typed) {
  write_attributes(writer, field, texts);
  for (const auto& [key, any_value] : typed) {
    const auto key_value = writer.begin_message(field);
    writer.bytes(otlp::key_value::key, key);
    writer.bytes(otlp::key_value::value, any_value);
    writer.end_message(key_value);
  }
}

void write_exemplars(ProtobufWriter& writer, uint32_t field, const std::vector<Exemplar>& exemplars) {
  for (const Exemplar& one : exemplars) {
    const auto exemplar = writer.begin_message(field);
    writer.fixed64(otlp::exemplar::time, static_cast<uint64_t>(one.at.count));
    writer.floating(otlp::exemplar::as_double, one.value);
    if (!one.span_id.empty()) writer.bytes(otlp::exemplar::span_id, one.span_id);
    if (!one.trace_id.empty()) writer.bytes(otlp::exemplar::trace_id, one.trace_id);
    write_attributes(writer, otlp::exemplar::filtered_attributes, one.attributes);
    writer.end_message(exemplar);
  }
}

void write_times(ProtobufWriter& writer, uint32_t start_field, uint32_t time_field, const MetricTime& time,
                 const PointExtras& extras, bool has_start = true) {
  const UnixNanos start = extras.start.value_or(time.start);
  if (has_start && start.count != 0) writer.fixed64(start_field, static_cast<uint64_t>(start.count));
  writer.fixed64(time_field, static_cast<uint64_t>(extras.at.value_or(time.at).count));
}

constexpr uint64_t kNoRecordedValue = 1;  // DataPointFlags

// Name, unit and description of a metric; the caller ends it.
ProtobufWriter::Nested begin_metric(ProtobufWriter& writer, std::string_view name, std::string_view unit,
                                    std::string_view description) {
  const auto metric = writer.begin_message(otlp::scope_items::items);
  writer.bytes(otlp::metric::name, name);
  if (!description.empty()) writer.bytes(otlp::metric::description, description);
  if (!unit.empty()) writer.bytes(otlp::metric::unit, unit);
  return metric;
}

}  // namespace

void MetricRequest::begin_resource(const TextPairs& attributes) {
  end_resource();
  resource_.clear();
  ProtobufWriter writer(resource_);
  write_attributes(writer, otlp::resource::attributes, attributes);
}

void MetricRequest::begin_resource_message(std::string resource) {
  end_resource();
  resource_ = std::move(resource);
}

void MetricRequest::add(std::string_view name, std::string_view unit, MetricKind kind, const MetricTime& time,
                        const std::vector<NumberPoint>& points, std::string_view description) {
  if (points.empty()) return;
  ProtobufWriter writer(metrics_);
  const auto metric = begin_metric(writer, name, unit, description);
  const bool is_sum = kind != MetricKind::gauge;
  const auto data = writer.begin_message(is_sum ? otlp::metric::sum : otlp::metric::gauge);
  for (const NumberPoint& one : points) {
    const auto point = writer.begin_message(otlp::metric_data::points);
    write_times(writer, otlp::number_point::start, otlp::number_point::time, time, one.extras, is_sum);
    if (one.extras.has_no_value)
      writer.varint(otlp::number_point::flags, kNoRecordedValue);
    else if (const auto* integer = std::get_if<int64_t>(&one.value))
      writer.fixed64(otlp::number_point::as_int, static_cast<uint64_t>(*integer));
    else
      writer.floating(otlp::number_point::as_double, std::get<double>(one.value));
    write_exemplars(writer, otlp::number_point::exemplars, one.extras.exemplars);
    write_attributes(writer, otlp::number_point::attributes, one.attributes, one.extras.typed);
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
                                  const std::vector<HistogramPoint>& points, std::string_view description) {
  if (points.empty()) return;
  ProtobufWriter writer(metrics_);
  const auto metric = begin_metric(writer, name, unit, description);
  const auto data = writer.begin_message(otlp::metric::histogram);
  for (const HistogramPoint& one : points) {
    const auto point = writer.begin_message(otlp::metric_data::points);
    write_times(writer, otlp::histogram_point::start, otlp::histogram_point::time, time, one.extras);
    if (one.extras.has_no_value) {
      writer.varint(otlp::histogram_point::flags, kNoRecordedValue);
    } else {
      writer.fixed64(otlp::histogram_point::count, one.count);
      writer.floating(otlp::histogram_point::sum, one.sum);
      const auto counts = writer.begin_message(otlp::histogram_point::bucket_counts);
      for (const uint64_t count : one.bucket_counts) writer.raw_fixed(count);
      writer.end_message(counts);
      const auto limits = writer.begin_message(otlp::histogram_point::explicit_bounds);
      for (const double bound : bounds) writer.raw_fixed(std::bit_cast<uint64_t>(bound));
      writer.end_message(limits);
    }
    write_exemplars(writer, otlp::histogram_point::exemplars, one.extras.exemplars);
    write_attributes(writer, otlp::histogram_point::attributes, one.attributes, one.extras.typed);
    writer.end_message(point);
    ++points_;
  }
  writer.varint(otlp::metric_data::temporality, time.delta ? kDelta : kCumulative);
  writer.end_message(data);
  writer.end_message(metric);
}

void MetricRequest::add_exponential(std::string_view name, std::string_view unit, const MetricTime& time,
                                    const std::vector<ExponentialPoint>& points) {
  if (points.empty()) return;
  ProtobufWriter writer(metrics_);
  const auto metric = begin_metric(writer, name, unit, {});
  const auto data = writer.begin_message(otlp::metric::exponential_histogram);
  for (const ExponentialPoint& one : points) {
    const auto point = writer.begin_message(otlp::metric_data::points);
    write_attributes(writer, otlp::exponential_point::attributes, {}, one.extras.typed);
    write_times(writer, otlp::exponential_point::start, otlp::exponential_point::time, time, one.extras);
    writer.fixed64(otlp::exponential_point::count, one.count);
    writer.floating(otlp::exponential_point::sum, one.sum);
    writer.sint32(otlp::exponential_point::scale, one.scale);
    writer.fixed64(otlp::exponential_point::zero_count, one.zero_count);
    const auto positive = writer.begin_message(otlp::exponential_point::positive);
    writer.sint32(otlp::exponential_buckets::offset, one.offset);
    const auto counts = writer.begin_message(otlp::exponential_buckets::bucket_counts);
    for (const uint64_t count : one.bucket_counts) writer.raw_varint(count);
    writer.end_message(counts);
    writer.end_message(positive);
    write_exemplars(writer, otlp::exponential_point::exemplars, one.extras.exemplars);
    writer.end_message(point);
    ++points_;
  }
  writer.varint(otlp::metric_data::temporality, time.delta ? kDelta : kCumulative);
  writer.end_message(data);
  writer.end_message(metric);
}

void MetricRequest::add_summary(std::string_view name, std::string_view unit, const MetricTime& time,
                                const std::vector<SummaryPoint>& points, std::string_view description) {
  if (points.empty()) return;
  ProtobufWriter writer(metrics_);
  const auto metric = begin_metric(writer, name, unit, description);
  const auto data = writer.begin_message(otlp::metric::summary);
  for (const SummaryPoint& one : points) {
    const auto point = writer.begin_message(otlp::metric_data::points);
    write_times(writer, otlp::summary_point::start, otlp::summary_point::time, time, one.extras);
    if (one.extras.has_no_value) {
      writer.varint(otlp::summary_point::flags, kNoRecordedValue);
    } else {
      writer.fixed64(otlp::summary_point::count, one.count);
      writer.floating(otlp::summary_point::sum, one.sum);
      for (const auto& [quantile, value] : one.quantiles) {
        const auto nested = writer.begin_message(otlp::summary_point::quantile_values);
        writer.floating(otlp::quantile::quantile, quantile);
        writer.floating(otlp::quantile::value, value);
        writer.end_message(nested);
      }
    }
    write_attributes(writer, otlp::summary_point::attributes, one.attributes, one.extras.typed);
    writer.end_message(point);
    ++points_;
  }
  writer.end_message(data);
  writer.end_message(metric);
}

void MetricRequest::end_resource() {
  if (metrics_.empty()) return;
  ProtobufWriter writer(request_);
  const auto resource_metrics = writer.begin_message(otlp::request::resources);
  writer.bytes(otlp::resource_items::resource, resource_);
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
