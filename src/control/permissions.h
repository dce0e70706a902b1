// Permissions: what a key may do, in the words of Honeycomb's keys.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"

namespace clew::control {

// The order is that of all_permissions(); the names, not the numbers, are kept in the database.
enum class Permission : uint8_t {
  send_events,
  create_datasets,
  manage_columns,  // and queries' annotations, dataset definitions
  run_queries,
  manage_boards,
  manage_private_boards,
  manage_slos,
  manage_triggers,
  manage_recipients,
  manage_markers,
  read_service_maps,
  visible_team_members,
};

struct PermissionName {
  Permission permission;
  std::string_view name;        // "manage_boards": in lists, and in attributes of keys
  std::string_view short_name;  // "boards": in answers to clients that ask what their key may do
};
std::span<const PermissionName> all_permissions();

enum class KeyKind : uint8_t {
  configuration,  // may do what its permissions say
  ingest,         // sends; may make datasets if it is permitted
  management,     // for the keys and environments of the whole installation
};
std::string_view name_of(KeyKind kind);
std::optional<KeyKind> key_kind_named(std::string_view name);

class Permissions {
 public:
  static Permissions all();
  static Permissions none() { return Permissions(); }
  // What an ingest key may do: send, and make datasets.
  static Permissions to_send();

  bool has(Permission permission) const { return (bits_ >> static_cast<unsigned>(permission) & 1) != 0; }
  Permissions& set(Permission permission, bool value = true);
  // "send_events,run_queries"; the way back refuses unknown names.
  std::string text() const;
  static Result<Permissions> of_text(std::string_view text);
  bool operator==(const Permissions&) const = default;

 private:
  uint32_t bits_ = 0;
};

}  // namespace clew::control
