// RefusalLines: a line in the log for each new kind of mistake that senders make: who, what, and what to
// change. A flood of mistakes makes few lines; how many were left out is said in the next one.
#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <string_view>
#include <utility>

#include "base/allowance.h"
#include "base/log.h"
#include "base/time.h"
#include "protocols/arrivals.h"

namespace clew {

class RefusalLines {
 public:
  using Write = std::function<void(LogLevel, std::string_view)>;
  explicit RefusalLines(Write write) : write_(std::move(write)) {}

  // Any thread.
  void tell(const Arrivals::Refusal& refusal, Nanoseconds at = monotonic_now());

 private:
  const Write write_;
  std::mutex mutex_;  // guards all below
  // So many lines at once, and then one in this time.
  Allowance allowed_{20, seconds(3)};
  uint64_t left_out_ = 0;
};

// The one that writes to the program's log, which all doors share.
RefusalLines& refusal_lines();

}  // namespace clew
