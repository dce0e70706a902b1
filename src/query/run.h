// run(): executes a plan over a snapshot.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>

#include "base/result.h"
#include "base/thread_pool.h"
#include "base/time.h"
#include "query/plan.h"
#include "query/result_table.h"
#include "store/storage.h"

namespace clew::query {

struct Progress {
  uint64_t rows_scanned = 0;
  uint64_t rows_total = 0;  // that remain after pruning
  uint64_t bytes_read = 0;  // from disk
};

// Each limit ends the run with a Status that names the limit, its value and the setting to change.
struct RunOptions {
  ThreadPool* pool = nullptr;                       // nullptr: on the calling thread alone
  Nanoseconds time_limit = seconds(60);             // --query-time-limit; exhausted
  uint64_t memory_limit_bytes = uint64_t{1} << 30;  // --query-memory-limit; exhausted
  uint64_t scanned_bytes_limit = UINT64_MAX;        // --query-scan-limit; exhausted
  const std::atomic<bool>* cancel = nullptr;        // set by any thread; cancelled
  std::function<void(const Progress&)> progress;    // from one worker at a time, after a granule
};

Result<ResultTable> run(const Plan& plan, const store::Snapshot& snapshot, const RunOptions& options = {});

}  // namespace clew::query
