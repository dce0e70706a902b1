#include "protocols/rollbar/operations.h"

#include <array>

namespace clew::rollbar {
namespace {

using enum Scope;

constexpr std::array kOperations = {
    Operation{"GET", "/api/1/items", read, list_items},
    Operation{"GET", "/api/1/item", read, find_item},
    Operation{"GET", "/api/1/item/{id}", read, get_item},
    Operation{"GET", "/api/1/item_by_counter/{id}", read, get_item},
    Operation{"PATCH", "/api/1/item/{id}", write, change_item},

    Operation{"GET", "/api/1/item/{id}/instances", read, list_instances},
    Operation{"GET", "/api/1/instances", read, list_instances},
    Operation{"GET", "/api/1/instance/{id}", read, get_instance},

    Operation{"POST", "/api/1/deploy", post_server_item, create_deploy},
    Operation{"PATCH", "/api/1/deploy/{id}", post_server_item, change_deploy},
    Operation{"GET", "/api/1/deploy/{id}", read, get_deploy},
    Operation{"GET", "/api/1/deploys", read, list_deploys},

    Operation{"POST", "/api/1/sourcemap", post_server_item, put_source_map},
    Operation{"POST", "/api/1/sourcemap/download", post_server_item, download_source_map},
    Operation{"POST", "/api/1/signed_url/sourcemap_bundle", post_server_item, sign_source_map_bundle},

    Operation{"GET", "/api/1/projects", read, list_projects},
    Operation{"GET", "/api/1/project/{id}", read, get_project},
    Operation{"GET", "/api/1/project/{id}/access_tokens", write, list_access_tokens},
    Operation{"GET", "/api/1/environments", read, list_environments},

    Operation{"GET", "/api/1/users", read, list_users},
    Operation{"GET", "/api/1/user/{id}", read, get_user},
    Operation{"GET", "/api/1/user/{id}/teams", read, list_teams_of_user},
    Operation{"GET", "/api/1/teams", read, list_teams},
    Operation{"GET", "/api/1/team/{id}", read, get_team},
    Operation{"GET", "/api/1/team/{id}/users", read, list_users_of_team},

    Operation{"GET", "/api/1/reports/top_active_items", read, report_top_items},
    Operation{"GET", "/api/1/reports/occurrence_counts", read, report_occurrences},
    Operation{"GET", "/api/1/reports/activated_counts", read, report_activations},
};

}  // namespace

std::span<const Operation> all_operations() {
  return kOperations;
}

}  // namespace clew::rollbar
