// Joining requests: the bytes of one behind the bytes of the other are one request.
#pragma once

#include <vector>

#include "telemetry/batch.h"

namespace clew::pipeline {

// Of the same signal, environment and sender.
bool can_be_joined(const Batch& a, const Batch& b);
// At least one, all of which can be joined. One alone is passed on without a copy.
Batch join(std::vector<Batch> batches);

}  // namespace clew::pipeline
