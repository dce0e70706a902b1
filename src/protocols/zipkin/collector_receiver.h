// zipkin, a receiver of collectors.
#pragma once

#include "pipeline/component.h"

namespace clew::zipkin {

pipeline::MakeReceiver configure_collector_receiver(pipeline::Section& section);

}  // namespace clew::zipkin
