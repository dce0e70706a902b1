#include "base/thread_pool.h"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

#include "base/thread_name.h"
#include "base/thread_priority.h"

namespace clew {
namespace {

// One call of run_on_all(). Lives on the stack of its caller, who leaves only after the last helper has.
struct Call {
  const std::function<void(size_t)>* work;
  size_t next_worker = 1;
  size_t helpers_wanted;
  size_t helpers_inside = 0;
};

}  // namespace

struct ThreadPool::State {
  std::mutex mutex;
  std::condition_variable call_waits;   // for the pool's threads
  std::condition_variable helper_left;  // for callers
  std::deque<Call*> calls;              // those that still want helpers
  bool stopping = false;
  std::vector<std::thread> threads;

  void help() {
    std::unique_lock lock(mutex);
    while (true) {
      call_waits.wait(lock, [this] { return stopping || !calls.empty(); });
      if (stopping) return;
      Call* call = calls.front();
      size_t worker = call->next_worker++;
      ++call->helpers_inside;
      if (--call->helpers_wanted == 0) calls.pop_front();
      lock.unlock();
      (*call->work)(worker);
      lock.lock();
      if (--call->helpers_inside == 0) helper_left.notify_all();
    }
  }
};

ThreadPool::ThreadPool(size_t threads) : state_(std::make_unique<State>()) {
  for (size_t i = 0; i < std::max<size_t>(threads, 1); ++i)
    state_->threads.emplace_back([state = state_.get()] {
      name_this_thread("clew-query");
      set_priority_of_this_thread(ThreadPriority::question);
      state->help();
    });
}

ThreadPool::~ThreadPool() {
  {
    std::lock_guard lock(state_->mutex);
    state_->stopping = true;
  }
  state_->call_waits.notify_all();
  for (std::thread& thread : state_->threads) thread.join();
}

size_t ThreadPool::width() const {
  return state_->threads.size() + 1;
}

void ThreadPool::run_on_all(size_t most, const std::function<void(size_t)>& work) {
  size_t helpers = std::min(most, width());
  helpers = helpers == 0 ? 0 : helpers - 1;
  Call call{.work = &work, .helpers_wanted = helpers};
  if (helpers > 0) {
    std::lock_guard lock(state_->mutex);
    state_->calls.push_back(&call);
  }
  for (size_t i = 0; i < helpers; ++i) state_->call_waits.notify_one();
  work(0);
  if (helpers == 0) return;
  std::unique_lock lock(state_->mutex);
  std::erase(state_->calls, &call);
  state_->helper_left.wait(lock, [&call] { return call.helpers_inside == 0; });
}

}  // namespace clew
