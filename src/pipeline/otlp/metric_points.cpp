#include "pipeline/otlp/metric_points.h"

#include "telemetry/otlp_fields.h"
#include "telemetry/protobuf_reader.h"

namespace clew::pipeline {

bool is_metric_data(uint32_t field) {
  return field == otlp::metric::gauge || field == otlp::metric::sum || field == otlp::metric::histogram ||
         field == otlp::metric::exponential_histogram || field == otlp::metric::summary;
}

uint64_t count_metric_points(std::string_view metric) {
  uint64_t points = 0;
  ProtobufReader reader(metric.data(), metric.size());
  while (reader.next()) {
    if (!is_metric_data(reader.tag())) {
      reader.skip();
      continue;
    }
    ProtobufReader data = reader.get_message();
    while (data.next()) {
      if (data.tag() == otlp::metric_data::points) ++points;
      data.skip();
    }
  }
  return points;
}

}  // namespace clew::pipeline
