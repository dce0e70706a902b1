#include "pipeline/service/process_figures.h"

#include <cstdio>
#include <unistd.h>

#include <sys/resource.h>

// Of jemalloc, where the program is linked with it.
extern "C" int mallctl(const char* name, void* value, size_t* size, void* new_value, size_t new_size)
    __attribute__((weak));

namespace clew::pipeline {
namespace {

uint64_t heap_bytes() {
  if (mallctl == nullptr) return 0;
  uint64_t epoch = 1;  // its figures are those of when this was last set
  size_t size = sizeof epoch;
  (void)mallctl("epoch", &epoch, &size, &epoch, size);
  size_t allocated = 0;
  size = sizeof allocated;
  return mallctl("stats.allocated", &allocated, &size, nullptr, 0) == 0 ? allocated : 0;
}

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
          .resident_bytes = resident_bytes(),
          .heap_bytes = heap_bytes()};
}

}  // namespace clew::pipeline
