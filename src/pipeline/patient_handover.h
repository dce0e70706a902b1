// PatientHandover: hands on what was acknowledged already. What the next stage refuses for now is kept and
// tried again; what it refuses for good is lost, counted and logged.
#pragma once

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "pipeline/consumer.h"
#include "pipeline/timers.h"

namespace clew::pipeline {

class PatientHandover {
 public:
  // `name` is the part's, for the log.
  PatientHandover(std::string name, Timers& timers, Consumer& next)
      : name_(std::move(name)), timers_(timers), next_(next) {}

  // Any thread. Not after stop().
  void hand_on(Batch batch);
  // What was handed on and is not accepted yet. Who fills it without looking at this fills the memory.
  uint64_t held_bytes() const { return held_bytes_.load(std::memory_order_relaxed); }
  // Tries everything once more and waits for the answers, five seconds at most.
  void stop();

 private:
  struct Parcel {
    Batch batch;
    Nanoseconds pause = milliseconds(100);
    Timers::Id timer = 0;
  };
  void send(const std::shared_ptr<Parcel>& parcel);
  bool kept_for_later(const std::shared_ptr<Parcel>& parcel);

  const std::string name_;
  Timers& timers_;
  Consumer& next_;
  std::atomic<uint64_t> held_bytes_{0};

  std::mutex mutex_;
  std::condition_variable idle_;
  // Guarded by mutex_:
  std::vector<std::shared_ptr<Parcel>> refused_;
  size_t under_way_ = 0;
  bool stopping_ = false;
};

}  // namespace clew::pipeline
