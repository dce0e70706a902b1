#include "pipeline/service/metrics_server.h"

#include <fmt/format.h>

#include "base/counters.h"
#include "base/time.h"
#include "net/server.h"
#include "pipeline/self_telemetry.h"
#include "pipeline/service/process_figures.h"

namespace clew::pipeline {
namespace {

class Serving final : public MetricsServer {
 public:
  explicit Serving(const SelfTelemetry& telemetry) : telemetry_(telemetry) {}
  ~Serving() override {
    if (server_) server_->stop({});
  }
  Status open(const std::string& address) {
    net::ServerOptions options{.doors = {{address}}, .threads = 1};
    CLEW_ASSIGN(server_,
                net::Server::start(std::move(options),
                                   [this](const net::Request& request, const net::Responder& responder) {
                                     answer(request, responder);
                                   },
                                   {}));
    return {};
  }

 private:
  void answer(const net::Request& request, const net::Responder& responder) const {
    if (request.path != "/metrics")
      return responder.send(net::text_response(404, "404 the metrics are at /metrics\n"));
    net::Response response = net::text_response(200, all_metrics_as_prometheus_text(telemetry_));
    responder.send(std::move(response));
  }

  const SelfTelemetry& telemetry_;
  std::unique_ptr<net::Server> server_;
};

}  // namespace

Result<std::unique_ptr<MetricsServer>> MetricsServer::start(const std::string& address,
                                                            const SelfTelemetry& telemetry) {
  auto server = std::make_unique<Serving>(telemetry);
  CLEW_TRY(server->open(address));
  return std::unique_ptr<MetricsServer>(std::move(server));
}

std::string all_metrics_as_prometheus_text(const SelfTelemetry& telemetry) {
  const ProcessFigures figures = process_figures();
  return telemetry.prometheus_text() +
         fmt::format(
             "# TYPE otelcol_process_uptime counter\notelcol_process_uptime {}\n"
             "# TYPE otelcol_process_cpu_seconds counter\notelcol_process_cpu_seconds {}\n"
             "# TYPE otelcol_process_memory_rss gauge\notelcol_process_memory_rss {}\n",
             figures.uptime.to_seconds(), figures.cpu.to_seconds(), figures.resident_bytes) +
         counters_as_prometheus_text();
}

}  // namespace clew::pipeline
