// What this process uses of the machine.
#pragma once

#include <cstdint>

#include "base/time.h"

namespace clew::pipeline {

struct ProcessFigures {
  Nanoseconds uptime;  // since the first call
  Nanoseconds cpu;
  uint64_t resident_bytes = 0;
  uint64_t heap_bytes = 0;  // in use; 0 where the allocator does not say
};
ProcessFigures process_figures();

}  // namespace clew::pipeline
