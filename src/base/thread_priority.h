// Which threads wait when there are not enough cores: questions for sealing and merging, and these for what
// comes in: a question waits a little, a sender that is turned away may lose what it has.
#pragma once

#include <unistd.h>

#include <sys/resource.h>
#include <sys/syscall.h>

namespace clew {

// Values of nice(2); the doors have 0.
enum class ThreadPriority : int { background = 5, question = 9 };

inline void set_priority_of_this_thread(ThreadPriority priority) {
  (void)setpriority(PRIO_PROCESS, static_cast<id_t>(syscall(SYS_gettid)), static_cast<int>(priority));
}

}  // namespace clew
