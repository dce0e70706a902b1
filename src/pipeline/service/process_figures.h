// What this process uses of the machine.
#pragma once

#include <cstdint>

#include "base/time.h"

namespace clew::pipeline {

struct ProcessFigures {
  Nanoseconds uptime;  // since the first call
  Nanoseconds cpu;
  uint64_t resident_bytes = 0;
};
ProcessFigures process_figures();

}  // namespace clew::pipeline
