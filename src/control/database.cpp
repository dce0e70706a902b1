#include "control/database.h"

#include <chrono>
#include <thread>

#include <fmt/format.h>
#include <sqlite3.h>

namespace clew::control {
namespace {

// Another process that writes keys is done in milliseconds; five seconds is a machine in trouble.
constexpr int kBusyMilliseconds = 5'000;

ErrorKind kind_of(int extended_code) {
  if (extended_code == SQLITE_CONSTRAINT_UNIQUE || extended_code == SQLITE_CONSTRAINT_PRIMARYKEY)
    return ErrorKind::conflict;
  switch (extended_code & 0xff) {
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
      return ErrorKind::corrupt;
    case SQLITE_FULL:
      return ErrorKind::exhausted;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_IOERR:
      return ErrorKind::unavailable;
    default:
      return ErrorKind::internal;
  }
}

int bind(sqlite3_stmt* statement, int position, const Value& value) {
  if (const auto* number = std::get_if<int64_t>(&value))
    return sqlite3_bind_int64(statement, position, *number);
  if (const auto* text = std::get_if<std::string_view>(&value))
    return sqlite3_bind_text64(statement, position, text->data() ? text->data() : "", text->size(),
                               SQLITE_STATIC, SQLITE_UTF8);
  if (const auto* blob = std::get_if<Blob>(&value))
    return sqlite3_bind_blob64(statement, position, blob->bytes.data() ? blob->bytes.data() : "",
                               blob->bytes.size(), SQLITE_STATIC);
  return sqlite3_bind_null(statement, position);
}

// More than the program has in its text; those put together while it runs come and go.
constexpr size_t kMostKept = 200;

}  // namespace

bool Row::is_null(int column) const {
  return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}
int64_t Row::integer(int column) const {
  return sqlite3_column_int64(statement_, column);
}
std::string_view Row::text(int column) const {
  const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
  return {bytes, static_cast<size_t>(sqlite3_column_bytes(statement_, column))};
}
std::string_view Row::blob(int column) const {
  const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement_, column));
  return {bytes, static_cast<size_t>(sqlite3_column_bytes(statement_, column))};
}

void Database::Close::operator()(sqlite3* handle) const {
  sqlite3_close_v2(handle);
}

void Database::Finalize::operator()(sqlite3_stmt* statement) const {
  sqlite3_finalize(statement);
}

Status Database::failure(std::string_view doing) const {
  return Status(kind_of(sqlite3_extended_errcode(handle_.get())),
                fmt::format("{}: {}: {}", path_, doing, sqlite3_errmsg(handle_.get())));
}

Result<Database> Database::open(const std::string& path) {
  sqlite3* handle = nullptr;
  const int opened =
      sqlite3_open_v2(path.c_str(), &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr);
  Database database(path, handle);
  if (opened != SQLITE_OK) return database.failure("cannot open");
  sqlite3_extended_result_codes(handle, 1);
  sqlite3_busy_timeout(handle, kBusyMilliseconds);
  CLEW_TRY(database.use_write_ahead_log());
  CLEW_TRY(database.run("PRAGMA synchronous = FULL"));
  CLEW_TRY(database.run("PRAGMA foreign_keys = ON"));
  return database;
}

Result<Database> Database::open_to_read(const std::string& path) {
  sqlite3* handle = nullptr;
  const int opened = sqlite3_open_v2(path.c_str(), &handle, SQLITE_OPEN_READONLY, nullptr);
  Database database(path, handle);
  if (opened != SQLITE_OK) return database.failure("cannot open");
  sqlite3_extended_result_codes(handle, 1);
  sqlite3_busy_timeout(handle, kBusyMilliseconds);
  return database;
}

