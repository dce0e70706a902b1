// What a key is told of itself.
#include "control/environments.h"
#include "protocols/honeycomb/operations.h"
#include "protocols/honeycomb/team.h"
#include "protocols/sender_key.h"

namespace clew::honeycomb {
namespace {

JsonValue name_and_slug(std::string_view name, std::string_view slug) {
  JsonValue both;
  both["name"] = JsonValue(name);
  both["slug"] = JsonValue(slug);
  return both;
}

}  // namespace

Answer describe_key(const Call& call) {
  const control::Grant& grant = call.grant;
  const bool ingest = grant.kind == control::KeyKind::ingest;
  JsonValue access;
  for (const control::PermissionName& one : control::all_permissions()) {
    const bool told = ingest ? one.permission == control::Permission::create_datasets : true;
    if (told) access[one.short_name] = JsonValue(grant.permissions.has(one.permission));
  }
  // Terraform reads it under this name.
  access["create_datasets"] = JsonValue(grant.permissions.has(control::Permission::create_datasets));
  const std::string key = sender_key(call.request.headers).value_or("");
  JsonValue body;
  body["id"] = JsonValue(grant.key_id);
  body["type"] = JsonValue(ingest ? "ingest" : "configuration");
  body["api_key_access"] = std::move(access);
  const std::string name = environment_name(call.options(), grant.environment);
  // Classic keys know of no environments.
  const bool classic = is_classic_key(key);
  body["environment"] = classic ? name_and_slug("", "") : name_and_slug(name, control::slug_of(name));
  body["team"] = name_and_slug(kTeamName, kTeamSlug);
  return json_answer(200, body);
}

Answer describe_management_key(const Call& call) {
  const control::Grant& grant = call.grant;
  if (!may_manage(grant))
    return json_api_error(401, "unauthenticated", "unknown API key - check your credentials");
  JsonValue attributes;
  attributes["name"] = JsonValue(grant.key_name);
  attributes["key_type"] = JsonValue("management");
  attributes["disabled"] = JsonValue(false);
  attributes["scopes"] = JsonValue(JsonValue::Array{"api-keys:read", "api-keys:write", "environments:read",
                                                    "environments:write", "markers:write"});
  JsonValue team;
  team["id"] = JsonValue(kTeamId);
  team["type"] = JsonValue("teams");
  JsonValue data;
  data["id"] = JsonValue(grant.key_id);
  data["type"] = JsonValue("api-keys");
  data["attributes"] = std::move(attributes);
  data["relationships"]["team"]["data"] = team;
  team["attributes"] = name_and_slug(kTeamName, kTeamSlug);
  JsonValue body;
  body["data"] = std::move(data);
  body["included"] = JsonValue(JsonValue::Array{std::move(team)});
  return json_api_answer(200, body);
}

}  // namespace clew::honeycomb
