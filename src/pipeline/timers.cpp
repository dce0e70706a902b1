#include "pipeline/timers.h"

#include <chrono>

namespace clew::pipeline {

Timers::Timers() : thread_([this] { run(); }) {}

Timers::~Timers() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

Timers::Id Timers::after(Nanoseconds delay, std::function<void()> call) {
  const Nanoseconds due{monotonic_now().count + delay.count};
  bool first = false;
  Id id = 0;
  {
    std::lock_guard lock(mutex_);
    id = ++last_;
    due_[id] = due;
    const auto it = waiting_.emplace(std::pair(due, id), std::move(call)).first;
    first = it == waiting_.begin();
  }
  if (first) changed_.notify_all();
  return id;
}

bool Timers::cancel(Id id) {
  std::unique_lock lock(mutex_);
  if (const auto it = due_.find(id); it != due_.end()) {
    waiting_.erase({it->second, id});
    due_.erase(it);
    return true;
  }
  if (std::this_thread::get_id() != thread_.get_id()) changed_.wait(lock, [&] { return running_ != id; });
  return false;
}

void Timers::finish_running() {
  if (std::this_thread::get_id() == thread_.get_id()) return;
  std::unique_lock lock(mutex_);
  const Id running = running_;
  changed_.wait(lock, [&] { return running == 0 || running_ != running; });
}

void Timers::run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    if (waiting_.empty()) {
      changed_.wait(lock);
      continue;
    }
    const auto it = waiting_.begin();
    const int64_t left = it->first.first.count - monotonic_now().count;
    if (left > 0) {
      changed_.wait_for(lock, std::chrono::nanoseconds(left));
      continue;
    }
    running_ = it->first.second;
    std::function<void()> call = std::move(it->second);
    due_.erase(running_);
    waiting_.erase(it);
    lock.unlock();
    call();
    call = nullptr;
    lock.lock();
    running_ = 0;
    changed_.notify_all();
  }
}

}  // namespace clew::pipeline
