#include "pipeline/delivery/retry.h"

#include <algorithm>
#include <random>

#include <fmt/format.h>

#include "base/log.h"

namespace clew::pipeline {

struct Retry::Attempt {
  Batch batch;
  Done done;
  Nanoseconds began;
  Nanoseconds interval;
  Outcome last;
};

void Retry::consume(Batch batch, std::function<void(Outcome)> done) {
  if (!settings_.enabled) return next_.consume(std::move(batch), std::move(done));
  try_once(std::make_shared<Attempt>(
      Attempt{std::move(batch), std::move(done), monotonic_now(), settings_.initial_interval, {}}));
}

void Retry::try_once(std::shared_ptr<Attempt> attempt) {
  next_.consume(attempt->batch, [this, attempt](Outcome outcome) {
    if (outcome.status.ok() || !is_retryable(outcome.status)) return attempt->done(std::move(outcome));
    refused(attempt, std::move(outcome));
  });
}

Nanoseconds Retry::pause_before_next(Attempt& attempt, Nanoseconds retry_after) {
  thread_local std::minstd_rand random{std::random_device()()};
  std::uniform_real_distribution<double> spread(1 - settings_.randomization, 1 + settings_.randomization);
  const auto interval = static_cast<double>(attempt.interval.count);
  attempt.interval.count = static_cast<int64_t>(
      std::min(interval * settings_.multiplier, static_cast<double>(settings_.max_interval.count)));
  return std::max(Nanoseconds{static_cast<int64_t>(interval * spread(random))}, retry_after);
}

void Retry::refused(std::shared_ptr<Attempt> attempt, Outcome outcome) {
  const Nanoseconds pause = pause_before_next(*attempt, outcome.retry_after);
  const int64_t elapsed = monotonic_now().count - attempt->began.count;
  const int64_t most = settings_.max_elapsed_time.count;
  if (most != 0 && elapsed + pause.count > most) {
    outcome.status = std::move(outcome.status).within(fmt::format("given up after {}", to_human({elapsed})));
    return attempt->done(std::move(outcome));
  }
  std::unique_lock lock(mutex_);
  if (stopping_) {
    lock.unlock();
    return attempt->done(std::move(outcome));
  }
  log(LogLevel::debug, "collector",
      fmt::format("trying again in {}: {}", to_human(pause), outcome.status.message()));
  attempt->last = std::move(outcome);
  pausing_[attempt] = timers_.after(pause, [this, attempt] {
    {
      std::lock_guard inner(mutex_);
      if (pausing_.erase(attempt) == 0) return;
    }
    try_once(attempt);
  });
}

void Retry::stop() {
  std::map<std::shared_ptr<Attempt>, Timers::Id> pausing;
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
    pausing.swap(pausing_);
  }
  for (const auto& [attempt, timer] : pausing) {
    timers_.cancel(timer);
    attempt->done(std::move(attempt->last));
  }
  // An attempt that had just begun again is with the next stage when this returns.
  timers_.finish_running();
}

}  // namespace clew::pipeline
