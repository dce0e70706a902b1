// The `otlp` receiver of collector pipelines: doors of its own, in front of the Receiver that `clew serve`
// uses too.
#pragma once

#include "pipeline/component.h"

namespace clew::otlp {

pipeline::MakeReceiver configure_collector_receiver(pipeline::Section& section);

}  // namespace clew::otlp
