#include "pipeline/patient_handover.h"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>

#include "base/counters.h"
#include "base/log.h"
#include "pipeline/otlp/item_count.h"

namespace clew::pipeline {
namespace {

constexpr Nanoseconds kLongestPause = seconds(5);
constexpr Nanoseconds kGrace = seconds(5);

}  // namespace

void PatientHandover::hand_on(Batch batch) {
  held_bytes_.fetch_add(batch.otlp.size(), std::memory_order_relaxed);
  auto parcel = std::make_shared<Parcel>();
  parcel->batch = std::move(batch);
  {
    std::lock_guard lock(mutex_);
    ++under_way_;
  }
  send(parcel);
}

void PatientHandover::send(const std::shared_ptr<Parcel>& parcel) {
  next_.consume(parcel->batch, [this, parcel](const Outcome& outcome) {
    if (!outcome.status.ok() && is_retryable(outcome.status) && kept_for_later(parcel)) return;
    if (!outcome.status.ok()) {
      const uint64_t items = items_of(parcel->batch);
      count(Counter::delivery_lost, items);
      log_error("collector", fmt::format("{}: {} items lost: {}", name_, items, outcome.status.message()));
    }
    held_bytes_.fetch_sub(parcel->batch.otlp.size(), std::memory_order_relaxed);
    std::lock_guard lock(mutex_);
    --under_way_;
    idle_.notify_all();
  });
}

bool PatientHandover::kept_for_later(const std::shared_ptr<Parcel>& parcel) {
  std::lock_guard lock(mutex_);
  if (stopping_) return false;
  --under_way_;
  refused_.push_back(parcel);
  parcel->timer = timers_.after(parcel->pause, [this, parcel] {
    {
      std::lock_guard inner(mutex_);
      if (std::erase(refused_, parcel) == 0) return;
      ++under_way_;
    }
    send(parcel);
  });
  parcel->pause = std::min(Nanoseconds{parcel->pause.count * 2}, kLongestPause);
  return true;
}

void PatientHandover::stop() {
  std::vector<Timers::Id> timers;
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
    for (const auto& parcel : refused_) timers.push_back(parcel->timer);
  }
  for (const Timers::Id timer : timers) timers_.cancel(timer);
  std::unique_lock lock(mutex_);
  while (!refused_.empty()) {
    const std::shared_ptr<Parcel> parcel = std::move(refused_.back());
    refused_.pop_back();
    ++under_way_;
    lock.unlock();
    send(parcel);
    lock.lock();
  }
  idle_.wait_for(lock, std::chrono::nanoseconds(kGrace.count), [&] { return under_way_ == 0; });
}

}  // namespace clew::pipeline
