#include "protocols/rollbar/scope.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace clew::rollbar {
namespace {

using control::KeyKind;
using control::Permission;

// An ingest key that may do nothing but send is for pages and phones: anyone can read it there.
bool is_for_clients(const control::Grant& grant) {
  return grant.kind == KeyKind::ingest && !grant.permissions.has(Permission::create_datasets);
}

constexpr std::array kScopes = {Scope::read, Scope::write, Scope::post_server_item, Scope::post_client_item};

}  // namespace

std::string_view name_of(Scope scope) {
  switch (scope) {
    case Scope::post_client_item:
      return "post_client_item";
    case Scope::post_server_item:
      return "post_server_item";
    case Scope::read:
      return "read";
    case Scope::write:
      return "write";
  }
  return "read";
}

bool has_scope(const control::Grant& grant, Scope scope) {
  switch (scope) {
    case Scope::post_client_item:
      return grant.permissions.has(Permission::send_events);
    case Scope::post_server_item:
      return grant.permissions.has(Permission::send_events) && !is_for_clients(grant);
    case Scope::read:
      return grant.permissions.has(Permission::run_queries);
    case Scope::write:
      return grant.permissions.has(Permission::run_queries) &&
             grant.permissions.has(Permission::manage_triggers);
  }
  return false;
}

std::string scopes_of(const control::Grant& grant) {
  std::string names;
  for (const Scope scope : kScopes) {
    // Who may post any item needs no word for those of clients.
    if (scope == Scope::post_client_item && has_scope(grant, Scope::post_server_item)) continue;
    if (has_scope(grant, scope)) names.append(names.empty() ? "" : ", ").append(name_of(scope));
  }
  return names;
}

Status check_scope(const control::Grant& grant, Scope scope) {
  if (has_scope(grant, scope)) return {};
  const std::string has = scopes_of(grant);
  return {ErrorKind::forbidden,
          fmt::format("insufficient privileges: {} scope is required but the access token {}", name_of(scope),
                      has.empty() ? "has none." : fmt::format("only has {}.", has))};
}

bool is_client_platform(std::string_view platform) {
  constexpr std::array<std::string_view, 5> kClients = {"browser", "android", "ios", "flash", "client"};
  return std::find(kClients.begin(), kClients.end(), platform) != kClients.end();
}

}  // namespace clew::rollbar
