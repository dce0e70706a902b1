// The connectors: how each reads its settings. list.cpp says what they are.
#pragma once

#include "pipeline/component.h"

namespace clew::pipeline {

MakeConnector configure_forward(Section& section);
MakeConnector configure_routing(Section& section);
MakeConnector configure_servicegraph(Section& section);
MakeConnector configure_spanmetrics(Section& section);

}  // namespace clew::pipeline
