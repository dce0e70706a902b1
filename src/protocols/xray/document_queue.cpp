#include "protocols/xray/document_queue.h"

#include <algorithm>
#include <chrono>

namespace clew::xray {
namespace {

constexpr Nanoseconds kLongestWait = seconds(1);

}  // namespace

bool DocumentQueue::add(std::string_view document) {
  bool had_room = true;
  {
    const std::lock_guard lock(mutex_);
    if (closed_) return false;
    if (waiting_.size() >= most_) {
      waiting_.pop_front();
      had_room = false;
    }
    waiting_.push_back({std::string(document), monotonic_now()});
    // The first starts a second, the last of a batch ends it; for the others nobody has to wake.
    if (waiting_.size() != 1 && waiting_.size() % kBatch != 0) return had_room;
  }
  changed_.notify_one();
  return had_room;
}

std::vector<std::string> DocumentQueue::take() {
  std::unique_lock lock(mutex_);
  while (!closed_ && waiting_.size() < kBatch) {
    if (waiting_.empty()) {
      changed_.wait(lock);
      continue;
    }
    const int64_t waited = monotonic_now().count - waiting_.front().since.count;
    if (waited >= kLongestWait.count) break;
    changed_.wait_for(lock, std::chrono::nanoseconds(kLongestWait.count - waited));
  }
  std::vector<std::string> batch;
  while (!waiting_.empty() && batch.size() < kBatch) {
    batch.push_back(std::move(waiting_.front().document));
    waiting_.pop_front();
  }
  // Another may be ready, and only one was woken.
  if (!waiting_.empty()) changed_.notify_one();
  return batch;
}

void DocumentQueue::close() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }
  changed_.notify_all();
}

bool DocumentQueue::wait_for_close(Nanoseconds limit) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, std::chrono::nanoseconds(limit.count), [this] { return closed_; });
}

}  // namespace clew::xray
