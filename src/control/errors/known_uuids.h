// KnownUuids: which names of occurrences were counted already, answered from memory. The database is the
// truth; what is remembered of it is bounded, and only a question about what may lie beyond goes there. Any
// thread.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_set>

#include "base/result.h"
#include "control/database.h"
#include "telemetry/batch.h"

namespace clew::control::errors {

class KnownUuids {
 public:
  static constexpr size_t kMostRemembered = 100'000;

  // Remembers the newest of the database.
  static Result<std::unique_ptr<KnownUuids>> open(const std::string& data_directory,
                                                  size_t most = kMostRemembered);
  KnownUuids(Database database, size_t most) : most_(most), database_(std::move(database)) {}

  Result<bool> knows(EnvironmentId environment, std::string_view uuid);
  // Of what was committed. An empty uuid is none.
  void add(EnvironmentId environment, std::string_view uuid);

 private:
  using Print = std::array<uint64_t, 2>;  // half of a SHA-256: nobody makes two names with one print
  struct Hash {
    size_t operator()(const Print& print) const { return static_cast<size_t>(print[0]); }
  };
  static Print print_of(EnvironmentId environment, std::string_view uuid);
  Status read_newest();
  void remember(const Print& print);  // with the lock held

  const size_t most_;

  std::mutex mutex_;
  // Guarded by mutex_:
  std::unordered_set<Print, Hash> remembered_;
  std::deque<Print> in_order_;  // the oldest first
  bool is_all_ = true;          // the database has none that is not remembered

  std::mutex database_mutex_;
  Database database_;  // for reading alone; guarded by database_mutex_
};

}  // namespace clew::control::errors
