// BodyBudget: how many bytes of request bodies all connections of a server may hold together.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <utility>

namespace clew::net {

class BodyBudget {
 public:
  explicit BodyBudget(size_t limit) : limit_(limit) {}
  bool take(size_t bytes) {
    if (used_.fetch_add(bytes, std::memory_order_relaxed) + bytes <= limit_) return true;
    give(bytes);
    return false;
  }
  void give(size_t bytes) { used_.fetch_sub(bytes, std::memory_order_relaxed); }
  size_t used() const { return used_.load(std::memory_order_relaxed); }
  size_t limit() const { return limit_; }

 private:
  std::atomic<size_t> used_{0};
  const size_t limit_;
};

// One body's share, given back when this goes away. The budget outlives it.
class BodyShare {
 public:
  BodyShare() = default;
  explicit BodyShare(BodyBudget& budget) : budget_(&budget) {}
  BodyShare(BodyShare&& other) noexcept
      : budget_(std::exchange(other.budget_, nullptr)), held_(std::exchange(other.held_, 0)) {}
  BodyShare& operator=(BodyShare&& other) noexcept {
    std::swap(budget_, other.budget_);
    std::swap(held_, other.held_);
    return *this;
  }
  ~BodyShare() {
    if (held_ > 0) budget_->give(held_);
  }
  // False when the budget is used up; what was held stays held.
  bool grow_to(size_t bytes) {
    if (bytes <= held_) return true;
    // In steps, so that a body read in small pieces does not contend for the counter.
    constexpr size_t kStep = 64 << 10;
    const size_t wanted = (bytes + kStep - 1) / kStep * kStep;
    if (!budget_->take(wanted - held_)) return false;
    held_ = wanted;
    return true;
  }

 private:
  BodyBudget* budget_ = nullptr;
  size_t held_ = 0;
};

}  // namespace clew::net
