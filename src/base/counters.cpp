#include "base/counters.h"

#include <array>
#include <cstdio>
#include <fstream>
#include <unistd.h>

#include <fmt/format.h>
#include <sys/resource.h>

#include "base/time.h"

namespace clew {
namespace {

constexpr size_t kCount = static_cast<size_t>(Counter::count_);

constexpr std::array<CounterInfo, kCount> kInfo = {{
#define X(identifier, name, severity, help, advice) {name, Severity::severity, help, advice},
    CLEW_COUNTERS(X)
#undef X
}};

// One cache line each, so that two threads counting different things do not slow each other down.
struct alignas(64) Cell {
  std::atomic<uint64_t> value{0};
};
std::array<Cell, kCount> cells;

const Nanoseconds kStarted = monotonic_now();

uint64_t resident_bytes() {
  std::ifstream statm("/proc/self/statm");
  uint64_t total = 0, resident = 0;
  statm >> total >> resident;
  return resident * static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
}

double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  auto as_seconds = [](const timeval& t) { return static_cast<double>(t.tv_sec) + t.tv_usec * 1e-6; };
  return as_seconds(usage.ru_utime) + as_seconds(usage.ru_stime);
}

}  // namespace

void count(Counter counter, uint64_t by) {
  cells[static_cast<size_t>(counter)].value.fetch_add(by, std::memory_order_relaxed);
}

uint64_t value_of(Counter counter) {
  return cells[static_cast<size_t>(counter)].value.load(std::memory_order_relaxed);
}

const CounterInfo& info_of(Counter counter) {
  return kInfo[static_cast<size_t>(counter)];
}

std::span<const CounterInfo> all_counters() {
  return kInfo;
}

std::string counters_as_prometheus_text() {
  std::string text;
  for (size_t i = 0; i < kCount; ++i) {
    text +=
        fmt::format("# HELP {0} {1}{2}{3}\n# TYPE {0} counter\n{0} {4}\n", kInfo[i].name, kInfo[i].help,
                    kInfo[i].advice.empty() ? "" : ". ", kInfo[i].advice, value_of(static_cast<Counter>(i)));
  }
  auto gauge = [&](std::string_view name, std::string_view help, auto value) {
    text += fmt::format("# HELP {0} {1}\n# TYPE {0} gauge\n{0} {2}\n", name, help, value);
  };
  gauge("process_resident_memory_bytes", "Resident memory", resident_bytes());
  gauge("process_cpu_seconds_total", "CPU time used", cpu_seconds());
  gauge("clew_uptime_seconds", "Time since start",
        Nanoseconds{monotonic_now().count - kStarted.count}.to_seconds());
  return text;
}

}  // namespace clew
