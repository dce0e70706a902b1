// The name of a thread, as top -H, gdb and perf show it.
#pragma once

#include <pthread.h>

namespace clew {

// At most 15 letters.
inline void name_this_thread(const char* name) {
  pthread_setname_np(pthread_self(), name);
}

}  // namespace clew
