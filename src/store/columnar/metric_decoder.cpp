// Metric → one row for each of its data points. What has no column of its own (bounds, bucket counts,
// quantiles, exemplars) is kept as the point's protobuf fields, so that nothing is lost.
#include <optional>
#include <string>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "base/counters.h"
#include "store/columnar/item_decoder.h"
#include "store/columnar/older_metric.h"
#include "telemetry/otlp_fields.h"
#include "telemetry/protobuf_reader.h"

namespace clew::store {
namespace {

enum class Kind { gauge, sum, histogram, exponential_histogram, summary };
constexpr std::string_view kKindNames[] = {"gauge", "sum", "histogram", "exponential_histogram", "summary"};

uint64_t hash_of(std::string_view bytes) {
  return XXH3_64bits(bytes.data(), bytes.size());
}

struct MetricFields {
  std::string_view name, description, unit;
  uint64_t hash = 0;     // of the name and the origin
  std::string metadata;  // the metadata fields as they came
  uint64_t temporality = 0;
  bool monotonic = false;
};

// Where the common fields stand in each kind of point; 0: the kind has no such field.
struct PointLayout {
  uint32_t attributes, start, time, count, sum, min, max, flags;
};
constexpr PointLayout kLayouts[] = {
    {otlp::number_point::attributes, otlp::number_point::start, otlp::number_point::time, 0, 0, 0, 0,
     otlp::number_point::flags},
    {otlp::number_point::attributes, otlp::number_point::start, otlp::number_point::time, 0, 0, 0, 0,
     otlp::number_point::flags},
    {otlp::histogram_point::attributes, otlp::histogram_point::start, otlp::histogram_point::time,
     otlp::histogram_point::count, otlp::histogram_point::sum, otlp::histogram_point::min,
     otlp::histogram_point::max, otlp::histogram_point::flags},
    {otlp::exponential_point::attributes, otlp::exponential_point::start, otlp::exponential_point::time,
     otlp::exponential_point::count, otlp::exponential_point::sum, otlp::exponential_point::min,
     otlp::exponential_point::max, otlp::exponential_point::flags},
    {otlp::summary_point::attributes, otlp::summary_point::start, otlp::summary_point::time,
     otlp::summary_point::count, otlp::summary_point::sum, 0, 0, otlp::summary_point::flags},
};

void write_point(RowWriter& row, std::string_view item, Kind kind, const MetricFields& metric,
                 UnixNanos arrival) {
  const PointLayout& layout = kLayouts[static_cast<size_t>(kind)];
  const bool is_number = kind == Kind::gauge || kind == Kind::sum;
  uint64_t time = 0, start = 0;
  uint64_t series = metric.hash;
  std::string rest;
  ProtobufReader reader(item.data(), item.size());
  const char* field_begin = item.data();
  while (reader.next()) {
    const uint32_t tag = reader.tag();
    bool kept = true;
    if (tag == layout.attributes) {
      const std::string_view attribute = view_of(reader.get_view());
      series += hash_of(attribute);  // whatever the order of the attributes
      row.attribute(attribute);
    } else if (tag == layout.start)
      start = reader.get_fixed64();
    else if (tag == layout.time)
      time = reader.get_fixed64();
    else if (tag == layout.flags)
      row.nonzero(Intrinsic::flags, static_cast<int64_t>(reader.get_uint64()));
    else if (is_number && tag == otlp::number_point::as_double)
      row.floating(Intrinsic::metric_value_float, reader.get_double());
    else if (is_number && tag == otlp::number_point::as_int)
      row.integer(Intrinsic::metric_value_integer, reader.get_sfixed64());
    else if (layout.count != 0 && tag == layout.count)
      row.integer(Intrinsic::metric_count, static_cast<int64_t>(reader.get_fixed64()));
    else if (layout.sum != 0 && tag == layout.sum)
      row.floating(Intrinsic::metric_sum, reader.get_double());
    else if (layout.min != 0 && tag == layout.min)
      row.floating(Intrinsic::metric_min, reader.get_double());
    else if (layout.max != 0 && tag == layout.max)
      row.floating(Intrinsic::metric_max, reader.get_double());
    else {
      reader.skip();
      kept = false;
    }
    const char* field_end = item.data() + (item.size() - reader.length());
    if (!kept) rest.append(field_begin, field_end);
    field_begin = field_end;
  }
  row.nonempty(Intrinsic::metric_point, rest);
  row.time(time_or_arrival(time, arrival));
  if (start != 0) row.integer(Intrinsic::metric_start, clamp_time(start).count);
  row.integer(Intrinsic::metric_series, static_cast<int64_t>(series));
  row.string(Intrinsic::metric_name, metric.name);
  row.string(Intrinsic::metric_kind, kKindNames[static_cast<size_t>(kind)]);
  row.nonempty(Intrinsic::metric_unit, metric.unit);
  row.nonempty(Intrinsic::metric_description, metric.description);
  row.nonempty(Intrinsic::metric_metadata, metric.metadata);
  if (metric.temporality == 1) row.string(Intrinsic::metric_temporality, "delta");
  if (metric.temporality == 2) row.string(Intrinsic::metric_temporality, "cumulative");
  if (metric.monotonic) row.boolean(Intrinsic::metric_monotonic);
}

// Of the kinds that older versions have; nothing when the point is as version 1 writes it.
std::optional<OlderPoint> older_shape_of(std::string_view point, Kind kind, bool whole_numbers) {
  if (kind == Kind::exponential_histogram || (!whole_numbers && !has_labels(point))) return std::nullopt;
  if (kind == Kind::summary) return OlderPoint::summary;
  if (kind == Kind::histogram) return whole_numbers ? OlderPoint::int_histogram : OlderPoint::histogram;
  return whole_numbers ? OlderPoint::int_number : OlderPoint::number;
}

void decode_points(ItemContext& context, std::string_view data, Kind kind, bool whole_numbers,
                   MetricFields& metric) {
  ProtobufReader first(data.data(), data.size());
  while (first.next()) {
    if (first.tag() == otlp::metric_data::temporality && kind != Kind::gauge && kind != Kind::summary)
      metric.temporality = first.get_uint64();
    else if (first.tag() == otlp::metric_data::is_monotonic && kind == Kind::sum)
      metric.monotonic = first.get_bool();
    else
      first.skip();
  }
  ProtobufReader second(data.data(), data.size());
  while (second.next()) {
    if (second.tag() != otlp::metric_data::points) {
      second.skip();
      continue;
    }
    std::string_view point = view_of(second.get_view());
    std::string renewed;
    if (const auto shape = older_shape_of(point, kind, whole_numbers)) {
      renewed = renewed_point(point, *shape);
      point = renewed;
    }
    RowWriter row(context, 1);
    try {
      write_point(row, point, kind, metric, context.arrival);
      ++context.decoded.accepted;
    } catch (const ItemTooLarge& limit) {
      row.reject(limit.reason);
    }
  }
}

}  // namespace

void decode_metric(ItemContext& context, std::string_view item) {
  MetricFields metric;
  std::string_view data;
  Kind kind = Kind::gauge;
  bool whole_numbers = false;  // in messages of their own
  ProtobufReader reader(item.data(), item.size());
  const char* field_begin = item.data();
  while (reader.next()) {
    switch (reader.tag()) {
      case otlp::metric::name:
        metric.name = view_of(reader.get_view());
        break;
      case otlp::metric::description:
        metric.description = view_of(reader.get_view());
        break;
      case otlp::metric::unit:
        metric.unit = view_of(reader.get_view());
        break;
      case otlp::metric::gauge:
        kind = Kind::gauge, data = view_of(reader.get_view());
        break;
      case otlp::metric::sum:
        kind = Kind::sum, data = view_of(reader.get_view());
        break;
      case otlp::metric::histogram:
        kind = Kind::histogram, data = view_of(reader.get_view());
        break;
      case otlp::metric::exponential_histogram:
        kind = Kind::exponential_histogram, data = view_of(reader.get_view());
        break;
      case otlp::metric::summary:
        kind = Kind::summary, data = view_of(reader.get_view());
        break;
      case older_metric::int_gauge:
        kind = Kind::gauge, whole_numbers = true, data = view_of(reader.get_view());
        break;
      case older_metric::int_sum:
        kind = Kind::sum, whole_numbers = true, data = view_of(reader.get_view());
        break;
      case older_metric::int_histogram:
        kind = Kind::histogram, whole_numbers = true, data = view_of(reader.get_view());
        break;
      case otlp::metric::metadata:
        reader.skip();
        metric.metadata.append(field_begin, item.data() + (item.size() - reader.length()));
        break;
      default:
        reader.skip();
    }
    field_begin = item.data() + (item.size() - reader.length());
  }
  metric.hash = hash_of(metric.name) ^ (hash_of(context.envelope) * 3);
  decode_points(context, data, kind, whole_numbers, metric);
}

}  // namespace clew::store
