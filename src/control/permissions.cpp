#include "control/permissions.h"

#include <array>

#include <fmt/format.h>

namespace clew::control {
namespace {

constexpr std::array<PermissionName, 12> kPermissions = {{
    {Permission::send_events, "send_events", "events"},
    {Permission::create_datasets, "create_datasets", "createDatasets"},
    {Permission::manage_columns, "manage_columns", "columns"},
    {Permission::run_queries, "run_queries", "queries"},
    {Permission::manage_boards, "manage_boards", "boards"},
    {Permission::manage_private_boards, "manage_privateBoards", "privateBoards"},
    {Permission::manage_slos, "manage_slos", "slos"},
    {Permission::manage_triggers, "manage_triggers", "triggers"},
    {Permission::manage_recipients, "manage_recipients", "recipients"},
    {Permission::manage_markers, "manage_markers", "markers"},
    {Permission::read_service_maps, "read_service_maps", "serviceMaps"},
    {Permission::visible_team_members, "visible_team_members", "visibleTeamMembers"},
}};

constexpr std::array<std::pair<KeyKind, std::string_view>, 3> kKinds = {
    {{KeyKind::configuration, "configuration"},
     {KeyKind::ingest, "ingest"},
     {KeyKind::management, "management"}}};

}  // namespace

std::span<const PermissionName> all_permissions() {
  return kPermissions;
}

std::string_view name_of(KeyKind kind) {
  for (const auto& [one, name] : kKinds) {
    if (one == kind) return name;
  }
  return "";
}

std::optional<KeyKind> key_kind_named(std::string_view name) {
  for (const auto& [kind, known] : kKinds) {
    if (known == name) return kind;
  }
  return std::nullopt;
}

Permissions Permissions::all() {
  Permissions permissions;
  for (const PermissionName& one : kPermissions) permissions.set(one.permission);
  return permissions;
}

Permissions Permissions::to_send() {
  return Permissions().set(Permission::send_events).set(Permission::create_datasets);
}

Permissions& Permissions::set(Permission permission, bool value) {
  const uint32_t bit = 1u << static_cast<unsigned>(permission);
  bits_ = value ? bits_ | bit : bits_ & ~bit;
  return *this;
}

std::string Permissions::text() const {
  std::string text;
  for (const PermissionName& one : kPermissions) {
    if (!has(one.permission)) continue;
    if (!text.empty()) text += ',';
    text += one.name;
  }
  return text;
}

Result<Permissions> Permissions::of_text(std::string_view text) {
  Permissions permissions;
  while (!text.empty()) {
    const size_t comma = text.find(',');
    const std::string_view word = text.substr(0, comma);
    text.remove_prefix(comma == std::string_view::npos ? text.size() : comma + 1);
    bool known = word.empty();
    std::string names;
    for (const PermissionName& one : kPermissions) {
      if (one.name == word) {
        permissions.set(one.permission);
        known = true;
      }
      names += fmt::format(" {}", one.name);
    }
    if (!known)
      return Status(ErrorKind::bad_input,
                    fmt::format("'{}' is not a permission; there are{}", word.substr(0, 60), names));
  }
  return permissions;
}

}  // namespace clew::control
