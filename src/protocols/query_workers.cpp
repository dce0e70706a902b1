#include "protocols/query_workers.h"

#include <algorithm>
#include <utility>

#include "base/thread_name.h"
#include "base/thread_priority.h"

namespace clew {

QueryWorkers::QueryWorkers(unsigned threads, size_t waiting) : waiting_(waiting) {
  for (unsigned i = 0; i < std::max(threads, 1u); ++i) threads_.emplace_back([this] { work(); });
}

QueryWorkers::~QueryWorkers() {
  stop();
  for (std::thread& thread : threads_) thread.join();
}

void QueryWorkers::stop() {
  std::deque<Task> dropped;  // destroyed without the lock: a task may hold the last copy of a Responder
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    dropped.swap(tasks_);
  }
  woken_.notify_all();
}

bool QueryWorkers::submit(Task task) {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_ || tasks_.size() >= waiting_) return false;
    tasks_.push_back(std::move(task));
  }
  woken_.notify_one();
  return true;
}

void QueryWorkers::work() {
  name_this_thread("clew-query");
  set_priority_of_this_thread(ThreadPriority::question);
  for (;;) {
    Task task;
    {
      std::unique_lock lock(mutex_);
      woken_.wait(lock, [this] { return stopping_ || !tasks_.empty(); });
      if (stopping_) return;
      task = std::move(tasks_.front());
      tasks_.pop_front();
    }
    task();
  }
}

}  // namespace clew
