// Sampling: which strategy the clients of a service are told when they ask how many traces to keep
// (jaeger_remote). Set in the control database; what is not set there is as the operator's file has it.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "control/records.h"
#include "control/sampling_strategy.h"

namespace clew::control {

// Any thread. Questions are answered from memory: whoever asks has no key to show, and asks often.
class Sampling {
 public:
  static constexpr size_t kMostStrategies = 1'000;  // of an environment
  static constexpr size_t kMostAskers = 1'000;      // likewise; the one that asked longest ago is forgotten

  // The records must outlive this.
  Sampling(Records& records, SamplingStrategies file) : records_(records), file_(std::move(file)) {}

  // Reads what is in the control database. At the start.
  Status restore();

  struct Entry {
    std::optional<std::string> service;  // nullopt: of all that are not named
    SamplingStrategy strategy;
    std::optional<UnixNanos> modified;  // nullopt: it stands in the file
  };
  // The one of all others first, then by service.
  std::vector<Entry> list(EnvironmentId environment) const;
  // Makes it, or replaces the one of the same service.
  Status set(EnvironmentId environment, const std::optional<std::string>& service, SamplingStrategy strategy);
  // Back to what the file says. Whether there was one.
  Result<bool> remove(EnvironmentId environment, const std::optional<std::string>& service);

  // What a client of this service is told, now; that it asked is remembered.
  SamplingStrategy tell(EnvironmentId environment, std::string_view service, UnixNanos now);

  struct Asker {
    std::string service;
    UnixNanos last;
    uint64_t times = 0;
  };
  // By service; since the start.
  std::vector<Asker> askers(EnvironmentId environment) const;

 private:
  struct Set {
    SamplingStrategy strategy;
    UnixNanos modified;
  };
  struct Asked {
    UnixNanos last;
    uint64_t times = 0;
  };
  struct Environment {
    std::optional<Set> usual;
    std::map<std::string, Set, std::less<>> services;
    std::map<std::string, Asked, std::less<>> askers;
  };

  void note_asked(Environment& environment, std::string_view service, UnixNanos now);

  Records& records_;
  const SamplingStrategies file_;
  mutable std::mutex mutex_;
  std::map<uint32_t, Environment> environments_;  // guarded by mutex_
};

}  // namespace clew::control
