// Queries: those of Logs Insights that were started, under way or done, with their results. Bounded: the
// oldest that are done are forgotten first.
#pragma once

#include <atomic>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "protocols/cloudwatch_logs/insights_run.h"
#include "telemetry/batch.h"

namespace clew::cloudwatch_logs {

enum class QueryStatus : uint8_t { scheduled, running, complete, failed, cancelled, timeout };
std::string_view name_of(QueryStatus status);

struct StartedQuery {
  std::string id;
  EnvironmentId environment;
  std::string text;
  std::vector<std::string> groups;
  UnixNanos started;
  std::atomic<bool> cancel = false;
  std::atomic<bool> timed_out = false;

  // Guarded by Queries.
  QueryStatus status = QueryStatus::scheduled;
  Nanoseconds took;
  insights::Output output;
  uint64_t rows_scanned = 0;
  uint64_t rows_matched = 0;
  uint64_t bytes_read = 0;
};

// Any thread.
class Queries {
 public:
  static constexpr size_t kMostUnderWay = 100;
  static constexpr size_t kMostKept = 200;
  static constexpr size_t kMostRowsKept = 1'000'000;

  // Nothing when too many are under way.
  std::shared_ptr<StartedQuery> start(EnvironmentId environment, std::string text,
                                      std::vector<std::string> groups, UnixNanos at);
  std::shared_ptr<StartedQuery> find(EnvironmentId environment, std::string_view id) const;
  // The latest first.
  std::vector<std::shared_ptr<StartedQuery>> list(EnvironmentId environment) const;

  // Whether it was under way.
  bool stop(StartedQuery& query);
  void stop_all();
  // Reads or changes what is guarded.
  template <typename Look>
  auto with(Look look) const {
    const std::lock_guard lock(mutex_);
    return look();
  }

 private:
  void forget();

  mutable std::mutex mutex_;
  std::deque<std::shared_ptr<StartedQuery>> queries_;  // the latest in front
};

// A random UUID.
std::string new_uuid();

}  // namespace clew::cloudwatch_logs