Status Database::use_write_ahead_log() {
  // SQLite does not wait by itself when two processes turn a new file into a write-ahead one at the same
  // moment.
  Status outcome;
  for (int waited = 0; waited < kBusyMilliseconds; waited += 10) {
    outcome = run("PRAGMA journal_mode = WAL");
    if ((sqlite3_errcode(handle_.get()) & 0xff) != SQLITE_BUSY) return outcome;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return outcome;
}

Status Database::run(std::string_view statement, std::initializer_list<Value> values,
                     const std::function<void(const Row&)>& on_row) {
  CLEW_ASSIGN(Statement prepared, prepare(statement));
  int position = 0;
  for (const Value& value : values) {
    if (bind(prepared.get(), ++position, value) != SQLITE_OK) return failure("cannot bind");
  }
  while (true) {
    const int step = sqlite3_step(prepared.get());
    if (step == SQLITE_DONE) break;
    if (step != SQLITE_ROW) return failure("cannot read or write");
    if (on_row) on_row(Row(prepared.get()));
  }
  keep(statement, std::move(prepared));
  return Status();
}

Result<Database::Statement> Database::prepare(std::string_view statement) {
  if (const auto known = kept_.find(statement); known != kept_.end()) {
    Statement prepared = std::move(known->second);
    kept_.erase(known);  // it may be run again by what is called with its rows
    return prepared;
  }
  sqlite3_stmt* handle = nullptr;
  const int outcome = sqlite3_prepare_v2(handle_.get(), statement.data(), static_cast<int>(statement.size()),
                                         &handle, nullptr);
  Statement prepared(handle);
  if (outcome != SQLITE_OK) return failure("cannot read");
  return prepared;
}

void Database::keep(std::string_view statement, Statement prepared) {
  // Only one that has come to its end holds no lock and nothing of its caller.
  sqlite3_reset(prepared.get());
  sqlite3_clear_bindings(prepared.get());
  if (kept_.size() >= kMostKept) kept_.clear();
  kept_.insert_or_assign(std::string(statement), std::move(prepared));
}

Result<int64_t> Database::integer(std::string_view statement, std::initializer_list<Value> values) {
  std::optional<int64_t> first;
  CLEW_TRY(run(statement, values, [&](const Row& row) {
    if (!first) first = row.integer(0);
  }));
  if (!first) return Status(ErrorKind::not_found, fmt::format("{}: no row", path_));
  return *first;
}

Status Database::run_script(const char* statements) {
  if (sqlite3_exec(handle_.get(), statements, nullptr, nullptr, nullptr) != SQLITE_OK)
    return failure("cannot read or write");
  return Status();
}

Status Database::copy_to(const std::string& path) {
  sqlite3* handle = nullptr;
  const int opened =
      sqlite3_open_v2(path.c_str(), &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr);
  Database target(path, handle);
  if (opened != SQLITE_OK) return target.failure("cannot open");
  sqlite3_extended_result_codes(handle, 1);
  sqlite3_busy_timeout(handle, kBusyMilliseconds);
  sqlite3_backup* backup = sqlite3_backup_init(handle, "main", handle_.get(), "main");
  if (backup == nullptr) return target.failure("cannot copy");
  // All pages in one step: one read transaction, so one moment.
  const int stepped = sqlite3_backup_step(backup, -1);
  const int finished = sqlite3_backup_finish(backup);
  if (stepped != SQLITE_DONE || finished != SQLITE_OK) return target.failure("cannot copy");
  // One file without a log beside it; opening it turns the log on again.
  return target.run("PRAGMA journal_mode = DELETE");
}

Status Database::check() {
  std::string fault;
  CLEW_TRY(run("PRAGMA integrity_check(1)", {}, [&](const Row& row) { fault = row.text(0); }));
  if (fault == "ok") return Status();
  return Status(ErrorKind::corrupt, fmt::format("{}: {}", path_, fault));
}

Status Database::in_transaction(const std::function<Status()>& work, Durable durable) {
  if (durable == Durable::at_once) return run_transaction(work);
  // As scripts: such pragmas work when they are read, and statements that are kept are read once.
  CLEW_TRY(run_script("PRAGMA synchronous = NORMAL"));
  Status outcome = run_transaction(work);
  Status restored = run_script("PRAGMA synchronous = FULL");
  return outcome.ok() ? restored : outcome;
}

Status Database::empty_log() {
  return run_script("PRAGMA wal_checkpoint(TRUNCATE)");
}

Status Database::run_transaction(const std::function<Status()>& work) {
  CLEW_TRY(run("BEGIN IMMEDIATE"));
  Status outcome = work();
  if (outcome.ok()) outcome = run("COMMIT");
  if (!outcome.ok() && sqlite3_get_autocommit(handle_.get()) == 0) {
    // What went wrong first is what the caller has to know.
    if (Status undone = run("ROLLBACK"); !undone.ok())
      return std::move(outcome).within("and could not be undone");
  }
  return outcome;
}

}  // namespace clew::control
