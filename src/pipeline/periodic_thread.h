// PeriodicThread: calls a function again and again, on a thread of its own.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "base/thread_name.h"
#include "base/time.h"

namespace clew::pipeline {

class PeriodicThread {
 public:
  ~PeriodicThread() { stop(); }

  // First after `delay`, then each `interval` after the end of the call before. `name` has at most 15
  // letters.
  void start(const char* name, Nanoseconds delay, Nanoseconds interval, std::function<void()> call) {
    thread_ = std::thread([this, name, delay, interval, call = std::move(call)] {
      name_this_thread(name);
      std::unique_lock lock(mutex_);
      for (Nanoseconds pause = delay;; pause = interval) {
        if (wake_.wait_for(lock, std::chrono::nanoseconds(pause.count), [&] { return stopping_; })) return;
        lock.unlock();
        call();
        lock.lock();
      }
    });
  }
  // Returns when a call under way has ended.
  void stop() {
    {
      std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    wake_.notify_all();
    if (thread_.joinable()) thread_.join();
  }

 private:
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;  // guarded by mutex_
  std::thread thread_;
};

}  // namespace clew::pipeline
