// Projects: an environment of clew is one. Its access tokens are the keys, its environments the deployment
// environments that errors and deploys named.

#include <algorithm>

#include "control/environments.h"
#include "control/keys.h"
#include "control/schema.h"
#include "protocols/rollbar/operations.h"
#include "protocols/rollbar/read_documents.h"

namespace clew::rollbar {
namespace {

Result<control::Environment> environment_of(const Call& call) {
  CLEW_ASSIGN(control::Database database, control::open_control_database(call.options().data_directory));
  CLEW_ASSIGN(const std::vector<control::Environment> all, control::list_environments(database));
  for (const control::Environment& one : all)
    if (one.id == call.environment()) return one;
  return Status(ErrorKind::not_found, "Project not found");
}

JsonValue project_document(const control::Environment& environment) {
  JsonValue json;
  json["id"] = int64_t{environment.id.number};
  json["account_id"] = int64_t{environment.id.number};
  json["name"] = environment.name;
  json["status"] = "enabled";
  json["date_created"] = unix_seconds(environment.created);
  json["date_modified"] = unix_seconds(environment.created);
  json["settings_data"]["grouping"]["auto_upgrade"] = false;
  json["settings_data"]["grouping"]["recent_versions"] =
      JsonValue::Array{JsonValue(std::to_string(control::errors::kFingerprintVersion))};
  return json;
}

JsonValue token_document(const control::Key& key) {
  JsonValue json;
  json["project_id"] = int64_t{key.environment.number};
  // Of a key only its hash is kept: this is its name among keys, not its value.
  json["access_token"] = key.id;
  json["name"] = key.name;
  json["status"] = key.disabled ? "disabled" : "enabled";
  const control::Grant grant{.environment = key.environment,
                             .kind = key.kind,
                             .permissions = key.permissions,
                             .key_id = key.id,
                             .key_name = key.name};
  JsonValue::Array scopes;
  for (const Scope scope : {Scope::read, Scope::write, Scope::post_server_item, Scope::post_client_item})
    if (has_scope(grant, scope)) scopes.emplace_back(name_of(scope));
  json["scopes"] = std::move(scopes);
  json["rate_limit_window_size"] = JsonValue();
  json["rate_limit_window_count"] = JsonValue();
  json["cur_rate_limit_window_start"] = JsonValue();
  json["cur_rate_limit_window_count"] = JsonValue();
  json["date_created"] = unix_seconds(key.created);
  json["date_modified"] = unix_seconds(key.disabled.value_or(key.created));
  return json;
}

}  // namespace

net::Response list_projects(const Call& call) {
  const Result<control::Environment> environment = environment_of(call);
  if (!environment.ok()) return refused(environment.status());
  return result(JsonValue::Array{project_document(*environment)});
}

net::Response get_project(const Call& call) {
  if (call.id() != int64_t{call.environment().number}) return failure(404, "Project not found");
  const Result<control::Environment> environment = environment_of(call);
  return environment.ok() ? result(project_document(*environment)) : refused(environment.status());
}

net::Response list_access_tokens(const Call& call) {
  if (call.id() != int64_t{call.environment().number}) return failure(404, "Project not found");
  Result<control::Database> database = control::open_control_database(call.options().data_directory);
  if (!database.ok()) return refused(database.status());
  const Result<std::vector<control::Key>> keys = control::list_keys(*database);
  if (!keys.ok()) return refused(keys.status());
  JsonValue::Array list;
  for (const control::Key& key : *keys)
    if (key.environment == call.environment() && !key.aws_secret) list.push_back(token_document(key));
  return result(std::move(list));
}

net::Response list_environments(const Call& call) {
  const auto names = call.items().deployments(call.environment());
  if (!names.ok()) return refused(names.status());
  JsonValue::Array list;
  for (const std::string& name : *names) {
    JsonValue one;
    one["id"] = static_cast<int64_t>(list.size()) + 1;
    one["project_id"] = int64_t{call.environment().number};
    one["environment"] = name;
    one["visible"] = true;
    list.push_back(std::move(one));
  }
  JsonValue json;
  json["environments"] = std::move(list);
  return result(std::move(json));
}

}  // namespace clew::rollbar
