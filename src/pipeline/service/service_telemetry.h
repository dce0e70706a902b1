// ServiceTelemetry: `service.telemetry`, what the collector tells about itself and where.
#pragma once

#include <optional>
#include <string>

#include "base/log.h"

namespace clew::pipeline {

class Section;

struct ServiceTelemetry {
  LogLevel log_level = LogLevel::info;
  // Where otelcol_… metrics are served in the Prometheus text format; nothing: nowhere.
  std::optional<std::string> metrics_address = "localhost:8888";
};

// From the section `service.telemetry`.
ServiceTelemetry read_service_telemetry(Section& section);

}  // namespace clew::pipeline
