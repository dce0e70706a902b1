// ThreadPool: a fixed number of threads for work that divides into many independent pieces.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>

namespace clew {

class ThreadPool {
 public:
  // At least one. The caller of run_on_all() works too, so `threads` = cores - 1 keeps every core busy.
  explicit ThreadPool(size_t threads);
  // Waits for work under way.
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  // The number of workers that run_on_all() may employ, the caller included.
  size_t width() const;

  // Calls work(worker) for workers 0 … n - 1, n at most `most` and at most width(), and returns when all have
  // returned. Worker 0 is the calling thread; the others join as pool threads become free, and those that
  // found none free until worker 0 was done are not called at all: the work must be shared out by the workers
  // themselves (an atomic next index). So calls from many threads at once neither block each other nor grow a
  // queue.
  void run_on_all(size_t most, const std::function<void(size_t worker)>& work);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace clew
