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

    Operation{"BatchGetTraces", "/Traces", on_worker<batch_get_traces>},
    Operation{"GetTraceSummaries", "/TraceSummaries", on_worker<get_trace_summaries>},
    Operation{"GetTraceGraph", "/TraceGraph", on_worker<get_trace_graph>},
    Operation{"GetServiceGraph", "/ServiceGraph", on_worker<get_service_graph>},
    Operation{"GetTimeSeriesServiceStatistics", "/TimeSeriesServiceStatistics",
              on_worker<get_time_series_service_statistics>},

    Operation{"StartTraceRetrieval", "/StartTraceRetrieval", on_worker<start_trace_retrieval>},
    Operation{"ListRetrievedTraces", "/ListRetrievedTraces", on_worker<list_retrieved_traces>},
    Operation{"GetRetrievedTracesGraph", "/GetRetrievedTracesGraph", on_worker<get_retrieved_traces_graph>},
    Operation{"CancelTraceRetrieval", "/CancelTraceRetrieval", on_worker<cancel_trace_retrieval>},

    Operation{"CreateGroup", "/CreateGroup", on_worker<create_group>},
    Operation{"GetGroup", "/GetGroup", on_worker<get_group>},
    Operation{"UpdateGroup", "/UpdateGroup", on_worker<update_group>},
    Operation{"DeleteGroup", "/DeleteGroup", on_worker<delete_group>},
    Operation{"GetGroups", "/Groups", on_worker<get_groups>},

    Operation{"TagResource", "/TagResource", on_worker<tag_resource>},
    Operation{"UntagResource", "/UntagResource", on_worker<untag_resource>},
    Operation{"ListTagsForResource", "/ListTagsForResource", on_worker<list_tags_for_resource>},

    Operation{"PutResourcePolicy", "/PutResourcePolicy", on_worker<put_resource_policy>},
    Operation{"DeleteResourcePolicy", "/DeleteResourcePolicy", on_worker<delete_resource_policy>},
    Operation{"ListResourcePolicies", "/ListResourcePolicies", on_worker<list_resource_policies>},

    Operation{"GetEncryptionConfig", "/EncryptionConfig", on_worker<get_encryption_config>},
    Operation{"PutEncryptionConfig", "/PutEncryptionConfig", on_worker<put_encryption_config>},
    Operation{"GetTraceSegmentDestination", "/GetTraceSegmentDestination",
              on_worker<get_trace_segment_destination>},
    Operation{"UpdateTraceSegmentDestination", "/UpdateTraceSegmentDestination",
              on_worker<update_trace_segment_destination>},
    Operation{"GetIndexingRules", "/GetIndexingRules", on_worker<get_indexing_rules>},
    Operation{"UpdateIndexingRule", "/UpdateIndexingRule", on_worker<update_indexing_rule>},

    Operation{"GetInsightSummaries", "/InsightSummaries", on_worker<get_insight_summaries>},
    Operation{"GetInsight", "/Insight", on_worker<get_insight>},
    Operation{"GetInsightEvents", "/InsightEvents", on_worker<get_insight_events>},
    Operation{"GetInsightImpactGraph", "/InsightImpactGraph", on_worker<get_insight_impact_graph>},
};

}  // namespace

std::span<const Operation> all_operations() {
  return kOperations;
}

}  // namespace clew::xray
