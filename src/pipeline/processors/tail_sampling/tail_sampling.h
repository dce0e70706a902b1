// The processor that holds traces and asks policies about them, for whatever reads its settings.
#pragma once

#include <memory>

#include "pipeline/component.h"
#include "pipeline/processors/tail_sampling/policy.h"
#include "pipeline/traces/trace_room.h"

namespace clew::pipeline {

struct TailSamplingSettings {
  TraceRoomLimits limits{.wait = seconds(30), .most_traces = 50'000};
  // Of traces that are no longer held; 0: as many as are held.
  uint64_t remembered_kept = 0;
  uint64_t remembered_left_out = 0;
  bool decides_at_stop = true;
};

MakeProcessor make_tail_sampling(const TailSamplingSettings& settings, std::shared_ptr<PolicySet> policies);

}  // namespace clew::pipeline
