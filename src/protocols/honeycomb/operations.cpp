#include "protocols/honeycomb/operations.h"

#include <array>

#include "protocols/honeycomb/resources.h"

namespace clew::honeycomb {
namespace {

using enum control::Permission;

constexpr std::array kOperations = {
    Operation{"GET", "/1/auth", {}, at_once<describe_key>},
    Operation{"GET", "/2/auth", {}, at_once<describe_management_key>},

    Operation{"POST", "/1/events/{dataset}", send_events, post_event},
    Operation{"POST", "/1/batch/{dataset}", send_events, post_batch},
    Operation{"POST", "/1/kinesis_events/{dataset}", send_events, post_kinesis_events},

    Operation{"POST", "/1/queries/{dataset}", run_queries, on_worker<create_query>},
    Operation{"GET", "/1/queries/{dataset}/{id}", run_queries, on_worker<get_query>},
    Operation{"POST", "/1/query_results/{dataset}", run_queries, create_query_result},
    Operation{"GET", "/1/query_results/{dataset}/{id}", run_queries, at_once<get_query_result>},

    Operation{"GET", "/1/datasets", {}, on_worker<list_datasets>},
    Operation{"POST", "/1/datasets", create_datasets, on_worker<create_dataset>},
    Operation{"GET", "/1/datasets/{dataset}", {}, on_worker<get_dataset>},
    Operation{"PUT", "/1/datasets/{dataset}", create_datasets, on_worker<update_dataset>},
    Operation{"DELETE", "/1/datasets/{dataset}", create_datasets, on_worker<remove_dataset>},
    Operation{"GET", "/1/dataset_definitions/{dataset}", manage_columns, on_worker<get_dataset_definitions>},
    Operation{"PATCH", "/1/dataset_definitions/{dataset}", manage_columns,
              on_worker<update_dataset_definitions>},

    Operation{"GET", "/1/columns/{dataset}", manage_columns, on_worker<list_columns>},
    Operation{"POST", "/1/columns/{dataset}", manage_columns, on_worker<create_column>},
    Operation{"GET", "/1/columns/{dataset}/{id}", manage_columns, on_worker<get_column>},
    Operation{"PUT", "/1/columns/{dataset}/{id}", manage_columns, on_worker<update_column>},
    Operation{"DELETE", "/1/columns/{dataset}/{id}", manage_columns, on_worker<remove_column>},

    Operation{"GET", "/1/derived_columns/{dataset}", manage_columns,
              on_worker<list_resources<kDerivedColumns>>},
    Operation{"POST", "/1/derived_columns/{dataset}", manage_columns,
              on_worker<create_resource<kDerivedColumns>>},
    Operation{"GET", "/1/derived_columns/{dataset}/{id}", manage_columns,
              on_worker<get_resource<kDerivedColumns>>},
    Operation{"PUT", "/1/derived_columns/{dataset}/{id}", manage_columns,
              on_worker<update_resource<kDerivedColumns>>},
    Operation{"DELETE", "/1/derived_columns/{dataset}/{id}", manage_columns,
              on_worker<remove_resource<kDerivedColumns>>},

    Operation{"GET", "/1/query_annotations/{dataset}", manage_columns,
              on_worker<list_resources<kQueryAnnotations>>},
    Operation{"POST", "/1/query_annotations/{dataset}", manage_columns,
              on_worker<create_resource<kQueryAnnotations>>},
    Operation{"GET", "/1/query_annotations/{dataset}/{id}", manage_columns,
              on_worker<get_resource<kQueryAnnotations>>},
    Operation{"PUT", "/1/query_annotations/{dataset}/{id}", manage_columns,
              on_worker<update_resource<kQueryAnnotations>>},
    Operation{"DELETE", "/1/query_annotations/{dataset}/{id}", manage_columns,
              on_worker<remove_resource<kQueryAnnotations>>},

    Operation{"GET", "/1/markers/{dataset}", manage_markers, on_worker<list_resources<kMarkers>>},
    Operation{"POST", "/1/markers/{dataset}", manage_markers, on_worker<create_resource<kMarkers>>},
    Operation{"PUT", "/1/markers/{dataset}/{id}", manage_markers, on_worker<update_resource<kMarkers>>},
    Operation{"DELETE", "/1/markers/{dataset}/{id}", manage_markers, on_worker<remove_resource<kMarkers>>},
    Operation{"GET", "/1/marker_settings/{dataset}", manage_markers,
              on_worker<list_resources<kMarkerSettings>>},
    Operation{"POST", "/1/marker_settings/{dataset}", manage_markers,
              on_worker<create_resource<kMarkerSettings>>},
    Operation{"PUT", "/1/marker_settings/{dataset}/{id}", manage_markers,
              on_worker<update_resource<kMarkerSettings>>},
    Operation{"DELETE", "/1/marker_settings/{dataset}/{id}", manage_markers,
              on_worker<remove_resource<kMarkerSettings>>},

    Operation{"GET", "/1/boards", manage_boards, on_worker<list_resources<kBoards>>},
    Operation{"POST", "/1/boards", manage_boards, on_worker<create_resource<kBoards>>},
    Operation{"GET", "/1/boards/{id}", manage_boards, on_worker<get_resource<kBoards>>},
    Operation{"PUT", "/1/boards/{id}", manage_boards, on_worker<update_resource<kBoards>>},
    Operation{"DELETE", "/1/boards/{id}", manage_boards, on_worker<remove_resource<kBoards>>},
    Operation{"GET", "/1/boards/{board}/views", manage_boards, on_worker<list_resources<kBoardViews>>},
    Operation{"POST", "/1/boards/{board}/views", manage_boards, on_worker<create_resource<kBoardViews>>},
    Operation{"GET", "/1/boards/{board}/views/{id}", manage_boards, on_worker<get_resource<kBoardViews>>},
    Operation{"PUT", "/1/boards/{board}/views/{id}", manage_boards, on_worker<update_resource<kBoardViews>>},
    Operation{"DELETE", "/1/boards/{board}/views/{id}", manage_boards,
              on_worker<remove_resource<kBoardViews>>},

    Operation{"GET", "/1/recipients", manage_recipients, on_worker<list_resources<kRecipients>>},
    Operation{"POST", "/1/recipients", manage_recipients, on_worker<create_resource<kRecipients>>},
    Operation{"GET", "/1/recipients/{id}", manage_recipients, on_worker<get_resource<kRecipients>>},
    Operation{"PUT", "/1/recipients/{id}", manage_recipients, on_worker<update_resource<kRecipients>>},
    Operation{"DELETE", "/1/recipients/{id}", manage_recipients, on_worker<remove_resource<kRecipients>>},
    Operation{"GET", "/1/recipients/{id}/triggers", manage_recipients, on_worker<list_triggers_of_recipient>},

    Operation{"GET", "/1/triggers", manage_triggers, on_worker<list_all_triggers>},
    Operation{"GET", "/1/triggers/{dataset}", manage_triggers, on_worker<list_resources<kTriggers>>},
    Operation{"POST", "/1/triggers/{dataset}", manage_triggers, on_worker<create_resource<kTriggers>>},
    Operation{"GET", "/1/triggers/{dataset}/{id}", manage_triggers, on_worker<get_resource<kTriggers>>},
    Operation{"PUT", "/1/triggers/{dataset}/{id}", manage_triggers, on_worker<update_resource<kTriggers>>},
    Operation{"DELETE", "/1/triggers/{dataset}/{id}", manage_triggers, on_worker<remove_resource<kTriggers>>},

    Operation{"GET", "/1/slos", manage_slos, on_worker<list_all_slos>},
    Operation{"GET", "/1/slos/{dataset}", manage_slos, on_worker<list_resources<kSlos>>},
    Operation{"POST", "/1/slos/{dataset}", manage_slos, on_worker<create_resource<kSlos>>},
    Operation{"GET", "/1/slos/{dataset}/{id}", manage_slos, on_worker<get_slo>},
    Operation{"PUT", "/1/slos/{dataset}/{id}", manage_slos, on_worker<update_resource<kSlos>>},
    Operation{"DELETE", "/1/slos/{dataset}/{id}", manage_slos, on_worker<remove_resource<kSlos>>},

    Operation{"POST", "/1/reporting/slos/historical", manage_slos, on_worker<report_slo_history>},

    Operation{"GET", "/1/burn_alerts", manage_slos, on_worker<list_all_burn_alerts>},
    Operation{"GET", "/1/burn_alerts/{dataset}", manage_slos, on_worker<list_burn_alerts>},
    Operation{"POST", "/1/burn_alerts/{dataset}", manage_slos, on_worker<create_resource<kBurnAlerts>>},
    Operation{"GET", "/1/burn_alerts/{dataset}/{id}", manage_slos, on_worker<get_resource<kBurnAlerts>>},
    Operation{"PUT", "/1/burn_alerts/{dataset}/{id}", manage_slos, on_worker<update_resource<kBurnAlerts>>},
    Operation{"DELETE", "/1/burn_alerts/{dataset}/{id}", manage_slos,
              on_worker<remove_resource<kBurnAlerts>>},

    Operation{"POST", "/1/maps/dependencies/requests", run_queries, on_worker<create_service_map>},
    Operation{"GET", "/1/maps/dependencies/requests/{id}", run_queries, at_once<get_service_map>},

    Operation{"POST", "/mcp", run_queries, on_worker<post_mcp>},

    Operation{"GET", "/2/teams/{team}/environments", {}, on_worker<list_environments>},
    Operation{"POST", "/2/teams/{team}/environments", {}, on_worker<create_environment>},
    Operation{"GET", "/2/teams/{team}/environments/{id}", {}, on_worker<get_environment>},
    Operation{"PATCH", "/2/teams/{team}/environments/{id}", {}, on_worker<update_environment>},
    Operation{"DELETE", "/2/teams/{team}/environments/{id}", {}, on_worker<remove_environment>},
    Operation{"POST", "/2/teams/{team}/markers", {}, on_worker<create_team_marker>},
    Operation{"PATCH", "/2/teams/{team}/markers/{id}", {}, on_worker<update_team_marker>},
    Operation{"GET", "/2/teams/{team}/api-keys", {}, on_worker<list_keys>},
    Operation{"POST", "/2/teams/{team}/api-keys", {}, on_worker<create_key>},
    Operation{"GET", "/2/teams/{team}/api-keys/{id}", {}, on_worker<get_key>},
    Operation{"PATCH", "/2/teams/{team}/api-keys/{id}", {}, on_worker<update_key>},
    Operation{"DELETE", "/2/teams/{team}/api-keys/{id}", {}, on_worker<remove_key>},
};

}  // namespace

std::span<const Operation> all_operations() {
  return kOperations;
}

}  // namespace clew::honeycomb
