#include "query/query_limits.h"

#include <fmt/format.h>

namespace clew::query {

Status QueryLimits::account(uint64_t rows, uint64_t bytes_read, int64_t memory_growth) {
  uint64_t scanned = rows_scanned_ += rows;
  uint64_t read = bytes_read_ += bytes_read;
  memory_ += memory_growth;
  if (options_.progress) {
    std::lock_guard lock(progress_mutex_);
    options_.progress({.rows_scanned = scanned, .rows_total = rows_total_, .bytes_read = read});
  }
  return check();
}

Status QueryLimits::check() {
  if (options_.cancel != nullptr && options_.cancel->load(std::memory_order_relaxed))
    return {ErrorKind::cancelled, "the query was cancelled by its caller"};
  if (elapsed() > options_.time_limit)
    return {
        ErrorKind::exhausted,
        fmt::format("the query took longer than its time limit of {}: ask for a shorter time range, or raise "
                    "--query-time-limit",
                    to_human(options_.time_limit))};
  if (memory_ > 0 && static_cast<uint64_t>(memory_.load()) > options_.memory_limit_bytes)
    return {
        ErrorKind::exhausted,
        fmt::format("the query needs more memory than its limit of {} bytes: group by fewer values, or raise "
                    "--query-memory-limit",
                    options_.memory_limit_bytes)};
  if (bytes_read_ > options_.scanned_bytes_limit)
    return {ErrorKind::exhausted,
            fmt::format(
                "the query reads more than its limit of {} bytes from disk: ask for a shorter time range, or "
                "raise --query-scan-limit",
                options_.scanned_bytes_limit)};
  return {};
}

}  // namespace clew::query
