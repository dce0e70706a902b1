// Row → data point, and the metric it belongs to.
#include <array>

#include "store/columnar/item_encoder.h"
#include "telemetry/otlp_fields.h"

namespace clew::store {
namespace {

// Where the common fields stand in each kind of point; 0: the kind has no such field.
struct Kind {
  std::string_view name;
  uint32_t data, attributes, start, time, count, sum, min, max, flags;
};
constexpr std::array<Kind, 5> kKinds = {{
    {"gauge", otlp::metric::gauge, otlp::number_point::attributes, otlp::number_point::start,
     otlp::number_point::time, 0, 0, 0, 0, otlp::number_point::flags},
    {"sum", otlp::metric::sum, otlp::number_point::attributes, otlp::number_point::start,
     otlp::number_point::time, 0, 0, 0, 0, otlp::number_point::flags},
    {"histogram", otlp::metric::histogram, otlp::histogram_point::attributes, otlp::histogram_point::start,
     otlp::histogram_point::time, otlp::histogram_point::count, otlp::histogram_point::sum,
     otlp::histogram_point::min, otlp::histogram_point::max, otlp::histogram_point::flags},
    {"exponential_histogram", otlp::metric::exponential_histogram, otlp::exponential_point::attributes,
     otlp::exponential_point::start, otlp::exponential_point::time, otlp::exponential_point::count,
     otlp::exponential_point::sum, otlp::exponential_point::min, otlp::exponential_point::max,
     otlp::exponential_point::flags},
    {"summary", otlp::metric::summary, otlp::summary_point::attributes, otlp::summary_point::start,
     otlp::summary_point::time, otlp::summary_point::count, otlp::summary_point::sum, 0, 0,
     otlp::summary_point::flags},
}};

const Kind& kind_named(std::string_view name) {
  for (const Kind& kind : kKinds) {
    if (kind.name == name) return kind;
  }
  return kKinds[0];
}

std::string write_point(const GranuleRows& rows, uint32_t row, const Kind& kind) {
  std::string point;
  ProtobufWriter to(point);
  const auto floating = [&](uint32_t field, Intrinsic column) {
    if (field != 0 && rows.has(column, row)) to.floating(field, rows.floating(column, row));
  };
  if (rows.has(Intrinsic::metric_start, row))
    to.fixed64(kind.start, static_cast<uint64_t>(rows.integer(Intrinsic::metric_start, row)));
  to.fixed64(kind.time, static_cast<uint64_t>(rows.integer(Intrinsic::time, row)));
  rows.write_attributes(to, kind.attributes, row);
  if (kind.count == 0) {
    if (rows.has(Intrinsic::metric_value_integer, row))
      to.fixed64(otlp::number_point::as_int,
                 static_cast<uint64_t>(rows.integer(Intrinsic::metric_value_integer, row)));
    floating(otlp::number_point::as_double, Intrinsic::metric_value_float);
  } else if (rows.has(Intrinsic::metric_count, row)) {
    to.fixed64(kind.count, static_cast<uint64_t>(rows.integer(Intrinsic::metric_count, row)));
  }
  floating(kind.sum, Intrinsic::metric_sum);
  floating(kind.min, Intrinsic::metric_min);
  floating(kind.max, Intrinsic::metric_max);
  if (const int64_t flags = rows.integer(Intrinsic::flags, row); flags != 0)
    to.varint(kind.flags, static_cast<uint64_t>(flags));
  return point += rows.text(Intrinsic::metric_point, row);
}

}  // namespace

MetricPoint encode_metric_point(const GranuleRows& rows, uint32_t row) {
  const Kind& kind = kind_named(rows.text(Intrinsic::metric_kind, row));
  MetricPoint made{.metric = {}, .kind = kind.data, .data = {}, .point = write_point(rows, row, kind)};
  ProtobufWriter metric(made.metric), data(made.data);
  const auto text = [&](uint32_t field, Intrinsic column) {
    if (rows.has(column, row)) metric.bytes(field, rows.text(column, row));
  };
  text(otlp::metric::name, Intrinsic::metric_name);
  text(otlp::metric::description, Intrinsic::metric_description);
  text(otlp::metric::unit, Intrinsic::metric_unit);
  made.metric += rows.text(Intrinsic::metric_metadata, row);
  const std::string_view temporality = rows.text(Intrinsic::metric_temporality, row);
  if (!temporality.empty()) data.varint(otlp::metric_data::temporality, temporality == "delta" ? 1 : 2);
  if (rows.has(Intrinsic::metric_monotonic, row)) data.boolean(otlp::metric_data::is_monotonic, true);
  return made;
}

}  // namespace clew::store
