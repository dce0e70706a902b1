#include "control/schema.h"

#include <array>

#include <fmt/format.h>

namespace clew::control {
namespace {

// Migration n (counted from 1) takes a database of version n - 1 to version n; PRAGMA user_version holds the
// version.
constexpr std::array<const char*, 12> kMigrations = {
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
    // 6: errors (errors/item_store.h). Everything counted is kept by group, so that groups can change their
    // item.
    // state 0: active, 1: resolved, 2: muted, 3: archived; merged_into 0: an item of its own.
    R"sql(
    CREATE TABLE error_items (
      id                    INTEGER PRIMARY KEY AUTOINCREMENT,
      environment           INTEGER NOT NULL REFERENCES environments (number),
      title                 TEXT NOT NULL,
      type                  TEXT NOT NULL,
      culprit               TEXT NOT NULL,
      language              TEXT NOT NULL,
      service               TEXT NOT NULL,
      deployment            TEXT NOT NULL,
      platform              TEXT NOT NULL,
      framework             TEXT NOT NULL,
      level                 INTEGER NOT NULL,
      state                 INTEGER NOT NULL DEFAULT 0,
      snoozed_until         INTEGER NOT NULL DEFAULT 0,
      resolved_at           INTEGER NOT NULL DEFAULT 0,
      resolved_in_version   TEXT NOT NULL DEFAULT '',
      activated_at          INTEGER NOT NULL,
      reactivations         INTEGER NOT NULL DEFAULT 0,
      merged_into           INTEGER NOT NULL DEFAULT 0,
      assignee              TEXT NOT NULL DEFAULT '',
      first_seen            INTEGER NOT NULL,
      last_seen             INTEGER NOT NULL,
      occurrences           INTEGER NOT NULL DEFAULT 0,
      since_activation      INTEGER NOT NULL DEFAULT 0,
      people                INTEGER NOT NULL DEFAULT 0,
      first_version         TEXT NOT NULL,
      last_version          TEXT NOT NULL DEFAULT '',
      last_trace            TEXT NOT NULL DEFAULT '',
      first_occurrence      INTEGER NOT NULL,
      last_occurrence       INTEGER NOT NULL DEFAULT 0,
      activating_occurrence INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX error_items_seen ON error_items (environment, merged_into, last_seen);
    CREATE TABLE error_groups (
      id          INTEGER PRIMARY KEY AUTOINCREMENT,
      environment INTEGER NOT NULL,
      fingerprint TEXT NOT NULL,
      item        INTEGER NOT NULL REFERENCES error_items (id),
      own_item    INTEGER NOT NULL,
      hashed      TEXT NOT NULL,
      reason      TEXT NOT NULL,
      occurrences INTEGER NOT NULL DEFAULT 0,
      first_seen  INTEGER NOT NULL,
      last_seen   INTEGER NOT NULL,
      UNIQUE (environment, fingerprint)
    ) STRICT;
    CREATE INDEX error_groups_item ON error_groups (item);
    CREATE INDEX error_groups_own ON error_groups (own_item);
    CREATE TABLE error_hours (
      group_id INTEGER NOT NULL,
      hour     INTEGER NOT NULL,
      count    INTEGER NOT NULL,
      PRIMARY KEY (group_id, hour)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX error_hours_hour ON error_hours (hour);
    CREATE TABLE error_versions (
      group_id INTEGER NOT NULL,
      version  TEXT NOT NULL,
      first    INTEGER NOT NULL,
      last     INTEGER NOT NULL,
      count    INTEGER NOT NULL,
      PRIMARY KEY (group_id, version)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE error_people (
      group_id INTEGER NOT NULL,
      person   TEXT NOT NULL,
      name     TEXT NOT NULL,
      email    TEXT NOT NULL,
      last     INTEGER NOT NULL,
      count    INTEGER NOT NULL,
      PRIMARY KEY (group_id, person)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE error_uuids (
      environment INTEGER NOT NULL,
      uuid        TEXT NOT NULL,
      group_id    INTEGER NOT NULL,
      occurrence  INTEGER NOT NULL,
      at          INTEGER NOT NULL,
      PRIMARY KEY (environment, uuid)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX error_uuids_at ON error_uuids (at);
    CREATE TABLE error_activity (
      id     INTEGER PRIMARY KEY,
      item   INTEGER NOT NULL,
      at     INTEGER NOT NULL,
      kind   TEXT NOT NULL,
      detail TEXT NOT NULL
    ) STRICT;
    CREATE INDEX error_activity_item ON error_activity (item, id);
    CREATE TABLE error_deploys (
      id               INTEGER PRIMARY KEY AUTOINCREMENT,
      environment      INTEGER NOT NULL,
      deployment       TEXT NOT NULL,
      revision         TEXT NOT NULL,
      status           TEXT NOT NULL,
      comment          TEXT NOT NULL,
      local_username   TEXT NOT NULL,
      rollbar_username TEXT NOT NULL,
      started          INTEGER NOT NULL,
      finished         INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX error_deploys_of ON error_deploys (environment, deployment, id);
    )sql",
    // 7: which occurrences of the store are counted (errors/occurrence_counter.h): all up to `until`, and
    // those
    // beyond it that are named, eight bytes each.
    R"sql(
    CREATE TABLE error_counting (
      until  INTEGER NOT NULL,
      beyond BLOB NOT NULL
    ) STRICT;
    INSERT INTO error_counting SELECT COALESCE(MAX(last_occurrence), 0), x'' FROM error_items;
    )sql",
    // 8: source maps (errors/source_maps.h). `map` is the map as JSON, packed with zstd.
    R"sql(
    CREATE TABLE error_source_maps (
      id           INTEGER PRIMARY KEY AUTOINCREMENT,
      environment  INTEGER NOT NULL REFERENCES environments (number),
      version      TEXT NOT NULL,
      minified_url TEXT NOT NULL,
      uploaded     INTEGER NOT NULL,
      bytes        INTEGER NOT NULL,
      map          BLOB NOT NULL,
      UNIQUE (environment, version, minified_url)
    ) STRICT;
    )sql",
    // 9: what people asked and changed (journal.h). detail is JSON; deed 0: question, 1: change.
    R"sql(
    CREATE TABLE journal (
      id          INTEGER PRIMARY KEY AUTOINCREMENT,
      environment INTEGER NOT NULL REFERENCES environments (number),
      deed        INTEGER NOT NULL,
      what        TEXT NOT NULL,
      person      TEXT NOT NULL,
      key         TEXT NOT NULL,
      detail      TEXT NOT NULL,
      at          INTEGER NOT NULL,
      times       INTEGER NOT NULL DEFAULT 1
    ) STRICT;
    CREATE INDEX journal_at ON journal (environment, at);
    CREATE INDEX journal_of ON journal (environment, deed, person, key, id);
    )sql",
    // 10: how alerts fared (alert_history.h); environments that were removed keep their number.
    R"sql(
    CREATE TABLE alert_changes (
      id          INTEGER PRIMARY KEY AUTOINCREMENT,
      environment INTEGER NOT NULL REFERENCES environments (number),
      alert       TEXT NOT NULL,
      kind        INTEGER NOT NULL,
      dataset     TEXT NOT NULL,
      name        TEXT NOT NULL,
      at          INTEGER NOT NULL,
      standing    INTEGER NOT NULL,
      summary     TEXT NOT NULL
    ) STRICT;
    CREATE INDEX alert_changes_of ON alert_changes (environment, alert, id);
    ALTER TABLE environments ADD COLUMN removed INTEGER;
    )sql",
    // 11: what people were answered (kept_answers.h). question is JSON; answer is JSON, packed with zstd.
    R"sql(
    CREATE TABLE answers (
      name        TEXT PRIMARY KEY,
      environment INTEGER NOT NULL REFERENCES environments (number),
      question    TEXT NOT NULL,
      person      TEXT NOT NULL,
      at          INTEGER NOT NULL,
      bytes       INTEGER NOT NULL,
      answer      BLOB NOT NULL
    ) STRICT;
    CREATE INDEX answers_at ON answers (at, bytes);
    )sql",
    // 12: people (people.h). What one may do stands in his key, and follows from the role.
    R"sql(
    CREATE TABLE people (
      id          TEXT PRIMARY KEY,
      environment INTEGER NOT NULL REFERENCES environments (number),
      name        TEXT NOT NULL,
      email       TEXT NOT NULL COLLATE NOCASE,
      role        TEXT NOT NULL,
      created     INTEGER NOT NULL,
      UNIQUE (environment, email)
    ) STRICT;
    ALTER TABLE keys ADD COLUMN person TEXT REFERENCES people (id);
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
