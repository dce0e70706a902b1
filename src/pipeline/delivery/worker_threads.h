// WorkerThreads: runs tasks that wait (for an answer over HTTP), a few at a time.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace clew::pipeline {

class WorkerThreads {
 public:
  // Threads are started as they are needed.
  explicit WorkerThreads(size_t most) : most_(most) {}
  // Every task that was posted has run.
  ~WorkerThreads() { stop(); }
  void post(std::function<void()> task);
  void stop();

 private:
  void run();

  const size_t most_;
  std::mutex mutex_;
  std::condition_variable wake_;
  // Guarded by mutex_:
  std::deque<std::function<void()>> tasks_;
  std::vector<std::thread> threads_;
  size_t idle_ = 0;
  bool stopping_ = false;
};

}  // namespace clew::pipeline
