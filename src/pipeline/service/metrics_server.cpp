#include "pipeline/service/metrics_server.h"

#include <fmt/format.h>

#include "base/counters.h"
#include "pipeline/self_telemetry.h"
#include "pipeline/service/figures_door.h"
#include "pipeline/service/process_figures.h"

namespace clew::pipeline {
namespace {

class Serving final : public MetricsServer {
 public:
  explicit Serving(std::unique_ptr<FiguresDoor> door) : door_(std::move(door)) {}

 private:
  const std::unique_ptr<FiguresDoor> door_;
};

}  // namespace

Result<std::unique_ptr<MetricsServer>> MetricsServer::start(const std::string& address,
                                                            const SelfTelemetry& telemetry) {
  CLEW_ASSIGN(std::unique_ptr<FiguresDoor> door,
              FiguresDoor::open(address, [&telemetry](const net::Request& request) {
                if (request.path != "/metrics")
                  return net::text_response(404, "404 the metrics are at /metrics\n");
                return net::text_response(200, all_metrics_as_prometheus_text(telemetry));
              }));
  return std::unique_ptr<MetricsServer>(std::make_unique<Serving>(std::move(door)));
}

std::string all_metrics_as_prometheus_text(const SelfTelemetry& telemetry) {
  const ProcessFigures figures = process_figures();
  return telemetry.prometheus_text() +
         fmt::format(
             "# TYPE otelcol_process_uptime counter\notelcol_process_uptime {}\n"
             "# TYPE otelcol_process_cpu_seconds counter\notelcol_process_cpu_seconds {}\n"
             "# TYPE otelcol_process_memory_rss gauge\notelcol_process_memory_rss {}\n"
             "# TYPE otelcol_process_runtime_heap_alloc_bytes gauge\n"
             "otelcol_process_runtime_heap_alloc_bytes {}\n",
             figures.uptime.to_seconds(), figures.cpu.to_seconds(), figures.resident_bytes,
             figures.heap_bytes) +
         counters_as_prometheus_text();
}

}  // namespace clew::pipeline
