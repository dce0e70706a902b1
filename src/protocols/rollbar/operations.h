// The operations of Rollbar's API: one visible list.
#pragma once

#include <span>
#include <string_view>

#include "protocols/rollbar/call.h"
#include "protocols/rollbar/scope.h"

namespace clew::rollbar {

// Run on a worker: they read and write the control database, some the store.
struct Operation {
  std::string_view method;
  std::string_view path;  // {names} are segments
  Scope scope;
  net::Response (*answer)(const Call& call);
};

// All but POST /api/1/item, which item_intake.h has, and the upload to an address that was handed out.
std::span<const Operation> all_operations();

// item_operations.cpp
net::Response list_items(const Call& call);
net::Response get_item(const Call& call);
net::Response find_item(const Call& call);
net::Response change_item(const Call& call);
// instance_operations.cpp
net::Response list_instances(const Call& call);
net::Response get_instance(const Call& call);
// deploy_operations.cpp
net::Response create_deploy(const Call& call);
net::Response change_deploy(const Call& call);
net::Response get_deploy(const Call& call);
net::Response list_deploys(const Call& call);
// source_map_operations.cpp
net::Response put_source_map(const Call& call);
net::Response download_source_map(const Call& call);
net::Response sign_source_map_bundle(const Call& call);
// Its address is all the right that is needed.
net::Response put_source_map_bundle(const Context& context, const net::Request& request, UnixNanos at);
// project_operations.cpp
net::Response list_projects(const Call& call);
net::Response get_project(const Call& call);
net::Response list_access_tokens(const Call& call);
net::Response list_environments(const Call& call);
// people_operations.cpp
net::Response list_users(const Call& call);
net::Response get_user(const Call& call);
net::Response list_teams(const Call& call);
net::Response get_team(const Call& call);
net::Response list_users_of_team(const Call& call);
net::Response list_teams_of_user(const Call& call);
// report_operations.cpp
net::Response report_top_items(const Call& call);
net::Response report_occurrences(const Call& call);
net::Response report_activations(const Call& call);

}  // namespace clew::rollbar
