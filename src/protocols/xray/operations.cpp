#include "protocols/xray/operations.h"

#include <array>

namespace clew::xray {
namespace {

constexpr std::array kOperations = {
    Operation{"PutTraceSegments", "/TraceSegments", put_trace_segments},
    Operation{"PutTelemetryRecords", "/TelemetryRecords", at_once<put_telemetry_records>},

    Operation{"GetSamplingRules", "/GetSamplingRules", on_worker<get_sampling_rules>, true},
    Operation{"CreateSamplingRule", "/CreateSamplingRule", on_worker<create_sampling_rule>},
    Operation{"UpdateSamplingRule", "/UpdateSamplingRule", on_worker<update_sampling_rule>},
    Operation{"DeleteSamplingRule", "/DeleteSamplingRule", on_worker<delete_sampling_rule>},
    Operation{"GetSamplingTargets", "/SamplingTargets", on_worker<get_sampling_targets>, true},
    Operation{"GetSamplingStatisticSummaries", "/SamplingStatisticSummaries",
              at_once<get_sampling_statistic_summaries>},
};

}  // namespace

std::span<const Operation> all_operations() {
  return kOperations;
}

}  // namespace clew::xray
