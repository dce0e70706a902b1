#include "pipeline/component_list.h"

#include <array>

namespace clew::pipeline {
namespace {

constexpr std::array kMissing = {
    MissingType{"k8sattributes",
                "clew does not talk to the Kubernetes API; set k8s.* through "
                "OTEL_RESOURCE_ATTRIBUTES and the downward API, or keep this processor in a "
                "Collector in front"},
    MissingType{"k8s_attributes",
                "clew does not talk to the Kubernetes API; set k8s.* through "
                "OTEL_RESOURCE_ATTRIBUTES and the downward API, or keep this processor in a "
                "Collector in front"},
    MissingType{"resourcedetection",
                "clew asks no cloud who it is; set OTEL_RESOURCE_ATTRIBUTES in the application, or the "
                "attributes with the resource processor, or keep this processor in a Collector in front"},
    MissingType{"logging", "it was renamed to 'debug'"},
    MissingType{"awscloudwatch",
                "clew does not fetch logs from AWS; awscloudwatchlogs takes what clients put, and what a "
                "subscription delivers goes to clew serve"},
    MissingType{"kafka", "clew has no Kafka client"},
    MissingType{"prometheusremotewrite",
                "Prometheus takes OTLP: otlphttp with the endpoint http://prometheus:9090/api/v1/otlp"},
    MissingType{"loki", "Loki takes OTLP: otlphttp with the endpoint http://loki:3100/otlp"},
    MissingType{"span", "transform does what it did: set(span.name, …), ExtractPatterns"},
    MissingType{"metricstransform", "transform does most of what it did: set(metric.name, …)"},
    MissingType{"groupbyattrs", "clew does not offer this; batch joins what has the same resource already"},
    MissingType{"cumulativetodelta", "clew does not offer this; its store keeps either temporality"},
    MissingType{"deltatocumulative",
                "clew does not offer this; its store keeps either temporality, and the prometheus exporter "
                "adds differences up"},
    MissingType{"pprof", "it profiles Go programs; use perf on clew"},
    MissingType{"opencensus", "OpenCensus has ended; its libraries can send OTLP"},
    MissingType{"memory_ballast", "it tuned Go's memory and was removed; use memory_limiter"},
};

}  // namespace

std::span<const MissingType> missing_components() {
  return kMissing;
}

ComponentList list_components(std::span<const ReceiverType> protocol_receivers,
                              std::span<const ExporterType> protocol_exporters) {
  const auto all = [](auto span) { return std::vector(span.begin(), span.end()); };
  ComponentList list{all(own_receivers()), all(all_processors()), all(all_exporters()), all(all_connectors()),
                     all(all_extensions())};
  list.receivers.insert(list.receivers.begin(), protocol_receivers.begin(), protocol_receivers.end());
  list.exporters.insert(list.exporters.begin(), protocol_exporters.begin(), protocol_exporters.end());
  return list;
}

}  // namespace clew::pipeline
