#include "control/schema.h"

#include <array>

#include <fmt/format.h>

namespace clew::control {
namespace {

// Migration n (counted from 1) takes a database of version n - 1 to version n; PRAGMA user_version holds the
// version.
constexpr std::array<const char*, 5> kMigrations = {
    // 1: environments and keys. Times are nanoseconds since 1970. Of a key only the SHA-256 is kept.
    R"sql(
    CREATE TABLE environments (
      number  INTEGER PRIMARY KEY,
      name    TEXT NOT NULL,
      slug    TEXT NOT NULL UNIQUE,
      created INTEGER NOT NULL
    ) STRICT;
    INSERT INTO environments VALUES (1, 'default', 'default', CAST(strftime('%s', 'now') AS INTEGER) * 1000000000);
    CREATE TABLE keys (
      id          TEXT PRIMARY KEY,
      name        TEXT NOT NULL,
      environment INTEGER NOT NULL REFERENCES environments (number),
      sha256      BLOB NOT NULL UNIQUE,
      created     INTEGER NOT NULL,
      last_used   INTEGER,
      disabled    INTEGER
    ) STRICT;
    )sql",
    // 2: what people set through a protocol; body is JSON.
    R"sql(
    CREATE TABLE records (
      environment INTEGER NOT NULL REFERENCES environments (number),
      kind        TEXT NOT NULL,
      name        TEXT NOT NULL,
      body        TEXT NOT NULL,
      created     INTEGER NOT NULL,
      modified    INTEGER NOT NULL,
      PRIMARY KEY (environment, kind, name)
    ) STRICT, WITHOUT ROWID;
    )sql",
    // 3: keys of AWS clients. Their signatures are checked with the secret itself, so that it has to be kept.
    R"sql(
    ALTER TABLE keys ADD COLUMN aws_secret TEXT;
    )sql",
    // 4: messages on their way to people (notify/outbox.h). recipient and message are JSON; progress 0:
    // waiting,
    // 1: delivered, 2: given up.
    R"sql(
    CREATE TABLE notifications (
      id          INTEGER PRIMARY KEY AUTOINCREMENT,
      environment INTEGER NOT NULL REFERENCES environments (number),
      progress    INTEGER NOT NULL DEFAULT 0,
      recipient   TEXT NOT NULL,
      message     TEXT NOT NULL,
      title       TEXT NOT NULL,
      dedup_key   TEXT NOT NULL,
      created     INTEGER NOT NULL,
      due         INTEGER NOT NULL,
      finished    INTEGER NOT NULL DEFAULT 0,
      attempts    INTEGER NOT NULL DEFAULT 0,
      failure     TEXT NOT NULL DEFAULT ''
    ) STRICT;
    CREATE INDEX notifications_due ON notifications (progress, due);
    CREATE INDEX notifications_about ON notifications (progress, dedup_key, recipient);
    )sql",
    // 5: what a key may do; permissions are names with commas, NULL: everything.
    R"sql(
    ALTER TABLE keys ADD COLUMN kind TEXT NOT NULL DEFAULT 'configuration';
    ALTER TABLE keys ADD COLUMN permissions TEXT;
    )sql",
};

Status migrate(Database& database, const std::string& path) {
  // In one transaction with the look at the version: two processes may open a new file at the same moment.
  return database.in_transaction([&]() -> Status {
    CLEW_ASSIGN(const int64_t version, database.integer("PRAGMA user_version"));
    const auto newest = static_cast<int64_t>(kMigrations.size());
    if (version > newest) {
      return Status(
          ErrorKind::unsupported,
          fmt::format("{} was written by a newer clew (its version is {}, this clew knows {}): start that "
                      "newer clew, or choose another data directory",
                      path, version, newest));
    }
    for (int64_t next = version + 1; next <= newest; ++next) {
      CLEW_TRY(database.run_script(kMigrations[static_cast<size_t>(next - 1)]));
      CLEW_TRY(database.run(fmt::format("PRAGMA user_version = {}", next)));
    }
    return Status();
  });
}

}  // namespace

Result<Database> open_control_database(const std::string& data_directory) {
  const std::string path = data_directory + "/control.db";
  CLEW_ASSIGN(Database database, Database::open(path));
  CLEW_TRY(migrate(database, path));
  return database;
}

}  // namespace clew::control
