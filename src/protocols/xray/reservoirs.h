// Reservoirs: deals the reservoir of each sampling rule out to the clients that use it, and keeps what they
// report. In memory: after a restart clients report within ten seconds, and have what they were dealt until
// then.
//
// A quota is a lease. What clients hold at a time never adds up to more than the reservoir: a newcomer gets
// of its even share what the others do not hold, and they give way with their next report.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "base/time.h"
#include "telemetry/batch.h"

namespace clew::xray {

// How often clients report.
constexpr Nanoseconds kReportInterval = seconds(10);
// A quota is good for this long; a client that was silent for as long is not counted any more.
constexpr Nanoseconds kQuotaLife = seconds(30);

struct SamplingReport {
  EnvironmentId environment;
  std::string rule;
  std::string client;
  uint64_t requests = 0;
  uint64_t sampled = 0;
  uint64_t borrowed = 0;
};

struct Quota {
  int64_t size = 0;  // requests a second
  UnixNanos good_until;
};

// All clients of a rule together, in ten seconds.
struct SamplingWindow {
  std::string rule;
  UnixNanos start;
  uint64_t requests = 0;
  uint64_t sampled = 0;
  uint64_t borrowed = 0;
};

// Any thread.
class Reservoirs {
 public:
  Quota report(const SamplingReport& report, int64_t reservoir_size, UnixNanos now);
  // The latest hour, by rule and time.
  std::vector<SamplingWindow> windows(EnvironmentId environment, UnixNanos now) const;

 private:
  struct Lease {
    int64_t size = 0;
    UnixNanos good_until;
  };
  struct Key {
    EnvironmentId environment;
    std::string rule;
    auto operator<=>(const Key&) const = default;
  };
  struct Use {
    std::map<std::string, Lease> clients;
    std::map<UnixNanos, SamplingWindow> windows;  // by start
  };

  static void add_to_windows(Use& use, const SamplingReport& report, UnixNanos now);

  mutable std::mutex mutex_;
  std::map<Key, Use> uses_;  // guarded by mutex_
};

}  // namespace clew::xray
