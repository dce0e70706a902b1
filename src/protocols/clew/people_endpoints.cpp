// People: invited, given another role or a new key, removed. A personal key's value is told once.

#include "control/people.h"
#include "protocols/clew/endpoints.h"
#include "protocols/clew/settings_change.h"

namespace clew::api {
namespace {

constexpr size_t kMostPeople = 10'000;

Maybe read_role(const JsonValue& body, control::Role& role) {
  const JsonValue* value = body.find("role");
  const auto named =
      value == nullptr || value->string() == nullptr ? std::nullopt : control::role_named(*value->string());
  if (!named) return fault_in("role", "must be reads, writes or owns");
  role = *named;
  return std::nullopt;
}

// Of an environment that the request may see.
Result<control::Person> person_meant(const Call& call, control::Database& database) {
  const std::string id = call.request.parameter("person_id").value_or(std::string());
  CLEW_ASSIGN(std::vector<control::Person> people, control::list_people(database));
  for (control::Person& person : people) {
    if (person.id == id && (is_open_to_all(call) || person.environment == call.environment))
      return std::move(person);
  }
  return Status(ErrorKind::not_found, "There is no person " + id.substr(0, 100));
}

bool is_oneself(const Call& call, const control::Person& person) {
  return !person.key_id.empty() && person.key_id == call.grant.key_id;
}

}  // namespace

net::Response answer_invitation(const Call& call) {
  Result<control::Database> database = database_for_changes(call);
  if (!database.ok()) return refusal(database.status());
  JsonValue body;
  control::Invitation invitation;
  if (const Maybe why = read_body(call, {"name", "email", "role", "environment"}, body)) return refused(*why);
  if (const Maybe why = read_name(body, invitation.name)) return refused(*why);
  if (const Maybe why = read_role(body, invitation.role)) return refused(*why);
  const JsonValue* email = body.find("email");
  if (email == nullptr || email->string() == nullptr)
    return refused(fault_in("email", "must be an address such as ann@example.com"));
  invitation.email = *email->string();
  const Result<EnvironmentId> environment = environment_in(call, *database, body);
  if (!environment.ok()) return refusal(environment.status(), {"environment", {}});
  invitation.environment = *environment;
  const auto people = control::list_people(*database);
  if (!people.ok()) return refusal(people.status());
  if (people->size() >= kMostPeople)
    return refusal(Status(ErrorKind::exhausted, "There are 10000 people already"));
  const auto keys = control::list_keys(*database);
  if (!keys.ok()) return refusal(keys.status());
  // From the first key on everybody needs one: somebody must be able to invite the next.
  if (keys->empty() && invitation.role != control::Role::owns)
    return refused(
        fault_in("role", "of the first person must be owns, for nobody else could invite the next"));
  const auto invited = control::invite_person(*database, invitation);
  if (!invited.ok()) return refusal(invited.status());
  JsonWriter writer;
  writer.begin_object().key("id").string(invited->id).key("name").string(invitation.name);
  writer.key("key").string(invited->key.value).key("is_first").boolean(keys->empty());
  return json(std::move(writer.end_object()));
}

net::Response answer_changed_person(const Call& call) {
  Result<control::Database> database = database_for_changes(call);
  if (!database.ok()) return refusal(database.status());
  JsonValue body;
  if (const Maybe why = read_body(call, {"role", "new_key"}, body)) return refused(*why);
  const Result<control::Person> person = person_meant(call, *database);
  if (!person.ok()) return refusal(person.status());
  JsonWriter writer;
  writer.begin_object().key("id").string(person->id).key("name").string(person->name);
  if (body.find("role") != nullptr) {
    control::Role role = person->role;
    if (const Maybe why = read_role(body, role)) return refused(*why);
    if (is_oneself(call, *person) && role != control::Role::owns)
      return refusal(Status(ErrorKind::conflict, "That is you: another owner has to change your role"));
    if (const Status changed = control::change_role(*database, person->id, role); !changed.ok())
      return refusal(changed);
  }
  if (const JsonValue* renews = body.find("new_key")) {
    if (renews->boolean() == nullptr || !*renews->boolean())
      return refused(fault_in("new_key", "must be true"));
    const auto key = control::renew_personal_key(*database, person->id);
    if (!key.ok()) return refusal(key.status());
    writer.key("key").string(key->value);
  }
  return json(std::move(writer.end_object()));
}

net::Response answer_removed_person(const Call& call) {
  Result<control::Database> database = database_for_changes(call);
  if (!database.ok()) return refusal(database.status());
  const Result<control::Person> person = person_meant(call, *database);
  if (!person.ok()) return refusal(person.status());
  if (is_oneself(call, *person))
    return refusal(Status(ErrorKind::conflict, "That is you: another owner has to remove you"));
  if (const Status removed = control::remove_person(*database, person->id); !removed.ok())
    return refusal(removed);
  JsonWriter writer;
  writer.begin_object().key("removed").boolean(true).key("name").string(person->name);
  return json(std::move(writer.end_object()));
}

}  // namespace clew::api
