// What an operator set: environments, keys, how long data is kept. A key sees its own environment alone, and
// no key's value is known here.

#include "protocols/clew/endpoints.h"
#include "protocols/clew/settings_rights.h"

namespace clew::api {
namespace {

void write_key(JsonWriter& json, const control::Key& key) {
  json.begin_object().key("id").string(key.id).key("name").string(key.name);
  json.key("environment").string(key.environment_name);
  json.key("kind").string(key.aws_secret ? "aws" : "api");
  json.key("key_type").string(control::name_of(key.kind)).key("permissions").begin_array();
  for (const control::PermissionName& one : control::all_permissions()) {
    if (key.permissions.has(one.permission)) json.string(one.name);
  }
  json.end_array();
  json.time_members("created", key.created);
  if (key.last_used) json.time_members("last_used", *key.last_used);
  if (key.disabled) json.time_members("disabled", *key.disabled);
  if (!key.person_id.empty()) json.key("person").string(key.person_id);
  json.end_object();
}

void write_person(JsonWriter& json, const control::Person& person, const ServerSettings& settings,
                  const Call& call) {
  json.begin_object().key("id").string(person.id).key("name").string(person.name);
  json.key("email").string(person.email).key("role").string(control::name_of(person.role));
  std::string_view environment;
  for (const control::Environment& one : settings.environments) {
    if (one.id == person.environment) environment = one.name;
  }
  json.key("environment").string(environment).time_members("created", person.created);
  if (person.last_seen) json.time_members("last_seen", *person.last_seen);
  json.key("has_key").boolean(!person.key_id.empty());
  json.key("is_you").boolean(!person.key_id.empty() && person.key_id == call.grant.key_id).end_object();
}

}  // namespace

net::Response answer_settings(const Call& call) {
  ServerSettings settings;
  if (call.options().settings) {
    Result<ServerSettings> read = call.options().settings();
    if (!read.ok()) return refusal(read.status());
    settings = std::move(read).value();
  }
  const bool sees_all = is_open_to_all(call);
  JsonWriter writer;
  writer.begin_object().key("environments").begin_array();
  for (const control::Environment& one : settings.environments) {
    if (!sees_all && one.id != call.environment) continue;
    writer.begin_object().key("name").string(one.name).key("slug").string(one.slug);
    writer.key("asked").boolean(one.id == call.environment);
    writer.time_members("created", one.created).end_object();
  }
  writer.end_array().key("keys").begin_array();
  for (const control::Key& key : settings.keys) {
    if (sees_all || key.environment == call.environment) write_key(writer, key);
  }
  writer.end_array().key("people").begin_array();
  for (const control::Person& person : settings.people) {
    if (sees_all || person.environment == call.environment) write_person(writer, person, settings, call);
  }
  writer.end_array().key("may_change").boolean(may_change_settings(call).ok());
  if (settings.retention) writer.key("retention_ns").integer(settings.retention->count);
  if (settings.most_bytes) writer.key("most_bytes").integer(*settings.most_bytes);
  writer.key("data").string(sees_all ? settings.data : std::string());
  return json(std::move(writer.end_object()));
}

}  // namespace clew::api
