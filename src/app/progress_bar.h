// ProgressBar: how far a long command has come, on one line of a terminal that is wiped in the end.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <string>

#include "base/time.h"

namespace clew::app {

class ProgressBar {
 public:
  // `terminal` may be nullptr: nothing is shown. "Copying" stands in front of the bar.
  ProgressBar(std::ostream* terminal, std::string doing);
  ~ProgressBar();
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  // Bytes done of all; `total` 0: unknown. Cheap to call often.
  void show(uint64_t done, uint64_t total);

 private:
  std::ostream* terminal_;
  const std::string doing_;
  const Nanoseconds started_ = monotonic_now();
  Nanoseconds last_;
  bool shown_ = false;
};

// "Copying  [########------------]  41 %  1.21 GB of 2.95 GB, 210 MB/s".
std::string progress_text(const std::string& doing, uint64_t done, uint64_t total, Nanoseconds elapsed);

}  // namespace clew::app
