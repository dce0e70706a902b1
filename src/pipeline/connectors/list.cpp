#include <array>

#include "pipeline/component_list.h"
#include "pipeline/connectors/connectors.h"

namespace clew::pipeline {
namespace {

constexpr std::array kConnectors = {
    ConnectorType{"forward", "Leads from one pipeline into others", kAllSignals, kAllSignals, true,
                  configure_forward},
    ConnectorType{"routing", "Leads into pipelines by conditions", kAllSignals, kAllSignals, true,
                  configure_routing},
    ConnectorType{"servicegraph",
                  "Counts and measures the requests between services",
                  {Signal::traces},
                  {Signal::metrics},
                  false,
                  configure_servicegraph,
                  "service_graph"},
    ConnectorType{"spanmetrics",
                  "Counts and measures spans",
                  {Signal::traces},
                  {Signal::metrics},
                  false,
                  configure_spanmetrics,
                  "span_metrics"},
};

}  // namespace

std::span<const ConnectorType> all_connectors() {
  return kConnectors;
}

}  // namespace clew::pipeline
