#include "pipeline/traces/trace_room.h"

#include <algorithm>
#include <chrono>

#include "base/thread_name.h"

namespace clew::pipeline {

void TraceRoom::start() {
  thread_ = std::thread([this] { run(); });
}

void TraceRoom::stop() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

std::optional<uint64_t> TraceRoom::add(EnvironmentId environment, std::vector<TracePiece> pieces) {
  const Nanoseconds now = monotonic_now();
  uint64_t fresh = 0;
  bool wake = false;
  {
    std::lock_guard lock(mutex_);
    if (stopping_ || waiting_.traces() > 2 * limits_.most_traces || waiting_.bytes() > 2 * limits_.most_bytes)
      return std::nullopt;
    const auto due_before = waiting_.next_due();
    for (TracePiece& piece : pieces) fresh += waiting_.add(environment, std::move(piece), now) ? 1 : 0;
    in_memory_.store(static_cast<int64_t>(waiting_.traces()), std::memory_order_relaxed);
    // Not all that is added makes something due earlier.
    wake = !due_before || waiting_.next_due() < due_before || waiting_.is_over_limit();
  }
  if (wake) changed_.notify_one();
  return fresh;
}

void TraceRoom::run() {
  name_this_thread("clew-traces");
  std::unique_lock lock(mutex_);
  for (;;) {
    const Nanoseconds now = monotonic_now();
    const bool is_over_limit = waiting_.is_over_limit();
    auto trace = stopping_ ? waiting_.take_oldest() : waiting_.take_due(now);
    if (trace) {
      in_memory_.store(static_cast<int64_t>(waiting_.traces()), std::memory_order_relaxed);
      lock.unlock();
      if (is_over_limit && now < trace->due) early_.fetch_add(1, std::memory_order_relaxed);
      release_(std::move(*trace));
      lock.lock();
      continue;
    }
    if (stopping_) return;
    const auto due = waiting_.next_due();
    if (due)
      changed_.wait_for(lock, std::chrono::nanoseconds(due->count - now.count));
    else
      changed_.wait(lock);
  }
}

}  // namespace clew::pipeline
