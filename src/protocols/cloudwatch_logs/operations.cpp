#include "protocols/cloudwatch_logs/operations.h"

#include <array>

namespace clew::cloudwatch_logs {
namespace {

constexpr std::array kOperations = {
    Operation{"PutLogEvents", put_log_events},
    Operation{"GetLogEvents", on_worker<get_log_events>},
    Operation{"FilterLogEvents", on_worker<filter_log_events>},

    Operation{"CreateLogGroup", on_worker<create_log_group>},
    Operation{"DeleteLogGroup", on_worker<delete_log_group>},
    Operation{"DescribeLogGroups", on_worker<describe_log_groups>},
    Operation{"ListLogGroups", on_worker<list_log_groups>},
    Operation{"PutRetentionPolicy", on_worker<put_retention_policy>},
    Operation{"DeleteRetentionPolicy", on_worker<delete_retention_policy>},
    Operation{"PutLogGroupDeletionProtection", on_worker<put_log_group_deletion_protection>},

    Operation{"CreateLogStream", on_worker<create_log_stream>},
    Operation{"DeleteLogStream", on_worker<delete_log_stream>},
    Operation{"DescribeLogStreams", on_worker<describe_log_streams>},

    Operation{"TagResource", on_worker<tag_resource>},
    Operation{"UntagResource", on_worker<untag_resource>},
    Operation{"ListTagsForResource", on_worker<list_tags_for_resource>},
    Operation{"TagLogGroup", on_worker<tag_log_group>},
    Operation{"UntagLogGroup", on_worker<untag_log_group>},
    Operation{"ListTagsLogGroup", on_worker<list_tags_log_group>},

    Operation{"StartQuery", on_worker<start_query>},
    Operation{"GetQueryResults", on_worker<get_query_results>},
    Operation{"StopQuery", at_once<stop_query>},
    Operation{"DescribeQueries", on_worker<describe_queries>},
    Operation{"ListLogGroupsForQuery", on_worker<list_log_groups_for_query>},
    Operation{"PutQueryDefinition", on_worker<put_query_definition>},
    Operation{"DescribeQueryDefinitions", on_worker<describe_query_definitions>},
    Operation{"DeleteQueryDefinition", on_worker<delete_query_definition>},
    Operation{"CreateLookupTable", on_worker<create_lookup_table>},
    Operation{"UpdateLookupTable", on_worker<update_lookup_table>},
    Operation{"GetLookupTable", on_worker<get_lookup_table>},
    Operation{"DescribeLookupTables", on_worker<describe_lookup_tables>},
    Operation{"DeleteLookupTable", on_worker<delete_lookup_table>},
    Operation{"GetLogRecord", on_worker<get_log_record>},
    Operation{"GetLogGroupFields", on_worker<get_log_group_fields>},

    Operation{"PutMetricFilter", on_worker<put_metric_filter>},
    Operation{"DeleteMetricFilter", on_worker<delete_metric_filter>},
    Operation{"DescribeMetricFilters", on_worker<describe_metric_filters>},
    Operation{"TestMetricFilter", on_worker<test_metric_filter>},
    Operation{"PutSubscriptionFilter", on_worker<put_subscription_filter>},
    Operation{"DescribeSubscriptionFilters", on_worker<describe_subscription_filters>},
    Operation{"DeleteSubscriptionFilter", on_worker<delete_subscription_filter>},

    Operation{"StartLiveTail", on_worker<start_live_tail>},
};

}  // namespace

std::span<const Operation> all_operations() {
  return kOperations;
}

}  // namespace clew::cloudwatch_logs
