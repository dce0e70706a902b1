// Gate: many may be inside at once; one may close it, wait until all have left, and be alone. Unlike a shared
// mutex the one who closes never starves, because nobody enters while it waits.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>

namespace clew::store {

class Gate {
 public:
  class Visit {
   public:
    explicit Visit(Gate& gate) : gate_(gate) {
      std::unique_lock lock(gate_.mutex_);
      gate_.opened_.wait(lock, [&] { return !gate_.closed_; });
      ++gate_.inside_;
    }
    ~Visit() {
      const std::lock_guard lock(gate_.mutex_);
      if (--gate_.inside_ == 0 && gate_.closed_) gate_.emptied_.notify_all();
    }
    Visit(const Visit&) = delete;
    Visit& operator=(const Visit&) = delete;

   private:
    Gate& gate_;
  };

  class Closure {
   public:
    explicit Closure(Gate& gate) : gate_(gate) {
      std::unique_lock lock(gate_.mutex_);
      gate_.opened_.wait(lock, [&] { return !gate_.closed_; });
      gate_.closed_ = true;
      gate_.emptied_.wait(lock, [&] { return gate_.inside_ == 0; });
    }
    ~Closure() {
      const std::lock_guard lock(gate_.mutex_);
      gate_.closed_ = false;
      gate_.opened_.notify_all();
    }
    Closure(const Closure&) = delete;
    Closure& operator=(const Closure&) = delete;

   private:
    Gate& gate_;
  };

 private:
  std::mutex mutex_;
  std::condition_variable opened_, emptied_;
  uint32_t inside_ = 0;
  bool closed_ = false;
};

}  // namespace clew::store
