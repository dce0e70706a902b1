// The environments and keys of the team: version 2 of the API, in the shapes of JSON:API.
#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "control/environment_removal.h"
#include "control/environments.h"
#include "control/keys.h"
#include "protocols/honeycomb/operations.h"
#include "protocols/honeycomb/resources.h"
#include "protocols/honeycomb/team.h"
#include "protocols/honeycomb/team_call.h"

namespace clew::honeycomb {
namespace {

constexpr std::string_view kSettingsKind = "honeycomb.environment";
constexpr size_t kUsualPage = 20, kMostPage = 100;

JsonValue settings_of(const Call& call, EnvironmentId environment) {
  const auto kept = read_resource(*call.options().records, environment, kSettingsKind, "settings");
  if (kept.ok() && *kept) return **kept;
  JsonValue settings;
  settings["description"] = JsonValue("");
  settings["color"] = JsonValue("blue");
  settings["settings"]["delete_protected"] = JsonValue(true);
  return settings;
}

JsonValue shown(const Call& call, const control::Environment& environment) {
  JsonValue attributes = settings_of(call, environment.id);
  attributes["name"] = JsonValue(environment.name);
  attributes["slug"] = JsonValue(environment.slug);
  JsonValue data;
  data["id"] = JsonValue(id_of(environment.id));
  data["type"] = JsonValue("environments");
  data["attributes"] = std::move(attributes);
  data["relationships"]["team"] = reference("teams", kTeamId);
  return data;
}

JsonValue shown(const control::Key& key, std::string_view secret = {}) {
  JsonValue attributes;
  attributes["name"] = JsonValue(key.name);
  attributes["key_type"] = JsonValue(control::name_of(key.kind));
  attributes["disabled"] = JsonValue(key.disabled.has_value());
  for (const control::PermissionName& one : control::all_permissions()) {
    const bool told =
        key.kind != control::KeyKind::ingest || one.permission == control::Permission::create_datasets;
    if (told) attributes["permissions"][one.name] = JsonValue(key.permissions.has(one.permission));
  }
  attributes["timestamps"]["created"] = JsonValue(to_rfc3339(key.created));
  attributes["timestamps"]["updated"] = JsonValue(to_rfc3339(key.disabled.value_or(key.created)));
  if (!secret.empty()) attributes["secret"] = JsonValue(secret);
  JsonValue data;
  data["id"] = JsonValue(key.id);
  data["type"] = JsonValue("api-keys");
  data["attributes"] = std::move(attributes);
  data["relationships"]["environment"] = reference("environments", id_of(key.environment));
  return data;
}

// One page of a list; `page[after]` is the id of the last one seen.
Answer page_answer(const Call& call, JsonValue::Array all) {
  size_t size = kUsualPage;
  if (const auto wanted = call.request.parameter("page[size]")) {
    const auto [end, problem] = std::from_chars(wanted->data(), wanted->data() + wanted->size(), size);
    if (problem != std::errc() || end != wanted->data() + wanted->size() || size < 1 || size > kMostPage)
      return json_api_error(400, "invalid", "page[size] must be between 1 and 100");
  }
  auto from = all.begin();
  if (const auto after = call.request.parameter("page[after]")) {
    from = std::find_if(all.begin(), all.end(),
                        [&](const JsonValue& one) { return text_in(one, "id") == *after; });
    if (from != all.end()) ++from;
  }
  const auto to =
      static_cast<size_t>(all.end() - from) > size ? from + static_cast<ptrdiff_t>(size) : all.end();
  JsonValue body;
  body["links"]["next"] = to == all.end() || from == to
                              ? JsonValue()
                              : JsonValue(fmt::format("{}?page[size]={}&page[after]={}", call.request.path,
                                                      size, text_in(*(to - 1), "id")));
  body["data"] = JsonValue(JsonValue::Array(from, to));
  return json_api_answer(200, body);
}

// What a body says of permissions, on top of `permissions`.
Result<control::Permissions> permissions_in(const JsonValue& attributes, control::Permissions permissions) {
  const JsonValue* given = attributes.find("permissions");
  if (given == nullptr || given->object() == nullptr) return permissions;
  for (const JsonValue::Member& member : *given->object()) {
    const auto all = control::all_permissions();
    const auto known =
        std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.name == member.name; });
    if (known == all.end() || member.value.boolean() == nullptr)
      return Status(ErrorKind::bad_input,
                    fmt::format("permissions.{} is not a permission, or no boolean", member.name));
    permissions.set(known->permission, *member.value.boolean());
  }
  return permissions;
}

