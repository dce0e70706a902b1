// Users, and the one team that they all are in.

#include <algorithm>

#include "protocols/rollbar/operations.h"
#include "protocols/rollbar/people.h"

namespace clew::rollbar {
namespace {

constexpr int64_t kEveryone = 1;

JsonValue user_document(const std::string& name) {
  JsonValue json;
  json["id"] = id_of_person(name);
  json["username"] = name;
  json["email"] = name.find('@') == std::string::npos ? JsonValue() : JsonValue(name);
  return json;
}

JsonValue team_document(const Call& call) {
  JsonValue json;
  json["id"] = kEveryone;
  json["account_id"] = int64_t{call.environment().number};
  json["name"] = "Everyone";
  json["access_level"] = "everyone";
  return json;
}

net::Response no_such_team() {
  return failure(404, "Team not found");
}

// nullptr: there is none of that id.
const std::string* find_person(const std::vector<std::string>& people, int64_t id) {
  const auto found = std::find_if(people.begin(), people.end(),
                                  [&](const std::string& name) { return id_of_person(name) == id; });
  return found == people.end() ? nullptr : &*found;
}

}  // namespace

Result<std::vector<std::string>> people_of(const Call& call) {
  return call.items().people_in_charge(call.environment());
}

int64_t id_of_person(std::string_view name) {
  // FNV-1a, folded to 31 bits.
  uint64_t hash = 14'695'981'039'346'656'037u;
  for (const char c : name) hash = (hash ^ static_cast<uint8_t>(c)) * 1'099'511'628'211u;
  const auto id = static_cast<int64_t>((hash ^ hash >> 31) & 0x7fff'ffff);
  return id == 0 ? 1 : id;
}

net::Response list_users(const Call& call) {
  const Result<std::vector<std::string>> people = people_of(call);
  if (!people.ok()) return refused(people.status());
  JsonValue::Array list;
  for (const std::string& name : *people) list.push_back(user_document(name));
  JsonValue json;
  json["users"] = std::move(list);
  return result(std::move(json));
}

net::Response get_user(const Call& call) {
  const Result<std::vector<std::string>> people = people_of(call);
  if (!people.ok()) return refused(people.status());
  const std::string* name = find_person(*people, call.id());
  return name ? result(user_document(*name)) : failure(404, "User not found");
}

net::Response list_teams(const Call& call) {
  return result(JsonValue::Array{team_document(call)});
}

net::Response get_team(const Call& call) {
  return call.id() == kEveryone ? result(team_document(call)) : no_such_team();
}

net::Response list_users_of_team(const Call& call) {
  if (call.id() != kEveryone) return no_such_team();
  const Result<std::vector<std::string>> people = people_of(call);
  if (!people.ok()) return refused(people.status());
  JsonValue::Array list;
  for (const std::string& name : *people) {
    JsonValue member;
    member["team_id"] = kEveryone;
    member["user_id"] = id_of_person(name);
    list.push_back(std::move(member));
  }
  return result(std::move(list));
}

net::Response list_teams_of_user(const Call& call) {
  const Result<std::vector<std::string>> people = people_of(call);
  if (!people.ok()) return refused(people.status());
  if (find_person(*people, call.id()) == nullptr) return failure(404, "User not found");
  JsonValue json;
  json["teams"] = JsonValue::Array{team_document(call)};
  return result(std::move(json));
}

}  // namespace clew::rollbar
