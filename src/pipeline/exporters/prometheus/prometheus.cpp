// prometheus: shows the last value of each metric to a Prometheus that asks.
#include <fmt/format.h>

#include "pipeline/config/section.h"
#include "pipeline/exporters/exporters.h"
#include "pipeline/exporters/prometheus/exposed_metrics.h"
#include "pipeline/self_telemetry.h"
#include "pipeline/service/figures_door.h"

namespace clew::pipeline {
namespace {

struct PrometheusSettings {
  std::string endpoint;
  ExposedMetricsSettings metrics;
  bool open_metrics = false;
};

class PrometheusExporter final : public Exporter {
 public:
  PrometheusExporter(PrometheusSettings settings, const Site& site)
      : settings_(std::move(settings)),
        metrics_(settings_.metrics),
        left_out_(site.telemetry.counter("clew_prometheus_exporter_left_out_points",
                                         {{"exporter", site.id.text()}})) {}

  Status start() override {
    CLEW_ASSIGN(door_, FiguresDoor::open(settings_.endpoint,
                                         [this](const net::Request& request) { return answer(request); }));
    return {};
  }
  void stop() override { door_.reset(); }

  void consume(Batch batch, std::function<void(Outcome)> done) override {
    const Result<uint64_t> left_out = metrics_.add(batch);
    if (!left_out.ok()) return done({.status = left_out.status()});
    left_out_.fetch_add(static_cast<int64_t>(*left_out), std::memory_order_relaxed);
    Outcome outcome{.rejected = *left_out, .rejection = {}};
    if (*left_out > 0)
      outcome.rejection = "exponential histograms, and series beyond the limit, cannot be shown";
    done(std::move(outcome));
  }

 private:
  net::Response answer(const net::Request& request) {
    if (request.path != "/metrics") return net::text_response(404, "404 the metrics are at /metrics\n");
    const std::string_view accept = request.header("accept").value_or("");
    const bool open =
        settings_.open_metrics && accept.find("application/openmetrics-text") != std::string_view::npos;
    net::Response response = net::text_response(200, metrics_.text(open));
    for (auto& [name, value] : response.headers)
      if (name == "content-type")
        value = open ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
                     : "text/plain; version=0.0.4; charset=utf-8";
    return response;
  }

  const PrometheusSettings settings_;
  ExposedMetrics metrics_;
  std::atomic<int64_t>& left_out_;
  std::unique_ptr<FiguresDoor> door_;
};

}  // namespace

ExporterPlan configure_prometheus_exporter(Section& section) {
  PrometheusSettings settings;
  section.read("endpoint", settings.endpoint);
  section.read("namespace", settings.metrics.naming.prefix);
  section.read("add_metric_suffixes", settings.metrics.naming.with_suffixes);
  section.read("send_timestamps", settings.metrics.with_times);
  section.read("metric_expiration", settings.metrics.expiration);
  section.read("enable_open_metrics", settings.open_metrics);
  bool without_scope = false;
  section.read("without_scope_info", without_scope);
  settings.metrics.with_scope_labels = !without_scope;
  if (section.has("const_labels")) {
    Section labels = section.section("const_labels");
    labels.for_each_key([&](const std::string& name, const ConfigValue& value) {
      settings.metrics.const_labels.emplace_back(name, value.text);
    });
  }
  Section resource = section.section("resource_to_telemetry_conversion");
  resource.read("enabled", settings.metrics.with_resource_labels);
  resource.refuse("exclude_service_attributes", "clew does not offer this");
  section.refuse("tls", "clew shows these metrics without TLS; put a proxy in front");
  section.refuse("auth", "clew shows these metrics to everybody; put a proxy in front");
  section.refuse("translation_strategy",
                 "clew writes underscores and, unless add_metric_suffixes is false, suffixes");
  section.ignore({"compression_algorithms", "read_header_timeout"});
  if (settings.endpoint.empty()) section.error("expected endpoint: as in localhost:8889");
  return {.make = [settings](const Site& site) -> Result<std::unique_ptr<Exporter>> {
            return std::unique_ptr<Exporter>(std::make_unique<PrometheusExporter>(settings, site));
          },
          .delivery = std::nullopt};
}

}  // namespace clew::pipeline