Result<control::Key> key_of_id(control::Database& database, std::string_view id) {
  CLEW_ASSIGN(const auto keys, control::list_keys(database));
  for (const control::Key& key : keys) {
    if (key.id == id) return key;
  }
  return Status(ErrorKind::not_found, "API key not found");
}

}  // namespace

Answer list_environments(const Call& call) {
  auto opened = team_database(call);
  if (auto* refused = std::get_if<Answer>(&opened)) return std::move(*refused);
  const auto all = control::list_environments(std::get<control::Database>(opened));
  if (!all.ok()) return failure_of(all.status());
  JsonValue::Array list;
  for (const control::Environment& one : *all) list.push_back(shown(call, one));
  return page_answer(call, std::move(list));
}

namespace {

// Description, colour and protection.
Answer change_environment(const Call& call, int status, const control::Environment& environment,
                          const JsonValue& attributes) {
  JsonValue settings = settings_of(call, environment.id);
  for (const char* member : {"description", "color"}) {
    const JsonValue* value = attributes.find(member);
    if (value != nullptr && value->string() != nullptr) settings[member] = *value;
  }
  const JsonValue* given = attributes.find("settings");
  const JsonValue* is_protected = given == nullptr ? nullptr : given->find("delete_protected");
  if (is_protected != nullptr && is_protected->boolean() != nullptr)
    settings["settings"]["delete_protected"] = *is_protected;
  const Status put = call.options().records->put(environment.id, kSettingsKind, "settings", settings.text());
  if (!put.ok()) return failure_of(put);
  return one_answer(status, shown(call, environment));
}

}  // namespace

Answer create_environment(const Call& call) {
  auto given = given_data(call);
  if (auto* refused = std::get_if<Answer>(&given)) return std::move(*refused);
  GivenData& data = std::get<GivenData>(given);
  const std::string name = text_in(data.attributes(), "name");
  if (name.empty())
    return json_api_error(422, "validation-failed", "The provided input is invalid.", "name is required");
  const auto made = control::create_environment(data.database, name);
  if (!made.ok()) return failure_of(made.status());
  return change_environment(call, 201, *made, data.attributes());
}

Answer get_environment(const Call& call) {
  auto opened = team_database(call);
  if (auto* refused = std::get_if<Answer>(&opened)) return std::move(*refused);
  const auto all = control::list_environments(std::get<control::Database>(opened));
  if (!all.ok()) return failure_of(all.status());
  const auto one = environment_of_id(*all, call.segment("id"));
  if (!one) return failure_of(Status(ErrorKind::not_found, "Environment not found"));
  return one_answer(200, shown(call, *one));
}

Answer update_environment(const Call& call) {
  auto given = given_data(call);
  if (auto* refused = std::get_if<Answer>(&given)) return std::move(*refused);
  GivenData& data = std::get<GivenData>(given);
  const auto all = control::list_environments(data.database);
  if (!all.ok()) return failure_of(all.status());
  const auto one = environment_of_id(*all, call.segment("id"));
  if (!one) return failure_of(Status(ErrorKind::not_found, "Environment not found"));
  return change_environment(call, 200, *one, data.attributes());
}

Answer remove_environment(const Call& call) {
  auto opened = team_database(call);
  if (auto* refused = std::get_if<Answer>(&opened)) return std::move(*refused);
  control::Database& database = std::get<control::Database>(opened);
  const auto all = control::list_environments(database);
  if (!all.ok()) return failure_of(all.status());
  const auto one = environment_of_id(*all, call.segment("id"));
  if (!one) return failure_of(Status(ErrorKind::not_found, "Environment not found"));
  const JsonValue settings = settings_of(call, one->id);
  const JsonValue* is_protected = settings.find("settings")->find("delete_protected");
  if (is_protected == nullptr || is_protected->boolean() == nullptr || *is_protected->boolean())
    return json_api_error(
        409, "conflict", "The environment is protected.",
        "Environment is protected from deletion: set settings.delete_protected to false first");
  const Status removed = control::remove_environment(database, one->id);
  if (!removed.ok() && removed.kind() == ErrorKind::conflict)
    return json_api_error(409, "conflict", "The environment is in use.", removed.message());
  return removed.ok() ? empty_answer(204) : failure_of(removed);
}

