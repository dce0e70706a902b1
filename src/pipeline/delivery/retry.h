// Retry: hands a batch to the next stage again and again, with growing pauses, as long as it is refused for
// now (`retry_on_failure`).
#pragma once

#include <map>
#include <memory>
#include <mutex>

#include "pipeline/consumer.h"
#include "pipeline/delivery/delivery_settings.h"
#include "pipeline/timers.h"

namespace clew::pipeline {

class Retry final : public Consumer {
 public:
  // `next` and `timers` must outlive it.
  Retry(RetrySettings settings, Timers& timers, Consumer& next)
      : settings_(settings), timers_(timers), next_(next) {}

  // Accepted, refused for good, or the last refusal when max_elapsed_time is over.
  void consume(Batch batch, std::function<void(Outcome)> done) override;

  // Pauses end, and what is refused from now on is not tried again: the last refusal is the outcome.
  void stop();

 private:
  struct Attempt;
  void try_once(std::shared_ptr<Attempt> attempt);
  void refused(std::shared_ptr<Attempt> attempt, Outcome outcome);
  Nanoseconds pause_before_next(Attempt& attempt, Nanoseconds retry_after);

  const RetrySettings settings_;
  Timers& timers_;
  Consumer& next_;

  std::mutex mutex_;
  // Guarded by mutex_:
  bool stopping_ = false;
  std::map<std::shared_ptr<Attempt>, Timers::Id> pausing_;
};

}  // namespace clew::pipeline
