// The receivers that need no protocol: how each reads its settings. list.cpp says what they are.
#pragma once

#include "pipeline/component.h"

namespace clew::pipeline {

MakeReceiver configure_filelog(Section& section);
MakeReceiver configure_hostmetrics(Section& section);
MakeReceiver configure_prometheus_receiver(Section& section);

}  // namespace clew::pipeline
