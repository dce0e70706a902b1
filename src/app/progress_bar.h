// ProgressBar: how far a long command has come, on one line of a terminal that is wiped in the end.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <string>

#include "base/time.h"

namespace clew::app {

enum class ProgressUnit : uint8_t { bytes, rows };

class ProgressBar {
 public:
  // `terminal` may be nullptr: nothing is shown. "Copying" stands in front of the bar.
  ProgressBar(std::ostream* terminal, std::string doing, ProgressUnit unit = ProgressUnit::bytes);
  ~ProgressBar();
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  // What is done of all; `total` 0: unknown. Cheap to call often.
  void show(uint64_t done, uint64_t total);

 private:
  std::ostream* terminal_;
  const std::string doing_;
  const ProgressUnit unit_;
  const Nanoseconds started_ = monotonic_now();
  Nanoseconds last_;
  bool shown_ = false;
};

// "Copying  [########------------]  41 %  1.21 GB of 2.95 GB, 210 MB/s".
std::string progress_text(const std::string& doing, uint64_t done, uint64_t total, Nanoseconds elapsed,
                          ProgressUnit unit = ProgressUnit::bytes);

}  // namespace clew::app
