// Database: one SQLite file, opened the way clew wants it (write-ahead log, foreign keys, a patient busy
// timeout). Other processes may have the same file open; every statement sees what they committed.
#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace clew::control {

// Bytes that are not text.
struct Blob {
  std::string_view bytes;
};
// What a `?` in a statement stands for. Views must live as long as the call they are given to.
using Value = std::variant<std::nullptr_t, int64_t, std::string_view, Blob>;

// The row a query has arrived at. Views are valid until the next row.
class Row {
 public:
  explicit Row(sqlite3_stmt* statement) : statement_(statement) {}
  bool is_null(int column) const;
  int64_t integer(int column) const;
  std::string_view text(int column) const;
  std::string_view blob(int column) const;

 private:
  sqlite3_stmt* statement_;
};

// Not for use by several threads at once.
class Database {
 public:
  // Creates the file when there is none.
  static Result<Database> open(const std::string& path);
  // For reading alone: changes nothing, and fails when there is no file.
  static Result<Database> open_to_read(const std::string& path);

  // Runs one statement, with `values` for its question marks; calls `on_row` for each row of the answer.
  // A violated UNIQUE is a `conflict`; a full disk is `exhausted`; a file that is no database is `corrupt`.
  Status run(std::string_view statement, std::initializer_list<Value> values = {},
             const std::function<void(const Row&)>& on_row = {});
  // The first column of the first row.
  Result<int64_t> integer(std::string_view statement, std::initializer_list<Value> values = {});
  // Runs several statements that take no values, separated by semicolons.
  Status run_script(const char* statements);
  // Makes `path`, which must not exist, a copy of the whole database as of one moment. Other processes may be
  // writing meanwhile.
  Status copy_to(const std::string& path);
  // Reads everything; `corrupt`, with the first fault, when something is damaged.
  Status check();
  enum class Durable : uint8_t {
    at_once,
    later,  // a power cut may take the latest transactions back, in their order
  };
  // All of `work` or nothing of it. Holds the write lock from the start.
  Status in_transaction(const std::function<Status()>& work, Durable durable = Durable::at_once);
  // Brings everything into the file itself and gives the log's room on disk back.
  Status empty_log();

 private:
  struct Close {
    void operator()(sqlite3* handle) const;
  };
  Database(std::string path, sqlite3* handle) : path_(std::move(path)), handle_(handle) {}
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  using Statement = std::unique_ptr<sqlite3_stmt, Finalize>;
  // Statements that were read before are kept: reading one takes longer than most of them run.
  Result<Statement> prepare(std::string_view statement);
  void keep(std::string_view statement, Statement prepared);
  Status run_transaction(const std::function<Status()>& work);
  Status use_write_ahead_log();
  Status failure(std::string_view doing) const;

  std::string path_;
  std::unique_ptr<sqlite3, Close> handle_;
  std::map<std::string, Statement, std::less<>> kept_;  // by text; those not running
};

}  // namespace clew::control
