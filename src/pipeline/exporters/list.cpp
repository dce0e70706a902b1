#include <array>

#include "pipeline/component_list.h"
#include "pipeline/exporters/exporters.h"

namespace clew::pipeline {
namespace {

constexpr std::array kExporters = {
    ExporterType{"clew", "Keeps everything in clew's store", kAllSignals, configure_clew},
    ExporterType{"otlp", "Sends over OTLP/gRPC", kAllSignals, configure_otlp_grpc, "otlp_grpc"},
    ExporterType{"otlphttp", "Sends over OTLP/HTTP", kAllSignals, configure_otlp_http, "otlp_http"},
    ExporterType{"debug", "Writes to standard error", kAllSignals, configure_debug},
    ExporterType{"file", "Appends to a file, with rotation", kAllSignals, configure_file},
    ExporterType{"loadbalancing", "Shares items out among backends, those of a trace to one", kAllSignals,
                 configure_loadbalancing, "load_balancing"},
    ExporterType{"nop", "Takes everything and does nothing", kAllSignals, configure_nop},
    ExporterType{"prometheus",
                 "Shows metrics to a Prometheus that asks",
                 {Signal::metrics},
                 configure_prometheus_exporter},
    ExporterType{"zipkin", "Sends spans to a Zipkin", {Signal::traces}, configure_zipkin},
};

}  // namespace

std::span<const ExporterType> all_exporters() {
  return kExporters;
}

}  // namespace clew::pipeline
