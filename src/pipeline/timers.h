// Timers: calls functions later, all on one thread. For the waits of pipelines (a batch that is due, the next
// attempt to send); what is called must be quick.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

#include "base/time.h"

namespace clew::pipeline {

class Timers {
 public:
  using Id = uint64_t;

  Timers();
  // What is still waiting is never called.
  ~Timers();
  Timers(const Timers&) = delete;
  Timers& operator=(const Timers&) = delete;

  // Any thread.
  Id after(Nanoseconds delay, std::function<void()> call);
  // When this returns, the call is neither waiting nor running (unless cancelled from within itself). False
  // when it has happened already, or happened in the meantime.
  bool cancel(Id id);
  // Returns when the call that runs at this moment, if any, has ended (at once within a call).
  void finish_running();

 private:
  void run();

  std::mutex mutex_;
  std::condition_variable changed_;
  // Guarded by mutex_:
  std::map<std::pair<Nanoseconds, Id>, std::function<void()>> waiting_;
  std::map<Id, Nanoseconds> due_;
  Id last_ = 0;
  Id running_ = 0;
  bool stopping_ = false;

  std::thread thread_;
};

}  // namespace clew::pipeline
