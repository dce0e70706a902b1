// Services: the parts of the program that every protocol's Api works with. The program fills them in once.
#pragma once

#include <atomic>
#include <cstdint>

#include "base/thread_pool.h"
#include "base/time.h"
#include "control/access.h"
#include "control/records.h"
#include "pipeline/consumer.h"
#include "protocols/arrivals.h"
#include "query/run.h"
#include "store/storage.h"

namespace clew {

namespace control {
class Journal;
}

// Of the run that answers one question.
struct QuestionLimits {
  Nanoseconds time = seconds(30);
  uint64_t memory_bytes = uint64_t{1} << 30;
  uint64_t scanned_bytes = UINT64_MAX;
};

struct Services {
  // All of these but journal and pool must be set, and outlive the Api.
  store::Storage* storage = nullptr;
  pipeline::Consumer* consumer = nullptr;
  const control::Access* access = nullptr;
  Arrivals* arrivals = nullptr;
  control::Records* records = nullptr;
  control::Journal* journal = nullptr;  // nullptr: nothing is noted
  ThreadPool* pool = nullptr;           // for scans; nullptr: each question on one thread
  QuestionLimits limits;

  // `cancel` must outlive the run.
  query::RunOptions run_options(const std::atomic<bool>& cancel) const {
    return {.pool = pool,
            .time_limit = limits.time,
            .memory_limit_bytes = limits.memory_bytes,
            .scanned_bytes_limit = limits.scanned_bytes,
            .cancel = &cancel,
            .progress = {}};
  }
};

}  // namespace clew
