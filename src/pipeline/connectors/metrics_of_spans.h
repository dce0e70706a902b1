// What the connectors that make metrics of spans (spanmetrics, servicegraph) have in common.
#pragma once

#include <cstdint>
#include <memory>
#include <utility>

#include "pipeline/component.h"

namespace clew::pipeline {

// So much may wait for the stages behind; metrics that are not handed on say the same again later.
constexpr uint64_t kMostHeldMetricBytes = uint64_t{64} << 20;

// `Made` is constructed with the settings, its site, and the pipelines of metrics that it feeds.
template <typename Made, typename Settings>
MakeConnector makes_connector_of_metrics(std::shared_ptr<const Settings> settings) {
  return
      [settings = std::move(settings)](
          const Site& site, Signal, const ConnectorOutputs& outputs) -> Result<std::unique_ptr<Connector>> {
        Consumer* next = outputs.all(Signal::metrics);
        if (next == nullptr) return {ErrorKind::bad_input, "no pipeline of metrics receives from it"};
        return std::unique_ptr<Connector>(std::make_unique<Made>(settings, site, *next));
      };
}

}  // namespace clew::pipeline
