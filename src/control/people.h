// People: who looks at the page. Each signs in with a personal key, whose permissions follow from the
// person's role, so that whatever checks a key checks a person.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "control/database.h"
#include "control/keys.h"
#include "control/permissions.h"
#include "telemetry/batch.h"

namespace clew::control {

enum class Role : uint8_t {
  reads,   // asks, and looks at everything
  writes,  // changes boards, alerts, errors besides
  owns,    // changes keys, people and retention besides
};
std::string_view name_of(Role role);
std::optional<Role> role_named(std::string_view name);
Permissions permissions_of(Role role);

struct Person {
  std::string id;
  EnvironmentId environment;
  std::string name;
  std::string email;
  Role role = Role::reads;
  UnixNanos created;
  std::string key_id;                  // empty: no key is left to sign in with
  std::optional<UnixNanos> last_seen;  // that the key was used
};

struct Invitation {
  std::string name;
  std::string email;
  Role role = Role::reads;
  EnvironmentId environment = kDefaultEnvironment;
};

struct InvitedPerson {
  std::string id;
  CreatedKey key;
};

// conflict when somebody of the environment has that address.
Result<InvitedPerson> invite_person(Database& database, const Invitation& invitation);
// Of all environments, by name.
Result<std::vector<Person>> list_people(Database& database);
// These three: not_found when there is nobody of that id.
Status change_role(Database& database, std::string_view id, Role role);
// For who lost the former one, which is worth nothing from then on.
Result<CreatedKey> renew_personal_key(Database& database, std::string_view id);
// The personal key goes, too; what the person did stays in the journal.
Status remove_person(Database& database, std::string_view id);

}  // namespace clew::control
