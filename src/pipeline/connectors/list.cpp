#include <array>

#include "pipeline/component_list.h"
#include "pipeline/connectors/connectors.h"

namespace clew::pipeline {
namespace {

constexpr std::array kConnectors = {
    ConnectorType{"forward", "Leads from one pipeline into others", kAllSignals, kAllSignals, true,
                  configure_forward},
};

}  // namespace

std::span<const ConnectorType> all_connectors() {
  return kConnectors;
}

}  // namespace clew::pipeline
