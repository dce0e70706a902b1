// QueryLimits: watches over one run on behalf of its RunOptions. Any thread.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>

#include "base/result.h"
#include "query/run.h"

namespace clew::query {

class QueryLimits {
 public:
  explicit QueryLimits(const RunOptions& options) : options_(options), started_(monotonic_now()) {}

  void expect_rows(uint64_t rows) { rows_total_ = rows; }
  // After a granule: what it cost, and by how much the worker's memory has grown (or shrunk). Fails when a
  // limit is passed or the caller cancelled; then every later call fails too.
  Status account(uint64_t rows, uint64_t bytes_read, int64_t memory_growth);
  // Between other steps.
  Status check();

  uint64_t rows_scanned() const { return rows_scanned_; }
  uint64_t bytes_read() const { return bytes_read_; }
  Nanoseconds elapsed() const { return {monotonic_now().count - started_.count}; }

 private:
  const RunOptions& options_;
  Nanoseconds started_;
  uint64_t rows_total_ = 0;
  std::atomic<uint64_t> rows_scanned_ = 0;
  std::atomic<uint64_t> bytes_read_ = 0;
  std::atomic<int64_t> memory_ = 0;
  std::mutex progress_mutex_;
};

}  // namespace clew::query
