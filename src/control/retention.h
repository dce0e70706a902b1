// Retention: how long data is kept, of everything and of single senders, where that is shorter than what the
// store keeps anyway. Rules are kept in the control database and obeyed by the store.
#pragma once

#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "control/records.h"
#include "store/erasure_rules.h"

namespace clew::control {

// Rows of a signal whose resource has this attribute with this value leave the disk so many days after the
// end of their day.
struct RetentionRule {
  Signal signal = Signal::traces;
  std::string attribute = "service.name";
  std::string value;  // empty: of all senders that have no rule of their own
  int64_t kept_days = 30;
  UnixNanos modified{};
};

// Any thread.
class Retention {
 public:
  static constexpr size_t kMostRules = 1'000;  // of an environment
  static constexpr int64_t kMostDays = 36'500;

  // They must outlive this.
  Retention(Records& records, store::ErasureRules& rules) : records_(records), rules_(rules) {}

  // Tells the store about all that is in the control database. At the start.
  Status restore();
  // By signal, attribute and value.
  Result<std::vector<RetentionRule>> list(EnvironmentId environment);
  // Makes it, or replaces the one of the same signal, attribute and value.
  Status set(EnvironmentId environment, const RetentionRule& rule);
  // Whether there was one.
  Result<bool> remove(EnvironmentId environment, const RetentionRule& rule);

 private:
  // The rules of a signal in an environment, told to the store.
  Status obey(EnvironmentId environment, Signal signal);

  Records& records_;
  store::ErasureRules& rules_;
  std::mutex mutex_;  // database and store change in the same order
};

}  // namespace clew::control
