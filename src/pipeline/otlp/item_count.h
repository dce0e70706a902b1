// How many spans, log records or metric points a request carries, found by walking over its messages
// without looking into them.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.h"
#include "telemetry/batch.h"

namespace clew::pipeline {

// bad_input when the envelopes (resources, scopes, for metrics also the metrics) are not valid protobuf; what
// is inside the items is not looked at.
Result<uint64_t> count_items(Signal signal, std::string_view request);

// Of a batch that went through a receiver's entrance it is known; otherwise it is counted. 0 when malformed.
uint64_t items_of(const Batch& batch);

}  // namespace clew::pipeline
