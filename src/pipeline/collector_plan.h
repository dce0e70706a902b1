// CollectorPlan: a configuration that was read and checked, ready to be built. Nothing has been opened or
// started yet.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "pipeline/component.h"
#include "pipeline/component_list.h"
#include "pipeline/config/complaints.h"
#include "pipeline/config/substitution.h"
#include "pipeline/config/value.h"
#include "pipeline/service/service_telemetry.h"

namespace clew::pipeline {

template <typename Type, typename Make>
struct PlannedPart {
  ComponentId id;
  Type type;
  Make make;  // empty when the settings are wrong
  Place place;
};

struct PlannedPipeline {
  PipelineId id;
  Place place;
  std::vector<ComponentId> receivers, processors, exporters;  // connectors stand in either
};

struct CollectorPlan {
  std::map<ComponentId, PlannedPart<ReceiverType, MakeReceiver>> receivers;
  std::map<ComponentId, PlannedPart<ProcessorType, MakeProcessor>> processors;
  std::map<ComponentId, PlannedPart<ExporterType, ExporterPlan>> exporters;
  std::map<ComponentId, PlannedPart<ConnectorType, MakeConnector>> connectors;
  std::map<ComponentId, PlannedPart<ExtensionType, MakeExtension>> extensions;
  std::vector<PlannedPipeline> pipelines;  // those that feed others through connectors come first
  std::vector<ComponentId> enabled_extensions;
  ServiceTelemetry telemetry;

  bool is_connector(const ComponentId& id) const { return connectors.contains(id); }
};

// Reads a whole configuration. What is wrong with it goes into `complaints`; only without errors there may
// the plan be built. `components` must outlive the plan.
CollectorPlan plan_collector(const ConfigValue& configuration, const ComponentList& components,
                             Complaints& complaints);

// Where a configuration comes from: files in order, later ones over earlier ones, then --set.
struct ConfigurationSources {
  std::vector<std::string> files;  // a path, or file:path, env:NAME, yaml:text
  std::vector<std::string> overrides;
  const Environment& environment;
  ReadFile read_file;
};
Result<ConfigValue> load_configuration(const ConfigurationSources& sources);

}  // namespace clew::pipeline
