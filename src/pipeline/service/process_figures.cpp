#include "pipeline/service/process_figures.h"

#include <cstdio>
#include <unistd.h>

#include <sys/resource.h>

namespace clew::pipeline {
namespace {

uint64_t resident_bytes() {
  std::FILE* file = std::fopen("/proc/self/statm", "re");
  if (file == nullptr) return 0;
  unsigned long long total = 0, resident = 0;
  const int fields = std::fscanf(file, "%llu %llu", &total, &resident);
  std::fclose(file);
  return fields == 2 ? resident * static_cast<uint64_t>(sysconf(_SC_PAGESIZE)) : 0;
}

Nanoseconds of(const timeval& time) {
  return {int64_t{time.tv_sec} * 1'000'000'000 + int64_t{time.tv_usec} * 1000};
}

}  // namespace

ProcessFigures process_figures() {
  static const Nanoseconds began = monotonic_now();
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return {.uptime = {monotonic_now().count - began.count},
          .cpu = {of(usage.ru_utime).count + of(usage.ru_stime).count},
          .resident_bytes = resident_bytes()};
}

}  // namespace clew::pipeline
