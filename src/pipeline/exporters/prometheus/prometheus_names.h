// The names under which Prometheus knows metrics and attributes of OpenTelemetry, as the Collector writes
// them.
#pragma once

#include <string>
#include <string_view>

namespace clew::pipeline {

struct PrometheusNaming {
  std::string prefix;         // the exporter's `namespace`
  bool with_suffixes = true;  // of the unit, and _total
};

// "http.server.duration" in ms becomes http_server_duration_milliseconds.
std::string prometheus_metric_name(const PrometheusNaming& naming, std::string_view name,
                                   std::string_view unit, bool is_counter, bool is_gauge);
std::string prometheus_label_name(std::string_view name);

}  // namespace clew::pipeline
