// Journal: what people asked and changed, the latest first: the history that a team shares, and the answer to
// "who did that?". A courtesy, not the data: an entry may be lost when power is.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "control/database.h"
#include "telemetry/batch.h"

namespace clew::control {

enum class Deed : uint8_t { question, change };  // reach the disk: never change them

struct JournalEntry {
  int64_t id = 0;
  Deed deed = Deed::question;
  std::string what;      // the question in the short form; "made the board Overview"
  std::string person;    // as they call themselves; may be empty
  std::string key_id;    // that was presented; empty: none was asked for
  std::string key_name;  // as it is called by now; when read alone
  std::string detail;    // JSON object; of the latest time
  UnixNanos at;          // the latest time
  int64_t times = 1;     // in a row
};

struct JournalFilter {
  std::optional<Deed> deed;
  std::string words;  // all of them, separated by blanks, are in `what`
  std::optional<std::string> person;
  std::optional<UnixNanos> before;
  size_t most = 100;
};

// Any thread.
class Journal {
 public:
  static constexpr size_t kMostKept = 20'000;  // of an environment; the oldest go

  static Result<std::unique_ptr<Journal>> open(const std::string& data_directory);
  explicit Journal(Database database) : database_(std::move(database)) {}

  // The same again by the same person within an hour, with nothing of theirs in between, is one entry. `id`,
  // `key_name` and `times` of what is given do not matter.
  Status note(EnvironmentId environment, const JournalEntry& entry);
  // The latest first.
  Result<std::vector<JournalEntry>> find(EnvironmentId environment, const JournalFilter& filter);

 private:
  Status insert(EnvironmentId environment, const JournalEntry& entry);

  std::mutex mutex_;
  Database database_;  // guarded by mutex_
};

}  // namespace clew::control
