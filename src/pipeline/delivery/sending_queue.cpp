#include "pipeline/delivery/sending_queue.h"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>

#include "base/counters.h"
#include "base/log.h"
#include "pipeline/otlp/item_count.h"
#include "pipeline/otlp/join.h"

namespace clew::pipeline {

namespace {

Status closing() {
  return Status(ErrorKind::unavailable, "the collector is stopping");
}

}  // namespace

struct SendingQueue::Parcel {
  std::vector<Entry> entries;
  uint64_t weight = 0;
};

SendingQueue::SendingQueue(const ComponentId& exporter, QueueSettings settings, Timers& timers,
                           SelfTelemetry& telemetry, Consumer& next)
    : name_(exporter.text()),
      settings_(settings),
      timers_(timers),
      telemetry_(telemetry),
      size_gauge_(telemetry.gauge("otelcol_exporter_queue_size", {{"exporter", name_}})),
      next_(next) {
  telemetry.gauge("otelcol_exporter_queue_capacity", {{"exporter", name_}}) =
      static_cast<int64_t>(settings.size);
}

uint64_t SendingQueue::weight_of(const Batch& batch) const {
  switch (settings_.sizer) {
    case QueueSizer::requests:
      return 1;
    case QueueSizer::items:
      return items_of(batch);
    case QueueSizer::bytes:
      return batch.otlp.size();
  }
  return 1;
}

void SendingQueue::consume(Batch batch, std::function<void(Outcome)> done) {
  Entry entry{std::move(batch), 0, std::move(done)};
  entry.weight = weight_of(entry.batch);
  std::unique_lock lock(mutex_);
  const bool fits = entry.weight <= settings_.size && size_ <= settings_.size - entry.weight;
  if (stopping_ || (!fits && (!settings_.block_on_overflow || entry.weight > settings_.size))) {
    lock.unlock();
    count(Counter::queue_full);
    telemetry_
        .counter(fmt::format("otelcol_exporter_enqueue_failed_{}", items_word(entry.batch.signal)),
                 {{"exporter", name_}})
        .fetch_add(static_cast<int64_t>(items_of(entry.batch)));
    return entry.done(
        {.status = Status(ErrorKind::exhausted, fmt::format("the sending queue of {} is {}", name_,
                                                            stopping_ ? "being closed" : "full"))});
  }
  if (!fits) {
    blocked_.push_back(std::move(entry));
    return;
  }
  Done accepted;
  if (!settings_.wait_for_result) accepted = std::exchange(entry.done, nullptr);
  if (queue_.empty()) oldest_since_ = monotonic_now();
  size_ += entry.weight;
  queue_.push_back(std::move(entry));
  size_gauge_.store(static_cast<int64_t>(size_), std::memory_order_relaxed);
  lock.unlock();
  if (accepted) accepted({});
  send_some();
}

void SendingQueue::admit_waiting() {
  while (!blocked_.empty() && size_ + blocked_.front().weight <= settings_.size) {
    if (queue_.empty()) oldest_since_ = monotonic_now();
    size_ += blocked_.front().weight;
    queue_.push_back(std::move(blocked_.front()));
    blocked_.pop_front();
  }
}

std::shared_ptr<SendingQueue::Parcel> SendingQueue::next_parcel() {
  if (queue_.empty() || under_way_ >= settings_.consumers || refused_while_stopping_) return nullptr;
  size_t entries = 1;
  if (settings_.batch) {
    const QueueBatching& batching = *settings_.batch;
    uint64_t items = items_of(queue_.front().batch);
    while (items < batching.min_items && entries < queue_.size() &&
           can_be_joined(queue_.front().batch, queue_[entries].batch)) {
      const uint64_t more = items_of(queue_[entries].batch);
      if (batching.max_items != 0 && items + more > batching.max_items) break;
      items += more;
      ++entries;
    }
    const int64_t left = oldest_since_.count + batching.flush_timeout.count - monotonic_now().count;
    const bool may_grow = items < batching.min_items && entries == queue_.size();
    if (may_grow && left > 0 && !stopping_) {
      if (flush_timer_ == 0)
        flush_timer_ = timers_.after({left}, [this] {
          {
            std::lock_guard lock(mutex_);
            flush_timer_ = 0;
          }
          send_some();
        });
      return nullptr;
    }
  }
  auto parcel = std::make_shared<Parcel>();
  for (; entries > 0; --entries) {
    parcel->weight += queue_.front().weight;
    parcel->entries.push_back(std::move(queue_.front()));
    queue_.pop_front();
  }
  oldest_since_ = monotonic_now();
  ++under_way_;
  return parcel;
}

void SendingQueue::send_some() {
  while (true) {
    std::shared_ptr<Parcel> parcel;
    std::vector<Done> admitted;
    {
      std::lock_guard lock(mutex_);
      const size_t before = queue_.size();
      admit_waiting();
      for (size_t i = before; i < queue_.size() && !settings_.wait_for_result; ++i)
        admitted.push_back(std::exchange(queue_[i].done, nullptr));
      parcel = next_parcel();
    }
    for (const Done& done : admitted) done({});
    if (!parcel) return;
    std::vector<Batch> batches;
    for (const Entry& entry : parcel->entries) batches.push_back(entry.batch);
    next_.consume(join(std::move(batches)),
                  [this, parcel](const Outcome& outcome) { finish(*parcel, outcome); });
  }
}

void SendingQueue::finish(const Parcel& parcel, const Outcome& outcome) {
  const bool kept = !outcome.status.ok() && is_retryable(outcome.status);
  uint64_t lost = outcome.status.ok() ? outcome.rejected : 0;
  bool more = false;
  {
    std::lock_guard lock(mutex_);
    for (const Entry& entry : parcel.entries) {
      if (entry.done || outcome.status.ok()) continue;  // whoever waits for the result is told
      if (kept && stopping_)
        unsent_.push_back(entry.batch);
      else
        lost += items_of(entry.batch);
    }
    if (kept && stopping_) refused_while_stopping_ = true;
    size_ -= parcel.weight;
    --under_way_;
    size_gauge_.store(static_cast<int64_t>(size_), std::memory_order_relaxed);
    more = !queue_.empty() || !blocked_.empty();
  }
  if (lost > 0) {
    count(Counter::delivery_lost, lost);
    log_error("collector",
              fmt::format("{}: {} {} lost: {}", name_, lost, items_word(parcel.entries.front().batch.signal),
                          outcome.status.ok() ? outcome.rejection : std::string(outcome.status.message())));
  }
  for (const Entry& entry : parcel.entries)
    if (entry.done) entry.done(outcome);
  if (more) send_some();
  {
    // Under the lock, so that nobody who waits destroys the queue while it is told.
    std::lock_guard lock(mutex_);
    idle_.notify_all();
  }
}

void SendingQueue::close() {
  std::deque<Entry> blocked;
  Timers::Id timer = 0;
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
    blocked.swap(blocked_);
    timer = std::exchange(flush_timer_, 0);
  }
  if (timer != 0) timers_.cancel(timer);
  for (const Entry& entry : blocked) entry.done({.status = closing()});
}

void SendingQueue::drain(Nanoseconds grace) {
  send_some();
  std::deque<Entry> left;
  {
    std::unique_lock lock(mutex_);
    idle_.wait_for(lock, std::chrono::nanoseconds(grace.count),
                   [&] { return under_way_ == 0 && (queue_.empty() || refused_while_stopping_); });
    refused_while_stopping_ = true;  // nothing new is begun
    left.swap(queue_);
    for (const Entry& entry : left)
      if (!entry.done) unsent_.push_back(entry.batch);
  }
  for (const Entry& entry : left)
    if (entry.done) entry.done({.status = closing()});
}

std::vector<Batch> SendingQueue::take_unsent() {
  std::lock_guard lock(mutex_);
  return std::exchange(unsent_, {});
}

}  // namespace clew::pipeline
