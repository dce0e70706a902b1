// Editors of metrics: what is a sum becomes a gauge, and the other way round.
#include "pipeline/ottl/functions.h"
#include "telemetry/otlp_fields.h"
#include "telemetry/protobuf_writer.h"

namespace clew::pipeline::ottl {
namespace {

// The points of one kind of data, as they are, in another.
void move_points(MessageEditor& metric, uint32_t from, uint32_t to, std::string_view about_them) {
  MessageEditor data;
  data.reset(metric.bytes(from), 0);
  std::string moved;
  ProtobufWriter writer(moved);
  data.for_each(otlp::metric_data::points,
                [&](std::string_view point) { writer.bytes(otlp::metric_data::points, point); });
  moved.append(about_them);
  metric.remove(from);
  metric.set_bytes(to, moved);
}

Getter build_sum_to_gauge(Arguments& arguments) {
  arguments.stands_only_in(Context::metric);
  return [](Subject& subject) -> Result<Value> {
    MessageEditor& metric = *subject.item;
    if (metric.has(otlp::metric::sum)) move_points(metric, otlp::metric::sum, otlp::metric::gauge, {});
    return Value();
  };
}

Getter build_gauge_to_sum(Arguments& arguments) {
  arguments.stands_only_in(Context::metric);
  const std::string temporality = arguments.text(0);
  if (temporality != "cumulative" && temporality != "delta")
    arguments.mistake(0, "expected cumulative or delta");
  const bool is_monotonic = arguments.truth(1);
  std::string about_them;
  ProtobufWriter writer(about_them);
  writer.varint(otlp::metric_data::temporality, temporality == "delta" ? 1 : 2);
  if (is_monotonic) writer.boolean(otlp::metric_data::is_monotonic, true);
  return [about_them](Subject& subject) -> Result<Value> {
    MessageEditor& metric = *subject.item;
    if (metric.has(otlp::metric::gauge))
      move_points(metric, otlp::metric::gauge, otlp::metric::sum, about_them);
    return Value();
  };
}

constexpr FunctionRow kRows[] = {
    {"convert_sum_to_gauge", "", build_sum_to_gauge},
    {"convert_gauge_to_sum", "aggregation_temporality, is_monotonic", build_gauge_to_sum},
};

}  // namespace

std::span<const FunctionRow> metric_editors() {
  return kRows;
}

}  // namespace clew::pipeline::ottl
