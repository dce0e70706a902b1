// weigh_spans: writes into the spans that a sampler kept that each stands for several.
#pragma once

#include "base/result.h"
#include "telemetry/batch.h"

namespace clew::pipeline {

// `kept_part`: above 0, at most 1. Where a span has a SampleRate it is multiplied, otherwise its tracestate
// tells the threshold; what samplers before this one left out is reckoned in.
Result<Batch> weigh_spans(Batch batch, double kept_part);

}  // namespace clew::pipeline
