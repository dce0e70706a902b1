// Splitting requests that carry too much.
#pragma once

#include <cstdint>
#include <vector>

#include "telemetry/batch.h"

namespace clew::pipeline {

// Batches of at most `most_items` each, in order; a metric stays whole, however many points it has. A
// malformed batch comes back as it is: whoever decodes it says what is wrong.
std::vector<Batch> split(Batch batch, uint64_t most_items);

}  // namespace clew::pipeline
