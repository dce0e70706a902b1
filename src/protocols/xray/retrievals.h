// Retrievals: which traces somebody asked to retrieve, under the token that was answered. Traces are read
// when the retrieval is listed; nothing is copied.
#pragma once

#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "telemetry/batch.h"
#include "telemetry/ids.h"

namespace clew::xray {

struct Retrieval {
  EnvironmentId environment;
  std::string token;
  std::vector<TraceId> traces;
  TimeRange range;
  UnixNanos expires;
  bool cancelled = false;
};

// Any thread.
class Retrievals {
 public:
  static constexpr size_t kMost = 1000;  // the oldest are forgotten
  static constexpr Nanoseconds kLifetime = hours(1);

  // The token.
  std::string start(EnvironmentId environment, std::vector<TraceId> traces, const TimeRange& range,
                    UnixNanos now);
  std::optional<Retrieval> find(EnvironmentId environment, const std::string& token, UnixNanos now);
  // False when there is none.
  bool cancel(EnvironmentId environment, const std::string& token, UnixNanos now);

 private:
  Retrieval* find_locked(EnvironmentId environment, const std::string& token, UnixNanos now);

  std::mutex mutex_;
  std::deque<Retrieval> all_;  // guarded by mutex_; oldest first
};

}  // namespace clew::xray
