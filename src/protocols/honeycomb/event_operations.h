// What operations that bring events have in common.
#pragma once

#include "protocols/honeycomb/call.h"
#include "protocols/honeycomb/datasets.h"
#include "protocols/honeycomb/event_intake.h"

namespace clew::honeycomb {

// The dataset that the path names; it is made when there is none and the key may make one.
Result<Dataset> arriving_dataset(const Call& call);
EventSource event_source(const Call& call, const Dataset& dataset);

}  // namespace clew::honeycomb
