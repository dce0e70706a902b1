#include "control/keys.h"

#include <algorithm>

#include <fmt/format.h>

namespace clew::control {
namespace {

constexpr size_t kLongestName = 200;
// How the ids of personal keys begin, so that wherever a key is known it is known to be one.
constexpr std::string_view kPersonal = "clewp_";

std::string_view bytes_of(const KeyHash& hash) {
  return {reinterpret_cast<const char*>(hash.data()), hash.size()};
}

std::optional<UnixNanos> time_at(const Row& row, int column) {
  if (row.is_null(column)) return std::nullopt;
  return UnixNanos{row.integer(column)};
}

Key key_of(const Row& row) {
  Key key{.id = std::string(row.text(0)),
          .name = std::string(row.text(1)),
          .environment = {static_cast<uint32_t>(row.integer(2))},
          .environment_name = std::string(row.text(3)),
          .created = {row.integer(5)},
          .last_used = time_at(row, 6),
          .disabled = time_at(row, 7)};
  if (!row.is_null(8)) key.aws_secret = std::string(row.text(8));
  key.kind = key_kind_named(row.text(9)).value_or(KeyKind::configuration);
  if (!row.is_null(10)) {
    // Names of a newer clew are of no use to this one.
    const Result<Permissions> permissions = Permissions::of_text(row.text(10));
    key.permissions = permissions.ok() ? *permissions : Permissions::none();
  }
  key.person_id = row.text(11);
  const std::string_view hash = row.blob(4);
  std::copy_n(hash.begin(), std::min(hash.size(), key.hash.size()), key.hash.begin());
  return key;
}

Status check_key_name(std::string_view name) {
  if (!name.empty() && name.size() <= kLongestName) return Status();
  return Status(ErrorKind::bad_input,
                fmt::format("a key's name has 1 to {} bytes, got {}", kLongestName, name.size()));
}

}  // namespace

bool is_personal_key(std::string_view id) {
  return id.starts_with(kPersonal);
}

Result<CreatedKey> create_key(Database& database, const KeyRequest& request) {
  CLEW_TRY(check_key_name(request.name));
  CreatedKey created;
  if (request.value) {
    CLEW_TRY(check_key_value(*request.value));
    created = {.id = id_for_value(*request.value), .value = *request.value};
  } else {
    created.id = new_key_id();
    if (!request.person_id.empty()) created.id.replace(0, created.id.find('_') + 1, kPersonal);
    created.value = created.id + new_key_secret();
  }
  const KeyHash hash = hash_of_key(created.value);
  const std::string permissions = request.permissions.text();
  const bool limited = !(request.permissions == Permissions::all());
  Status made = database.run(
      "INSERT INTO keys (id, name, environment, sha256, created, kind, permissions, person) VALUES (?, ?, ?, "
      "?, ?, ?, ?, ?)",
      {std::string_view(created.id), std::string_view(request.name), int64_t{request.environment.number},
       Blob{bytes_of(hash)}, now().count, name_of(request.kind),
       limited ? Value(std::string_view(permissions)) : Value(nullptr),
       request.person_id.empty() ? Value(nullptr) : Value(std::string_view(request.person_id))});
  if (!made.ok() && made.kind() == ErrorKind::conflict)
    return Status(ErrorKind::conflict, "this key exists already: clew keys list shows it");
  if (!made.ok()) return made;
  return created;
}

Result<CreatedKey> create_aws_key(Database& database, const AwsKeyRequest& request) {
  CLEW_TRY(check_key_name(request.name));
  if (request.access_key) CLEW_TRY(check_key_value(*request.access_key));
  if (request.secret) CLEW_TRY(check_key_value(*request.secret));
  const CreatedKey created{.id = request.access_key.value_or(new_aws_access_key()),
                           .value = request.secret.value_or(new_aws_secret())};
  const KeyHash hash = hash_of_key(created.value);
  Status made = database.run(
      "INSERT INTO keys (id, name, environment, sha256, created, aws_secret) VALUES (?, ?, ?, ?, ?, ?)",
      {std::string_view(created.id), std::string_view(request.name), int64_t{request.environment.number},
       Blob{bytes_of(hash)}, now().count, std::string_view(created.value)});
  if (!made.ok() && made.kind() == ErrorKind::conflict)
    return Status(ErrorKind::conflict, "this access key or secret exists already: clew keys list shows it");
  if (!made.ok()) return made;
  return created;
}

Result<std::vector<Key>> list_keys(Database& database) {
  std::vector<Key> all;
  CLEW_TRY(
      database.run("SELECT k.id, k.name, k.environment, e.name, k.sha256, k.created, k.last_used, "
                   "k.disabled, k.aws_secret, k.kind, k.permissions, k.person "
                   "FROM keys k JOIN environments e ON e.number = k.environment ORDER BY k.created, k.id",
                   {}, [&](const Row& row) { all.push_back(key_of(row)); }));
  return all;
}

Result<Key> disable_key(Database& database, std::string_view which) {
  std::optional<Key> found;
  CLEW_TRY(database.in_transaction([&]() -> Status {
    CLEW_ASSIGN(const std::vector<Key> all, list_keys(database));
    for (const Key& key : all) {
      const bool exact = key.id == which;
      if (!exact && key.name != which && (which.empty() || !key.id.starts_with(which))) continue;
      if (found && !exact)
        return Status(ErrorKind::conflict,
                      fmt::format("'{}' means more than one key, {} and {}: give the whole id", which,
                                  found->id, key.id));
      found = key;
      if (exact) break;
    }
    if (!found)
      return Status(ErrorKind::not_found, fmt::format("no key '{}': clew keys list shows the keys", which));
    if (found->disabled) return Status();
    found->disabled = now();
    return database.run("UPDATE keys SET disabled = ? WHERE id = ?",
                        {found->disabled->count, std::string_view(found->id)});
  }));
  return std::move(*found);
}

Status change_key(Database& database, std::string_view id, const KeyChange& change) {
  if (change.name) CLEW_TRY(check_key_name(*change.name));
  return database.in_transaction([&]() -> Status {
    CLEW_ASSIGN(const int64_t known, database.integer("SELECT count(*) FROM keys WHERE id = ?", {id}));
    if (known == 0) return Status(ErrorKind::not_found, fmt::format("no key '{}'", id));
    if (change.name)
      CLEW_TRY(database.run("UPDATE keys SET name = ? WHERE id = ?", {std::string_view(*change.name), id}));
    if (change.disabled) {
      const Value at = *change.disabled ? Value(now().count) : Value(nullptr);
      CLEW_TRY(database.run("UPDATE keys SET disabled = ? WHERE id = ?", {at, id}));
    }
    if (!change.permissions) return Status();
    const std::string permissions = change.permissions->text();
    return database.run("UPDATE keys SET permissions = ? WHERE id = ?", {std::string_view(permissions), id});
  });
}

Status remove_key(Database& database, std::string_view id) {
  return database.in_transaction([&]() -> Status {
    CLEW_ASSIGN(const int64_t known, database.integer("SELECT count(*) FROM keys WHERE id = ?", {id}));
    if (known == 0) return Status(ErrorKind::not_found, fmt::format("no key '{}'", id));
    return database.run("DELETE FROM keys WHERE id = ?", {id});
  });
}

Status set_last_used(Database& database, std::string_view id, UnixNanos at) {
  return database.run("UPDATE keys SET last_used = max(coalesce(last_used, ?1), ?1) WHERE id = ?2",
                      {at.count, id});
}

}  // namespace clew::control
