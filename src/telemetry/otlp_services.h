// The gRPC services of OTLP.
#pragma once

#include <string_view>

#include "telemetry/batch.h"

namespace clew {

// The method that takes export requests of a signal.
constexpr std::string_view export_method(Signal signal) {
  switch (signal) {
    case Signal::traces:
      return "/opentelemetry.proto.collector.trace.v1.TraceService/Export";
    case Signal::logs:
      return "/opentelemetry.proto.collector.logs.v1.LogsService/Export";
    case Signal::metrics:
      return "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export";
  }
  return {};
}

}  // namespace clew
