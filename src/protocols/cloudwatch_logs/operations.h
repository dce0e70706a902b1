// The operations of CloudWatch Logs: one visible list.
#pragma once

#include <span>
#include <string_view>

#include "protocols/cloudwatch_logs/call.h"

namespace clew::cloudwatch_logs {

struct Operation {
  std::string_view name;  // of x-amz-target, behind "Logs_20140328."
  void (*run)(Call call, Reply reply);
};

std::span<const Operation> all_operations();

// put_log_events.cpp
void put_log_events(Call call, Reply reply);
// get_log_events.cpp
Answer get_log_events(const Call& call);
// filter_log_events.cpp
Answer filter_log_events(const Call& call);
// group_operations.cpp
Answer create_log_group(const Call& call);
Answer delete_log_group(const Call& call);
Answer describe_log_groups(const Call& call);
Answer list_log_groups(const Call& call);
Answer put_retention_policy(const Call& call);
Answer delete_retention_policy(const Call& call);
Answer put_log_group_deletion_protection(const Call& call);
// stream_operations.cpp
Answer create_log_stream(const Call& call);
Answer delete_log_stream(const Call& call);
Answer describe_log_streams(const Call& call);
// tag_operations.cpp
Answer tag_resource(const Call& call);
Answer untag_resource(const Call& call);
Answer list_tags_for_resource(const Call& call);
Answer tag_log_group(const Call& call);
Answer untag_log_group(const Call& call);
Answer list_tags_log_group(const Call& call);

// query_operations.cpp
Answer start_query(const Call& call);
Answer get_query_results(const Call& call);
Answer stop_query(const Call& call);
Answer describe_queries(const Call& call);
Answer list_log_groups_for_query(const Call& call);
// query_definitions.cpp
Answer put_query_definition(const Call& call);
Answer describe_query_definitions(const Call& call);
Answer delete_query_definition(const Call& call);
// lookup_table_operations.cpp
Answer create_lookup_table(const Call& call);
Answer update_lookup_table(const Call& call);
Answer get_lookup_table(const Call& call);
Answer describe_lookup_tables(const Call& call);
Answer delete_lookup_table(const Call& call);
// record_operations.cpp
Answer get_log_record(const Call& call);
Answer get_log_group_fields(const Call& call);
// metric_filter_operations.cpp
Answer put_metric_filter(const Call& call);
Answer delete_metric_filter(const Call& call);
Answer describe_metric_filters(const Call& call);
Answer test_metric_filter(const Call& call);
// subscription_filter_operations.cpp
Answer put_subscription_filter(const Call& call);
Answer describe_subscription_filters(const Call& call);
Answer delete_subscription_filter(const Call& call);
// start_live_tail.cpp
Answer start_live_tail(const Call& call);

}  // namespace clew::cloudwatch_logs
