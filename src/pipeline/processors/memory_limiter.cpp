// memory_limiter: turns senders away, for now, while the process holds more memory than it should. Stands
// first in a pipeline.
#include <atomic>
#include <cstdio>
#include <unistd.h>

#include <fmt/format.h>

#include "base/counters.h"
#include "base/log.h"
#include "pipeline/config/section.h"
#include "pipeline/processors/processors.h"
#include "pipeline/service/process_figures.h"
#include "pipeline/timers.h"

namespace clew::pipeline {
namespace {

struct MemoryLimits {
  Nanoseconds check_interval{};
  uint64_t limit_bytes = 0;
  uint64_t spike_bytes = 0;
};

uint64_t read_number(const char* path) {
  std::FILE* file = std::fopen(path, "re");
  if (file == nullptr) return 0;
  unsigned long long number = 0;
  const int fields = std::fscanf(file, "%llu", &number);
  std::fclose(file);
  return fields == 1 ? number : 0;  // "max" is no number
}

// What this process may use: of its container if that is limited, of the machine otherwise.
uint64_t memory_of_machine() {
  const uint64_t machine =
      static_cast<uint64_t>(sysconf(_SC_PHYS_PAGES)) * static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
  const uint64_t container = read_number("/sys/fs/cgroup/memory.max");
  return container != 0 && container < machine ? container : machine;
}

class MemoryLimiter final : public Processor {
 public:
  MemoryLimiter(MemoryLimits limits, const Site& site, Consumer& next)
      : limits_(limits), timers_(site.timers), name_(site.id.text()), next_(next) {}

  Status start() override {
    check();
    return {};
  }
  void stop() override {
    stopping_ = true;
    // A check under way may have asked for the next one.
    while (const Timers::Id timer = timer_.exchange(0)) timers_.cancel(timer);
  }

  void consume(Batch batch, std::function<void(Outcome)> done) override {
    if (!refusing_.load(std::memory_order_relaxed)) return next_.consume(std::move(batch), std::move(done));
    count(Counter::memory_limited);
    done({.status = Status(ErrorKind::unavailable, "data refused due to high memory usage")});
  }

 private:
  void check() {
    const uint64_t used = process_figures().resident_bytes;
    const bool over = used > limits_.limit_bytes - limits_.spike_bytes;
    if (over != refusing_.exchange(over))
      log(over ? LogLevel::warning : LogLevel::info, "collector",
          fmt::format("{}: {} MiB in use, {} of {} MiB: {}", name_, used >> 20, limits_.spike_bytes >> 20,
                      limits_.limit_bytes >> 20,
                      over ? "senders are turned away until there is less" : "senders are let in again"));
    if (!stopping_) timer_ = timers_.after(limits_.check_interval, [this] { check(); });
  }

  const MemoryLimits limits_;
  Timers& timers_;
  const std::string name_;
  Consumer& next_;
  std::atomic<bool> refusing_{false};
  std::atomic<bool> stopping_{false};
  std::atomic<Timers::Id> timer_{0};
};

}  // namespace

MakeProcessor configure_memory_limiter(Section& section) {
  MemoryLimits limits;
  uint64_t limit_mib = 0, spike_mib = 0, limit_percentage = 0, spike_percentage = 0;
  section.read("check_interval", limits.check_interval);
  section.read("limit_mib", limit_mib);
  section.read("spike_limit_mib", spike_mib);
  section.read("limit_percentage", limit_percentage);
  section.read("spike_limit_percentage", spike_percentage);
  section.ignore({"min_gc_interval_when_soft_limited", "min_gc_interval_when_hard_limited"});
  if (limits.check_interval.count == 0)
    section.error("check_interval", "expected a duration over 0; 1s is usual");
  if (limit_mib == 0 && limit_percentage == 0)
    section.error("limit_mib", "expected limit_mib or limit_percentage, over 0");
  if (limit_percentage > 100 || spike_percentage > 100)
    section.error("limit_percentage", "expected at most 100");
  limits.limit_bytes = limit_mib != 0 ? limit_mib << 20 : memory_of_machine() / 100 * limit_percentage;
  if (spike_mib != 0)
    limits.spike_bytes = spike_mib << 20;
  else if (spike_percentage != 0)
    limits.spike_bytes = memory_of_machine() / 100 * spike_percentage;
  else
    limits.spike_bytes = limits.limit_bytes / 5;
  if (limits.limit_bytes != 0 && limits.spike_bytes >= limits.limit_bytes)
    section.error("spike_limit_mib", "expected less than the limit");
  return [limits](const Site& site, Consumer& next) -> Result<std::unique_ptr<Processor>> {
    return std::unique_ptr<Processor>(std::make_unique<MemoryLimiter>(limits, site, next));
  };
}

}  // namespace clew::pipeline