Answer list_keys(const Call& call) {
  auto opened = team_database(call);
  if (auto* refused = std::get_if<Answer>(&opened)) return std::move(*refused);
  const auto keys = control::list_keys(std::get<control::Database>(opened));
  if (!keys.ok()) return failure_of(keys.status());
  const auto wanted = call.request.parameter("filter[type]");
  JsonValue::Array list;
  for (const control::Key& key : *keys) {
    if (!key.aws_secret && (!wanted || *wanted == control::name_of(key.kind))) list.push_back(shown(key));
  }
  return page_answer(call, std::move(list));
}

Answer create_key(const Call& call) {
  auto given = given_data(call);
  if (auto* refused = std::get_if<Answer>(&given)) return std::move(*refused);
  GivenData& data = std::get<GivenData>(given);
  const JsonValue& attributes = data.attributes();
  const auto kind = control::key_kind_named(text_in(attributes, "key_type"));
  if (!kind || *kind == control::KeyKind::management)
    return json_api_error(422, "validation-failed", "The provided input is invalid.",
                          "key_type must be one of: ingest, configuration");
  auto environment = related_environment(data);
  if (auto* refused = std::get_if<Answer>(&environment)) return std::move(*refused);
  const bool ingest = *kind == control::KeyKind::ingest;
  auto permissions =
      permissions_in(attributes, ingest ? control::Permissions().set(control::Permission::send_events)
                                        : control::Permissions::none());
  if (!permissions.ok()) return failure_of(permissions.status());
  const auto made = control::create_key(data.database, {.name = text_in(attributes, "name"),
                                                        .environment = std::get<EnvironmentId>(environment),
                                                        .value = std::nullopt,
                                                        .kind = *kind,
                                                        .permissions = *permissions});
  if (!made.ok()) return failure_of(made.status());
  const auto key = key_of_id(data.database, made->id);
  if (!key.ok()) return failure_of(key.status());
  // The whole of an ingest key is its id and its secret; of another only the secret counts.
  const std::string secret = ingest ? made->value.substr(made->id.size()) : made->value;
  return one_answer(201, shown(*key, secret));
}

Answer get_key(const Call& call) {
  auto opened = team_database(call);
  if (auto* refused = std::get_if<Answer>(&opened)) return std::move(*refused);
  const auto key = key_of_id(std::get<control::Database>(opened), call.segment("id"));
  if (!key.ok()) return failure_of(key.status());
  return one_answer(200, shown(*key));
}

Answer update_key(const Call& call) {
  auto given = given_data(call);
  if (auto* refused = std::get_if<Answer>(&given)) return std::move(*refused);
  GivenData& data = std::get<GivenData>(given);
  const JsonValue& attributes = data.attributes();
  const auto key = key_of_id(data.database, call.segment("id"));
  if (!key.ok()) return failure_of(key.status());
  auto permissions = permissions_in(attributes, key->permissions);
  if (!permissions.ok()) return failure_of(permissions.status());
  control::KeyChange change{.name = {}, .disabled = {}, .permissions = *permissions};
  if (const std::string name = text_in(attributes, "name"); !name.empty()) change.name = name;
  if (const JsonValue* disabled = attributes.find("disabled");
      disabled != nullptr && disabled->boolean() != nullptr)
    change.disabled = *disabled->boolean();
  const Status changed = control::change_key(data.database, key->id, change);
  if (!changed.ok()) return failure_of(changed);
  const auto after = key_of_id(data.database, key->id);
  if (!after.ok()) return failure_of(after.status());
  return one_answer(200, shown(*after));
}

Answer remove_key(const Call& call) {
  auto opened = team_database(call);
  if (auto* refused = std::get_if<Answer>(&opened)) return std::move(*refused);
  const Status removed = control::remove_key(std::get<control::Database>(opened), call.segment("id"));
  if (!removed.ok()) return failure_of(Status(removed.kind(), "API key not found"));
  return empty_answer(204);
}

}  // namespace clew::honeycomb
