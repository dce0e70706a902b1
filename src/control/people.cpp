#include "control/people.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace clew::control {
namespace {

constexpr size_t kLongestName = 100;
constexpr size_t kLongestEmail = 254;  // RFC 5321

constexpr std::array<std::pair<Role, std::string_view>, 3> kRoles = {
    {{Role::reads, "reads"}, {Role::writes, "writes"}, {Role::owns, "owns"}}};

bool is_printable(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](unsigned char c) { return c < ' ' || c == 0x7f; });
}

// Whether mail arrives there is found out by sending some; this keeps what is none from looking like one.
bool looks_like_email(std::string_view text) {
  const size_t at = text.find('@');
  return at != 0 && at != std::string_view::npos && at + 1 < text.size() &&
         text.find('@', at + 1) == text.npos && text.find(' ') == text.npos;
}

Status check(const Invitation& invitation) {
  if (invitation.name.empty() || invitation.name.size() > kLongestName || !is_printable(invitation.name))
    return {ErrorKind::bad_input, fmt::format("name must be a text of 1 to {} bytes", kLongestName)};
  if (invitation.email.size() > kLongestEmail || !is_printable(invitation.email) ||
      !looks_like_email(invitation.email))
    return {ErrorKind::bad_input, "email must be an address such as ann@example.com"};
  return {};
}

Status nobody(std::string_view id) {
  return {ErrorKind::not_found, fmt::format("there is no person {}", id.substr(0, 100))};
}

Result<Person> find(Database& database, std::string_view id) {
  CLEW_ASSIGN(std::vector<Person> people, list_people(database));
  for (Person& person : people) {
    if (person.id == id) return std::move(person);
  }
  return nobody(id);
}

Result<CreatedKey> make_key(Database& database, const Person& person) {
  return create_key(database, {.name = person.name,
                               .environment = person.environment,
                               .permissions = permissions_of(person.role),
                               .person_id = person.id});
}

}  // namespace

std::string_view name_of(Role role) {
  for (const auto& [one, name] : kRoles) {
    if (one == role) return name;
  }
  return "";
}

std::optional<Role> role_named(std::string_view name) {
  for (const auto& [role, known] : kRoles) {
    if (known == name) return role;
  }
  return std::nullopt;
}

Permissions permissions_of(Role role) {
  if (role == Role::owns) return Permissions::all();
  Permissions permissions;
  permissions.set(Permission::run_queries)
      .set(Permission::read_service_maps)
      .set(Permission::visible_team_members);
  if (role == Role::reads) return permissions;
  // Data comes from programs, which have keys of their own.
  return permissions.set(Permission::manage_columns)
      .set(Permission::manage_boards)
      .set(Permission::manage_private_boards)
      .set(Permission::manage_slos)
      .set(Permission::manage_triggers)
      .set(Permission::manage_recipients)
      .set(Permission::manage_markers);
}

Result<InvitedPerson> invite_person(Database& database, const Invitation& invitation) {
  CLEW_TRY(check(invitation));
  Person person{.id = new_key_id(),
                .environment = invitation.environment,
                .name = invitation.name,
                .email = invitation.email,
                .role = invitation.role,
                .created = now()};
  person.id.replace(0, person.id.find('_') + 1, "person_");
  CreatedKey key;
  const Status done = database.in_transaction([&]() -> Status {
    Status made = database.run(
        "INSERT INTO people (id, environment, name, email, role, created) VALUES (?, ?, ?, ?, ?, ?)",
        {std::string_view(person.id), int64_t{person.environment.number}, std::string_view(person.name),
         std::string_view(person.email), name_of(person.role), person.created.count});
    if (!made.ok() && made.kind() == ErrorKind::conflict)
      return {ErrorKind::conflict, fmt::format("somebody with the address {} is here already", person.email)};
    if (!made.ok()) return made;
    CLEW_ASSIGN(key, make_key(database, person));
    return {};
  });
  if (!done.ok()) return done;
  return InvitedPerson{.id = std::move(person.id), .key = std::move(key)};
}

Result<std::vector<Person>> list_people(Database& database) {
  std::vector<Person> people;
  CLEW_TRY(database.run(
      "SELECT p.id, p.environment, p.name, p.email, p.role, p.created, k.id, k.last_used FROM people p "
      "LEFT JOIN keys k ON k.person = p.id AND k.disabled IS NULL ORDER BY p.name COLLATE NOCASE, p.id",
      {}, [&](const Row& row) {
        people.push_back({.id = std::string(row.text(0)),
                          .environment = {static_cast<uint32_t>(row.integer(1))},
                          .name = std::string(row.text(2)),
                          .email = std::string(row.text(3)),
                          .role = role_named(row.text(4)).value_or(Role::reads),
                          .created = {row.integer(5)},
                          .key_id = std::string(row.text(6))});
        if (!row.is_null(7)) people.back().last_seen = UnixNanos{row.integer(7)};
      }));
  return people;
}

Status change_role(Database& database, std::string_view id, Role role) {
  return database.in_transaction([&]() -> Status {
    CLEW_TRY(find(database, id).status());
    CLEW_TRY(database.run("UPDATE people SET role = ? WHERE id = ?", {name_of(role), id}));
    const std::string permissions = permissions_of(role).text();
    return database.run("UPDATE keys SET permissions = ? WHERE person = ?",
                        {std::string_view(permissions), id});
  });
}

Result<CreatedKey> renew_personal_key(Database& database, std::string_view id) {
  CreatedKey key;
  const Status done = database.in_transaction([&]() -> Status {
    CLEW_ASSIGN(const Person person, find(database, id));
    CLEW_TRY(database.run("DELETE FROM keys WHERE person = ?", {id}));
    CLEW_ASSIGN(key, make_key(database, person));
    return {};
  });
  if (!done.ok()) return done;
  return key;
}

Status remove_person(Database& database, std::string_view id) {
  return database.in_transaction([&]() -> Status {
    CLEW_TRY(find(database, id).status());
    CLEW_TRY(database.run("DELETE FROM keys WHERE person = ?", {id}));
    return database.run("DELETE FROM people WHERE id = ?", {id});
  });
}

}  // namespace clew::control
