// ErasureRules: which rows are to leave the disk before the store's own retention drops them, because whoever
// stands before the store promised so: rows of a group that is kept for a week only, of one that was deleted.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.h"
#include "store/segment.h"
#include "telemetry/batch.h"

namespace clew::store {

// A row of the table is meant when all of this holds for it.
struct ErasureRule {
  EnvironmentId environment;
  Signal signal = Signal::logs;
  struct Text {
    Scope scope = Scope::attribute;
    std::string column;
    std::string value;
    bool operator==(const Text&) const = default;
  };
  // It has these texts; without any, and without `below`, every row is meant.
  std::vector<Text> texts;
  // Of a rule for every row: but not those that have one of these texts, for which others hold.
  std::vector<Text> spared;
  // It has a whole number there that is less.
  struct Below {
    Scope scope = Scope::attribute;
    std::string column;
    int64_t limit = 0;
    bool operator==(const Below&) const = default;
  };
  std::optional<Below> below;
  // So much time has passed since the end of its day: whole days leave, as with the store's retention.
  std::optional<Nanoseconds> older_than;
  // When the rule came to be: what cannot be told from a row's age is overdue some time after it.
  UnixNanos since;

  bool operator==(const ErasureRule&) const = default;
};

// Any thread.
class ErasureRules {
 public:
  // At one moment; never changes.
  struct List {
    uint64_t version = 0;  // of another list: another
    std::vector<ErasureRule> rules;
  };

  // Makes the rule of this name, or replaces it.
  void set(std::string name, ErasureRule rule);
  void remove(std::string_view name);
  std::shared_ptr<const List> list() const;

 private:
  mutable std::mutex mutex_;
  // Guarded by mutex_:
  std::map<std::string, ErasureRule, std::less<>> rules_;
  uint64_t version_ = 1;
  mutable std::shared_ptr<const List> list_;  // nullptr: to be made of rules_
};

}  // namespace clew::store
