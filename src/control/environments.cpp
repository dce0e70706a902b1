#include "control/environments.h"

#include <algorithm>

#include <fmt/format.h>

namespace clew::control {
namespace {

constexpr size_t kLongestName = 200;

}  // namespace

std::string slug_of(std::string_view name) {
  std::string slug;
  for (const char c : name) {
    const bool upper = c >= 'A' && c <= 'Z';
    if (upper || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
      slug += upper ? static_cast<char>(c - 'A' + 'a') : c;
    } else if (!slug.empty() && slug.back() != '-') {
      slug += '-';
    }
  }
  while (!slug.empty() && slug.back() == '-') slug.pop_back();
  return slug;
}

Result<std::vector<Environment>> list_environments(Database& database) {
  std::vector<Environment> all;
  CLEW_TRY(database.run(
      "SELECT number, name, slug, created FROM environments WHERE removed IS NULL ORDER BY number", {},
      [&](const Row& row) {
        all.push_back({.id = {static_cast<uint32_t>(row.integer(0))},
                       .name = std::string(row.text(1)),
                       .slug = std::string(row.text(2)),
                       .created = {row.integer(3)}});
      }));
  return all;
}

Result<Environment> find_environment(Database& database, std::string_view name) {
  CLEW_ASSIGN(std::vector<Environment> all, list_environments(database));
  std::string existing;
  for (Environment& environment : all) {
    if (environment.name == name || environment.slug == name) return std::move(environment);
    existing += (existing.empty() ? "" : ", ") + environment.name;
  }
  return Status(ErrorKind::not_found, fmt::format("no environment '{}'; there are: {}", name, existing));
}

Result<Environment> create_environment(Database& database, std::string_view name) {
  const std::string slug = slug_of(name);
  if (slug.empty() || name.size() > kLongestName) {
    return Status(ErrorKind::bad_input,
                  fmt::format("an environment's name needs a letter or digit and at most {} bytes, got '{}'",
                              kLongestName, name.substr(0, kLongestName)));
  }
  Status made = database.run("INSERT INTO environments (name, slug, created) VALUES (?, ?, ?)",
                             {name, std::string_view(slug), now().count});
  if (!made.ok()) {
    if (made.kind() != ErrorKind::conflict) return made;
    return Status(ErrorKind::conflict, fmt::format("there is an environment '{}' already", slug));
  }
  return find_environment(database, slug);
}

}  // namespace clew::control
