// libhoney, a receiver of collectors: events as Honeycomb's libraries send them, at a door of its own.
#pragma once

#include "pipeline/component.h"

namespace clew::honeycomb {

pipeline::MakeReceiver configure_collector_receiver(pipeline::Section& section);

}  // namespace clew::honeycomb
