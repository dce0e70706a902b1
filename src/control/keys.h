// Keys: who may send and ask, as rows of the control database. access.h is about checking them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "control/database.h"
#include "control/key_value.h"
#include "control/permissions.h"
#include "telemetry/batch.h"

namespace clew::control {

struct Key {
  std::string id;
  std::string name;
  EnvironmentId environment;
  std::string environment_name;
  KeyHash hash{};
  std::optional<std::string> aws_secret;  // the id is then the access key of an AWS client
  UnixNanos created;
  std::optional<UnixNanos> last_used;
  std::optional<UnixNanos> disabled;
  KeyKind kind = KeyKind::configuration;
  Permissions permissions = Permissions::all();
  std::string person_id;  // whose personal key it is (people.h); empty: nobody's
};

struct KeyRequest {
  std::string name;
  EnvironmentId environment = kDefaultEnvironment;
  std::optional<std::string> value;  // a key that exists elsewhere and is to be kept; otherwise one is made
  KeyKind kind = KeyKind::configuration;
  Permissions permissions = Permissions::all();
  std::string person_id;
};

struct AwsKeyRequest {
  std::string name;
  EnvironmentId environment = kDefaultEnvironment;
  // Of credentials that exist elsewhere and are to be kept; both or none.
  std::optional<std::string> access_key, secret;
};

struct CreatedKey {
  std::string id;
  std::string value;  // nobody can show it again
};

// Whether the key of this id is somebody's own; it is called like its person then.
bool is_personal_key(std::string_view id);

// conflict when the value belongs to a key already.
Result<CreatedKey> create_key(Database& database, const KeyRequest& request);
// The id of what is created is the access key, the value the secret. conflict when there is that access key.
Result<CreatedKey> create_aws_key(Database& database, const AwsKeyRequest& request);
// Oldest first, disabled ones too.
Result<std::vector<Key>> list_keys(Database& database);
// `which` is an id, the beginning of one, or a name; it must mean exactly one key.
Result<Key> disable_key(Database& database, std::string_view which);
struct KeyChange {
  std::optional<std::string> name;
  std::optional<bool> disabled;
  std::optional<Permissions> permissions;
};
// not_found when there is none of that id.
Status change_key(Database& database, std::string_view id, const KeyChange& change);
Status remove_key(Database& database, std::string_view id);
Status set_last_used(Database& database, std::string_view id, UnixNanos at);

}  // namespace clew::control
