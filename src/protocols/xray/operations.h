// The operations of the X-Ray API: one visible list, each with the path it has with AWS.
#pragma once

#include <span>
#include <string_view>

#include "protocols/xray/call.h"

namespace clew::xray {

struct Operation {
  std::string_view name;
  std::string_view path;  // all are POST
  void (*run)(Call call, Reply reply);
  bool asked_by_sdks = false;  // unsigned, at the daemon's port
};

std::span<const Operation> all_operations();

// put_trace_segments.cpp
void put_trace_segments(Call call, Reply reply);
// put_telemetry_records.cpp
Answer put_telemetry_records(const Call& call);
// sampling_operations.cpp
Answer get_sampling_rules(const Call& call);
Answer create_sampling_rule(const Call& call);
Answer update_sampling_rule(const Call& call);
Answer delete_sampling_rule(const Call& call);
Answer get_sampling_targets(const Call& call);
Answer get_sampling_statistic_summaries(const Call& call);
// batch_get_traces.cpp
Answer batch_get_traces(const Call& call);
// get_trace_summaries.cpp
Answer get_trace_summaries(const Call& call);
// graph_operations.cpp
Answer get_trace_graph(const Call& call);
Answer get_service_graph(const Call& call);
Answer get_time_series_service_statistics(const Call& call);
// retrieval_operations.cpp
Answer start_trace_retrieval(const Call& call);
Answer list_retrieved_traces(const Call& call);
Answer get_retrieved_traces_graph(const Call& call);
Answer cancel_trace_retrieval(const Call& call);
// group_operations.cpp
Answer create_group(const Call& call);
Answer get_group(const Call& call);
Answer update_group(const Call& call);
Answer delete_group(const Call& call);
Answer get_groups(const Call& call);
// tag_operations.cpp
Answer tag_resource(const Call& call);
Answer untag_resource(const Call& call);
Answer list_tags_for_resource(const Call& call);
// resource_policies.cpp
Answer put_resource_policy(const Call& call);
Answer delete_resource_policy(const Call& call);
Answer list_resource_policies(const Call& call);
// account_operations.cpp
Answer get_encryption_config(const Call& call);
Answer put_encryption_config(const Call& call);
Answer get_trace_segment_destination(const Call& call);
Answer update_trace_segment_destination(const Call& call);
Answer get_indexing_rules(const Call& call);
Answer update_indexing_rule(const Call& call);
// insight_operations.cpp
Answer get_insight_summaries(const Call& call);
Answer get_insight(const Call& call);
Answer get_insight_events(const Call& call);
Answer get_insight_impact_graph(const Call& call);

}  // namespace clew::xray
