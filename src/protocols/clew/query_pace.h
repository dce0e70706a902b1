// QueryPace: how fast this machine has answered questions of late, to tell how long the next may take.
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>

#include "base/time.h"

namespace clew::api {

class QueryPace {
 public:
  // Any thread. Answers over few rows say more of their way here than of the rows.
  void learn(uint64_t rows, Nanoseconds took) {
    if (rows < kFewRows || took.count <= 0) return;
    const double per_row = static_cast<double>(took.count) / static_cast<double>(rows);
    const std::lock_guard lock(mutex_);
    per_row_ = known_ ? per_row_ + kWeightOfLatest * (per_row - per_row_) : per_row;
    known_ = true;
  }
  // Nothing before the first answer.
  std::optional<Nanoseconds> expected(uint64_t rows) const {
    const std::lock_guard lock(mutex_);
    if (!known_) return std::nullopt;
    return Nanoseconds{static_cast<int64_t>(per_row_ * static_cast<double>(rows))};
  }

 private:
  static constexpr uint64_t kFewRows = 1000;
  static constexpr double kWeightOfLatest = 0.25;

  mutable std::mutex mutex_;
  double per_row_ = 0;  // nanoseconds; guarded by mutex_, as is the next
  bool known_ = false;
};

}  // namespace clew::api
