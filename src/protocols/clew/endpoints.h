// The endpoints, one function each; api_routes.cpp lists which path leads to which.
#pragma once

#include "net/http.h"
#include "protocols/clew/call.h"

namespace clew::api {

// server_endpoints.cpp
net::Response answer_status(const Call& call);
net::Response answer_arrivals(const Call& call);

// trace_endpoints.cpp
net::Response answer_services(const Call& call);
net::Response answer_traces(const Call& call);
net::Response answer_trace(const Call& call);
net::Response answer_trace_outline(const Call& call);
net::Response answer_trace_as_otlp(const Call& call);

// typical_trace_endpoint.cpp
net::Response answer_typical_trace(const Call& call);

// map_endpoint.cpp
net::Response answer_map(const Call& call);

// span_endpoint.cpp
net::Response answer_span(const Call& call);

// column_endpoints.cpp
net::Response answer_columns(const Call& call);
net::Response answer_values(const Call& call);

// log_endpoint.cpp
net::Response answer_logs(const Call& call);

// log_pattern_endpoint.cpp
net::Response answer_log_patterns(const Call& call);

// log_context_endpoint.cpp
net::Response answer_log_context(const Call& call);

// metric_endpoint.cpp
net::Response answer_metrics(const Call& call);

// metric_trend_endpoint.cpp
net::Response answer_metric_trend(const Call& call);

// error_endpoints.cpp
net::Response answer_errors(const Call& call);
net::Response answer_error(const Call& call);
net::Response answer_error_occurrences(const Call& call);
net::Response answer_error_occurrence(const Call& call);
net::Response answer_deploys(const Call& call);

// error_change_endpoints.cpp
net::Response answer_error_change(const Call& call);
net::Response answer_error_merge(const Call& call);
net::Response answer_error_unmerge(const Call& call);
net::Response answer_grouping_rules(const Call& call);
net::Response answer_grouping_rules_change(const Call& call);
net::Response answer_grouping_dry_run(const Call& call);
net::Response answer_error_notification_rules(const Call& call);
net::Response answer_error_notification_rules_change(const Call& call);

// notification_endpoints.cpp
net::Response answer_notifications(const Call& call);
net::Response answer_notification_test(const Call& call);

// alert_endpoint.cpp
net::Response answer_alert_history(const Call& call);

// board_endpoints.cpp
net::Response answer_boards(const Call& call);
net::Response answer_board(const Call& call);
net::Response answer_new_board(const Call& call);
net::Response answer_changed_board(const Call& call);
net::Response answer_removed_board(const Call& call);

// journal_endpoint.cpp
net::Response answer_journal(const Call& call);

// retention_endpoint.cpp
net::Response answer_retention(const Call& call);
net::Response answer_retention_change(const Call& call);

// sampling_endpoint.cpp
net::Response answer_sampling(const Call& call);
net::Response answer_sampling_change(const Call& call);

// settings_endpoint.cpp
net::Response answer_settings(const Call& call);

// key_endpoints.cpp
net::Response answer_new_environment(const Call& call);
net::Response answer_new_key(const Call& call);
net::Response answer_changed_key(const Call& call);

// people_endpoints.cpp
net::Response answer_invitation(const Call& call);
net::Response answer_changed_person(const Call& call);
net::Response answer_removed_person(const Call& call);

// query_endpoint.cpp: answers by itself, because it may stream.
void serve_query(const Call& call);
net::Response answer_query_estimate(const Call& call);

// kept_answer_endpoint.cpp
net::Response answer_kept_answer(const Call& call);

// bubble_up_endpoint.cpp
net::Response answer_bubble_up(const Call& call);

// stream_hub.h: returns at once; the connection stays open.
void serve_stream(const Call& call);

}  // namespace clew::api
