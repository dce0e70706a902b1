#include "base/thread_priority.h"

#include <cerrno>
#include <cstdint>
#include <unistd.h>

#include <sys/resource.h>
#include <sys/syscall.h>

namespace clew {
namespace {

constexpr uint64_t kTurnNanoseconds = 100'000;  // the least the kernel takes

// The kernel's struct sched_attr, which the C library does not have yet.
struct Attributes {
  uint32_t size = 48;
  uint32_t policy = 0;  // SCHED_OTHER
  uint64_t flags = 0;
  int32_t nice = 0;
  uint32_t priority = 0;
  uint64_t runtime = 0;  // the length of a turn
  uint64_t deadline = 0, period = 0;
};

id_t this_thread() {
  return static_cast<id_t>(syscall(SYS_gettid));
}

}  // namespace

void set_priority_of_this_thread(ThreadPriority priority) {
  (void)setpriority(PRIO_PROCESS, this_thread(), static_cast<int>(priority));
}

void take_short_turns() {
  errno = 0;
  const int nice = getpriority(PRIO_PROCESS, this_thread());
  if (errno != 0) return;
  const Attributes attributes{.nice = nice, .runtime = kTurnNanoseconds};
  static_assert(sizeof(attributes) == 48);
  (void)syscall(SYS_sched_setattr, 0, &attributes, 0);
}

}  // namespace clew
