// The parts that a collector's configuration may name: those of the pipeline, and the receivers and
// exporters of the protocols.
#pragma once

#include "pipeline/component_list.h"

namespace clew::app {

const pipeline::ComponentList& collector_components();

}  // namespace clew::app
