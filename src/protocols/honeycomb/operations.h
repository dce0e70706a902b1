// The operations of Honeycomb's API: one visible list.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "control/permissions.h"
#include "protocols/honeycomb/call.h"

namespace clew::honeycomb {

struct Operation {
  std::string_view method;
  std::string_view path;  // {names} are segments
  std::optional<control::Permission> permission;
  void (*run)(Call call, Reply reply);
};

std::span<const Operation> all_operations();

// auth_operations.cpp
Answer describe_key(const Call& call);
Answer describe_management_key(const Call& call);
// event_operations.cpp
void post_event(Call call, Reply reply);
void post_batch(Call call, Reply reply);
// kinesis_events.cpp
void post_kinesis_events(Call call, Reply reply);
// query_operations.cpp
Answer create_query(const Call& call);
Answer get_query(const Call& call);
void create_query_result(Call call, Reply reply);
Answer get_query_result(const Call& call);
// dataset_operations.cpp
Answer list_datasets(const Call& call);
Answer create_dataset(const Call& call);
Answer get_dataset(const Call& call);
Answer update_dataset(const Call& call);
Answer remove_dataset(const Call& call);
Answer get_dataset_definitions(const Call& call);
Answer update_dataset_definitions(const Call& call);
// column_operations.cpp
Answer list_columns(const Call& call);
Answer create_column(const Call& call);
Answer get_column(const Call& call);
Answer update_column(const Call& call);
Answer remove_column(const Call& call);
// alert_operations.cpp
Answer get_slo(const Call& call);
Answer report_slo_history(const Call& call);
Answer list_burn_alerts(const Call& call);
// alert_lists.cpp
Answer list_all_triggers(const Call& call);
Answer list_all_slos(const Call& call);
Answer list_all_burn_alerts(const Call& call);
Answer list_triggers_of_recipient(const Call& call);
// service_map_operations.cpp
Answer create_service_map(const Call& call);
Answer get_service_map(const Call& call);
// mcp.cpp
Answer post_mcp(const Call& call);
// team_operations.cpp
Answer list_environments(const Call& call);
Answer create_environment(const Call& call);
Answer get_environment(const Call& call);
Answer update_environment(const Call& call);
Answer remove_environment(const Call& call);
Answer list_keys(const Call& call);
Answer create_key(const Call& call);
Answer get_key(const Call& call);
Answer update_key(const Call& call);
Answer remove_key(const Call& call);

// team_marker_operations.cpp
Answer create_team_marker(const Call& call);
Answer update_team_marker(const Call& call);

}  // namespace clew::honeycomb
