// Allowance: so much at once, and one more whenever a while has passed. Whoever asks holds a lock.
#pragma once

#include <algorithm>
#include <cstdint>

#include "base/time.h"

namespace clew {

class Allowance {
 public:
  Allowance(int64_t most, Nanoseconds between) : most_(most), between_(between), left_(most) {}

  // False when nothing is left; otherwise one less is.
  bool take(Nanoseconds at) {
    if (refilled_.count == 0) refilled_ = at;
    const int64_t more = (at.count - refilled_.count) / between_.count;
    refilled_.count += more * between_.count;
    left_ = std::min(most_, left_ + more);
    if (left_ == 0) return false;
    --left_;
    return true;
  }

 private:
  const int64_t most_;
  const Nanoseconds between_;
  Nanoseconds refilled_{};
  int64_t left_;
};

}  // namespace clew
