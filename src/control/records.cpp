#include "control/records.h"

#include <fmt/format.h>

#include "control/record_rows.h"
#include "control/schema.h"

namespace clew::control {
namespace {

Record record_of(const Row& row) {
  return {.name = std::string(row.text(0)),
          .body = std::string(row.text(1)),
          .created = {row.integer(2)},
          .modified = {row.integer(3)}};
}

}  // namespace

Result<std::unique_ptr<Records>> Records::open(const std::string& data_directory) {
  CLEW_ASSIGN(Database database, open_control_database(data_directory));
  return std::make_unique<Records>(std::move(database));
}

Result<std::vector<Record>> Records::list(EnvironmentId environment, std::string_view kind) {
  const std::lock_guard lock(mutex_);
  std::vector<Record> all;
  CLEW_TRY(database_.run(
      "SELECT name, body, created, modified FROM records WHERE environment = ? AND kind = ? ORDER BY name",
      {int64_t{environment.number}, kind}, [&](const Row& row) { all.push_back(record_of(row)); }));
  return all;
}

Result<std::optional<Record>> Records::read(EnvironmentId environment, std::string_view kind,
                                            std::string_view name) {
  std::optional<Record> found;
  CLEW_TRY(database_.run(
      "SELECT name, body, created, modified FROM records "
      "WHERE environment = ? AND kind = ? AND name = ?",
      {int64_t{environment.number}, kind, name}, [&](const Row& row) { found = record_of(row); }));
  return found;
}

Result<std::vector<std::pair<EnvironmentId, std::string>>> Records::kinds(std::string_view prefix) {
  std::vector<std::pair<EnvironmentId, std::string>> all;
  std::string end(prefix);
  end += '\x7f';
  const std::lock_guard lock(mutex_);
  CLEW_TRY(database_.run("SELECT DISTINCT environment, kind FROM records WHERE kind >= ? AND kind < ?",
                         {prefix, std::string_view(end)}, [&](const Row& row) {
                           all.emplace_back(EnvironmentId{static_cast<uint32_t>(row.integer(0))},
                                            std::string(row.text(1)));
                         }));
  return all;
}

Result<std::optional<Record>> Records::find(EnvironmentId environment, std::string_view kind,
                                            std::string_view name) {
  const std::lock_guard lock(mutex_);
  return read(environment, kind, name);
}

Status Records::create(EnvironmentId environment, std::string_view kind, std::string_view name,
                       std::string_view body, size_t most) {
  const std::lock_guard lock(mutex_);
  return database_.in_transaction(
      [&] { return create_record(database_, environment, kind, name, body, most); });
}

Status Records::put(EnvironmentId environment, std::string_view kind, std::string_view name,
                    std::string_view body) {
  const std::lock_guard lock(mutex_);
  return put_record(database_, environment, kind, name, body);
}

Result<bool> Records::remove(EnvironmentId environment, std::string_view kind, std::string_view name) {
  const std::lock_guard lock(mutex_);
  bool there = false;
  CLEW_TRY(database_.run("DELETE FROM records WHERE environment = ? AND kind = ? AND name = ? RETURNING name",
                         {int64_t{environment.number}, kind, name}, [&](const Row&) { there = true; }));
  return there;
}

Result<Record> Records::change(EnvironmentId environment, std::string_view kind, std::string_view name,
                               const std::function<Result<std::string>(const std::string& body)>& change) {
  const std::lock_guard lock(mutex_);
  Record changed;
  CLEW_TRY(database_.in_transaction([&]() -> Status {
    CLEW_ASSIGN(std::optional<Record> found, read(environment, kind, name));
    if (!found) return Status(ErrorKind::not_found, fmt::format("there is none of the name {}", name));
    changed = std::move(*found);
    CLEW_ASSIGN(changed.body, change(changed.body));
    changed.modified = now();
    return database_.run(
        "UPDATE records SET body = ?, modified = ? WHERE environment = ? AND kind = ? AND name = ?",
        {std::string_view(changed.body), changed.modified.count, int64_t{environment.number}, kind, name});
  }));
  return changed;
}

Result<bool> has_record(Database& database, EnvironmentId environment, std::string_view kind,
                        std::string_view name) {
  CLEW_ASSIGN(const int64_t count,
              database.integer("SELECT COUNT(*) FROM records WHERE environment = ? AND kind = ? AND name = ?",
                               {int64_t{environment.number}, kind, name}));
  return count > 0;
}

Status create_record(Database& database, EnvironmentId environment, std::string_view kind,
                     std::string_view name, std::string_view body, size_t most) {
  CLEW_ASSIGN(const int64_t count,
              database.integer("SELECT COUNT(*) FROM records WHERE environment = ? AND kind = ?",
                               {int64_t{environment.number}, kind}));
  if (static_cast<size_t>(count) >= most)
    return {ErrorKind::exhausted, fmt::format("there are {} of these already, and no more may be", most)};
  const int64_t at = now().count;
  Status made = database.run(
      "INSERT INTO records (environment, kind, name, body, created, modified) VALUES (?, ?, ?, ?, ?, ?)",
      {int64_t{environment.number}, kind, name, body, at, at});
  if (!made.ok() && made.kind() == ErrorKind::conflict)
    return {ErrorKind::conflict, fmt::format("there is one of the name {} already", name)};
  return made;
}

Status put_record(Database& database, EnvironmentId environment, std::string_view kind, std::string_view name,
                  std::string_view body) {
  const int64_t at = now().count;
  return database.run(
      "INSERT INTO records (environment, kind, name, body, created, modified) VALUES (?, ?, ?, ?, ?, ?) "
      "ON CONFLICT (environment, kind, name) DO UPDATE SET body = excluded.body, modified = "
      "excluded.modified",
      {int64_t{environment.number}, kind, name, body, at, at});
}

}  // namespace clew::control
