// The lists of parts that a configuration may name. Each kind has one visible list: the file
// src/pipeline/<kind>s/list.cpp. Receivers and exporters of protocols live above the
// pipeline and are added by the program.
#pragma once

#include <span>
#include <vector>

#include "pipeline/component.h"

namespace clew::pipeline {

std::span<const ReceiverType> own_receivers();
std::span<const ProcessorType> all_processors();
std::span<const ExporterType> all_exporters();
std::span<const ConnectorType> all_connectors();
std::span<const ExtensionType> all_extensions();
// Of every kind: named in people's files, and not offered.
std::span<const MissingType> missing_components();

struct ComponentList {
  std::vector<ReceiverType> receivers;
  std::vector<ProcessorType> processors;
  std::vector<ExporterType> exporters;
  std::vector<ConnectorType> connectors;
  std::vector<ExtensionType> extensions;
};

// The parts of this room, and those that protocols add.
ComponentList list_components(std::span<const ReceiverType> protocol_receivers,
                              std::span<const ExporterType> protocol_exporters = {});

}  // namespace clew::pipeline
