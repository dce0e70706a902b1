// The summary of a trace, as GetTraceSummaries has it.
#pragma once

#include "base/json_writer.h"
#include "base/time.h"
#include "protocols/xray/trace_model.h"
#include "telemetry/ids.h"

namespace clew::xray {

struct SummaryFacts {
  TraceId id;
  uint64_t revision = 0;  // grows with everything that arrives for the trace
  UnixNanos matched;      // of the event that the trace was found by
};

void write_summary(JsonWriter& json, const SummaryFacts& facts, const TraceModel& trace);

// {"Name":…,"Names":[…],"AccountId":…,"Type":…} of a node, without the braces.
void write_node_members(JsonWriter& json, const NodeId& node);

}  // namespace clew::xray
