// Keys and environments, made and changed from the page. While no key is required, whoever reaches the doors
// may do so; from then on a key that may do everything, for its own environment. A key's value is told once.

#include "base/json_value.h"
#include "control/environments.h"
#include "control/keys.h"
#include "protocols/clew/endpoints.h"
#include "protocols/clew/settings_change.h"

namespace clew::api {
namespace {

constexpr size_t kMostKeys = 10'000;
constexpr size_t kMostEnvironments = 1'000;

// `kind` and `permissions`; without the latter, what keys of the kind usually may.
Maybe read_rights(const JsonValue& body, control::KeyRequest& request) {
  if (const JsonValue* kind = body.find("kind")) {
    const auto named = kind->string() == nullptr ? std::nullopt : control::key_kind_named(*kind->string());
    if (!named || *named == control::KeyKind::management)
      return fault_in("kind", "must be configuration or ingest");
    request.kind = *named;
  }
  const bool only_sends = request.kind == control::KeyKind::ingest;
  request.permissions = only_sends ? control::Permissions::to_send() : control::Permissions::all();
  const JsonValue* permissions = body.find("permissions");
  if (permissions == nullptr) return std::nullopt;
  if (only_sends || permissions->array() == nullptr)
    return fault_in("permissions", "must be an array of names, of a configuration key");
  std::string names;
  for (const JsonValue& one : *permissions->array()) {
    if (one.string() == nullptr) return fault_in("permissions", "must be an array of names");
    names += (names.empty() ? "" : ",") + *one.string();
  }
  const Result<control::Permissions> read = control::Permissions::of_text(names);
  if (!read.ok()) return Refused{read.status(), Fault{"permissions", {}}};
  request.permissions = *read;
  return std::nullopt;
}

// Of an environment that the request may see.
Result<control::Key> key_of(const Call& call, control::Database& database, std::string_view id) {
  CLEW_ASSIGN(std::vector<control::Key> keys, control::list_keys(database));
  for (control::Key& key : keys) {
    if (key.id == id && (is_open_to_all(call) || key.environment == call.environment)) return std::move(key);
  }
  return Status(ErrorKind::not_found, "There is no key " + std::string(id.substr(0, 100)));
}

}  // namespace

net::Response answer_new_environment(const Call& call) {
  Result<control::Database> database = database_for_changes(call);
  if (!database.ok()) return refusal(database.status());
  if (!is_open_to_all(call))
    return refusal(Status(ErrorKind::forbidden,
                          "A key belongs to one environment and makes no others; on the server: clew keys "
                          "create --environment NAME"));
  JsonValue body;
  std::string name;
  if (const Maybe why = read_body(call, {"name"}, body)) return refused(*why);
  if (const Maybe why = read_name(body, name)) return refused(*why);
  if (control::slug_of(name).empty()) return refused(fault_in("name", "must have a letter or a digit"));
  const auto known = control::list_environments(*database);
  if (!known.ok()) return refusal(known.status());
  if (known->size() >= kMostEnvironments)
    return refusal(Status(ErrorKind::exhausted, "There are 1000 environments already"));
  const Result<control::Environment> made = control::create_environment(*database, name);
  if (!made.ok()) return refusal(made.status());
  JsonWriter writer;
  writer.begin_object().key("name").string(made->name).key("slug").string(made->slug);
  return json(std::move(writer.end_object()));
}

net::Response answer_new_key(const Call& call) {
  Result<control::Database> database = database_for_changes(call);
  if (!database.ok()) return refusal(database.status());
  JsonValue body;
  control::KeyRequest request;
  if (const Maybe why = read_body(call, {"name", "environment", "kind", "permissions"}, body))
    return refused(*why);
  if (const Maybe why = read_name(body, request.name)) return refused(*why);
  if (const Maybe why = read_rights(body, request)) return refused(*why);
  const Result<EnvironmentId> environment = environment_in(call, *database, body);
  if (!environment.ok()) return refusal(environment.status(), {"environment", {}});
  request.environment = *environment;
  const auto keys = control::list_keys(*database);
  if (!keys.ok()) return refusal(keys.status());
  if (keys->size() >= kMostKeys) return refusal(Status(ErrorKind::exhausted, "There are 10000 keys already"));
  // From the first one on everybody needs one: with it somebody must be able to make the next.
  if (keys->empty() && request.permissions != control::Permissions::all())
    return refused(fault_in("kind", "of the first key must be configuration, with every permission"));
  const Result<control::CreatedKey> made = control::create_key(*database, request);
  if (!made.ok()) return refusal(made.status());
  JsonWriter writer;
  writer.begin_object().key("id").string(made->id).key("value").string(made->value);
  writer.key("is_first").boolean(keys->empty());
  return json(std::move(writer.end_object()));
}

net::Response answer_changed_key(const Call& call) {
  Result<control::Database> database = database_for_changes(call);
  if (!database.ok()) return refusal(database.status());
  JsonValue body;
  if (const Maybe why = read_body(call, {"disabled"}, body)) return refused(*why);
  const JsonValue* disabled = body.find("disabled");
  if (disabled == nullptr || disabled->boolean() == nullptr)
    return refused(fault_in("disabled", "must be true or false"));
  const Result<control::Key> key =
      key_of(call, *database, call.request.parameter("key_id").value_or(std::string()));
  if (!key.ok()) return refusal(key.status());
  if (*disabled->boolean() && key->id == call.grant.key_id)
    return refusal(Status(ErrorKind::conflict, "That is the key you present: another one has to disable it"));
  control::KeyChange change;
  change.disabled = *disabled->boolean();
  if (const Status changed = control::change_key(*database, key->id, change); !changed.ok())
    return refusal(changed);
  JsonWriter writer;
  writer.begin_object().key("id").string(key->id).key("disabled").boolean(*disabled->boolean());
  return json(std::move(writer.end_object()));
}

}  // namespace clew::api
