// MetricsServer: a collector's own figures for Prometheus, at the address that `service.telemetry.metrics`
// names.
#pragma once

#include <memory>
#include <string>

#include "base/result.h"

namespace clew::pipeline {

class SelfTelemetry;

class MetricsServer {
 public:
  // `telemetry` must outlive it.
  static Result<std::unique_ptr<MetricsServer>> start(const std::string& address,
                                                      const SelfTelemetry& telemetry);
  virtual ~MetricsServer() = default;
};

// All figures: otelcol_… and those of the process, then clew's own counters.
std::string all_metrics_as_prometheus_text(const SelfTelemetry& telemetry);

}  // namespace clew::pipeline
