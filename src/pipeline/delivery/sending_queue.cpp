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

// Batches that are on disk are held in memory too, up to so much, to be sent without reading them.
constexpr uint64_t kMostHeldBytes = 64 << 20;
constexpr Nanoseconds kPause = seconds(1);

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
      size_gauge_(telemetry.gauge("otelcol_exporter_queue_size", {{"exporter", name_}})),
      next_(next) {
  telemetry.gauge("otelcol_exporter_queue_capacity", {{"exporter", name_}}) =
      static_cast<int64_t>(settings.size);
  for (const Signal signal : {Signal::traces, Signal::logs, Signal::metrics})
    enqueue_failed_[static_cast<size_t>(signal)] = &telemetry.counter(
        fmt::format("otelcol_exporter_enqueue_failed_{}", items_word(signal)), {{"exporter", name_}});
}

void SendingQueue::start_with(std::unique_ptr<QueueLog> log) {
  {
    std::lock_guard lock(mutex_);
    log_ = std::move(log);
    for (QueueLog::Stored& stored : log_->take_recovered()) {
      Entry entry{.batch = std::move(stored.batch), .number = stored.number};
      entry.weight = settings_.sizer == QueueSizer::bytes ? stored.bytes : weight_of(entry.batch);
      size_ += entry.weight;
      push(std::move(entry));
    }
  }
  send_some();
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

void SendingQueue::push(Entry entry) {
  if (queue_.empty()) oldest_since_ = monotonic_now();
  queue_.push_back(std::move(entry));
  size_gauge_.store(static_cast<int64_t>(size_), std::memory_order_relaxed);
}

void SendingQueue::consume(Batch batch, std::function<void(Outcome)> done) {
  Entry entry{.batch = std::move(batch), .done = std::move(done)};
  entry.batch.items = items_of(entry.batch);
  entry.weight = weight_of(entry.batch);
  bool taken = false;
  {
    std::lock_guard lock(mutex_);
    taken = !stopping_ && fits(entry.weight);
    if (taken) {
      size_ += entry.weight;
    } else if (!stopping_ && settings_.block_on_overflow && entry.weight <= settings_.size) {
      blocked_.push_back(std::move(entry));
      return;
    }
  }
  if (taken) return enqueue(std::move(entry));
  count(Counter::queue_full);
  enqueue_failed_[static_cast<size_t>(entry.batch.signal)]->fetch_add(
      static_cast<int64_t>(entry.batch.items));
  entry.done({.status = Status(ErrorKind::exhausted, fmt::format("the sending queue of {} is full", name_))});
}

void SendingQueue::enqueue(Entry entry) {
  if (!log_) {
    Done accepted;
    if (!settings_.wait_for_result) accepted = std::exchange(entry.done, nullptr);
    {
      std::lock_guard lock(mutex_);
      push(std::move(entry));
    }
    if (accepted) accepted({});
    return send_some();
  }
  auto held = std::make_shared<Entry>(std::move(entry));
  log_->append(held->batch, [this, held](Result<uint64_t> number) {
    const Done done = std::exchange(held->done, nullptr);
    {
      std::lock_guard lock(mutex_);
      if (!number.ok()) {
        size_ -= held->weight;
      } else {
        held->number = *number;
        const uint64_t bytes = held->batch.otlp.size();
        if (held_bytes_ + bytes <= kMostHeldBytes) {
          held->held_bytes = bytes;
          held_bytes_ += bytes;
        } else {
          held->batch.otlp = SharedBytes();
        }
        push(std::move(*held));
      }
    }
    if (number.ok())
      done({});
    else
      done({.status = std::move(number).status()});
    send_some();
  });
}

std::vector<SendingQueue::Entry> SendingQueue::admit_blocked() {
  std::vector<Entry> admitted;
  std::lock_guard lock(mutex_);
  while (!blocked_.empty() && fits(blocked_.front().weight)) {
    size_ += blocked_.front().weight;
    admitted.push_back(std::move(blocked_.front()));
    blocked_.pop_front();
  }
  return admitted;
}

// How many entries go together, and whether more should be waited for.
bool SendingQueue::is_worth_waiting(size_t& entries) {
  entries = 1;
  if (!settings_.batch) return false;
  const QueueBatching& batching = *settings_.batch;
  uint64_t items = queue_.front().batch.items;
  while (items < batching.min_items && entries < queue_.size() &&
         can_be_joined(queue_.front().batch, queue_[entries].batch)) {
    const uint64_t more = queue_[entries].batch.items;
    if (batching.max_items != 0 && items + more > batching.max_items) break;
    items += more;
    ++entries;
  }
  const int64_t left = oldest_since_.count + batching.flush_timeout.count - monotonic_now().count;
  if (items >= batching.min_items || entries < queue_.size() || left <= 0 || stopping_) return false;
  if (flush_timer_ == 0)
    flush_timer_ = timers_.after({left}, [this] {
      {
        std::lock_guard lock(mutex_);
        flush_timer_ = 0;
      }
      send_some();
    });
  return true;
}

std::shared_ptr<SendingQueue::Parcel> SendingQueue::next_parcel() {
  if (queue_.empty() || under_way_ >= settings_.consumers || refused_while_stopping_) return nullptr;
  size_t entries = 0;
  if (is_worth_waiting(entries)) return nullptr;
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

// Reads what is not in memory. What cannot be read is lost; false when that is all of it.
bool SendingQueue::load(Parcel& parcel) {
  std::vector<Entry> unreadable;
  std::erase_if(parcel.entries, [&](Entry& entry) {
    if (entry.number == 0 || entry.held_bytes != 0) return false;
    Result<Batch> batch = log_->read(entry.number);
    if (batch.ok()) {
      entry.batch = std::move(*batch);
      return false;
    }
    count_lost(entry.batch.items, entry.batch.signal, batch.status().message());
    unreadable.push_back(entry);
    return true;
  });
  if (unreadable.empty()) return true;
  std::lock_guard lock(mutex_);
  for (const Entry& entry : unreadable) {
    parcel.weight -= entry.weight;
    size_ -= entry.weight;
    forget(entry);
  }
  if (!parcel.entries.empty()) return true;
  --under_way_;
  return false;
}

void SendingQueue::send_some() {
  while (true) {
    for (Entry& entry : admit_blocked()) enqueue(std::move(entry));
    std::shared_ptr<Parcel> parcel;
    {
      std::lock_guard lock(mutex_);
      parcel = next_parcel();
    }
    if (!parcel) return;
    if (!load(*parcel)) continue;
    std::vector<Batch> batches;
    for (const Entry& entry : parcel->entries) batches.push_back(entry.batch);
    next_.consume(join(std::move(batches)),
                  [this, parcel](const Outcome& outcome) { finish(*parcel, outcome); });
  }
}

void SendingQueue::forget(const Entry& entry) {
  held_bytes_ -= entry.held_bytes;
  if (entry.number != 0) log_->remove(entry.number);
}

void SendingQueue::finish(Parcel& parcel, const Outcome& outcome) {
  const Signal signal = parcel.entries.front().batch.signal;
  const bool for_now = !outcome.status.ok() && is_retryable(outcome.status);
  uint64_t lost = outcome.status.ok() ? outcome.rejected : 0;
  std::vector<Done> waiting;
  bool more = false;
  {
    std::lock_guard lock(mutex_);
    if (for_now && stopping_) refused_while_stopping_ = true;
    const bool stays_in_log = for_now && log_ != nullptr;
    for (Entry& entry : parcel.entries) {
      if (entry.done) {
        waiting.push_back(std::move(entry.done));  // whoever waits for the result decides
      } else if (!outcome.status.ok() && !stays_in_log) {
        if (for_now && stopping_)
          unsent_.push_back(entry.batch);
        else
          lost += entry.batch.items;
      }
      if (!stays_in_log) forget(entry);
    }
    --under_way_;
    if (stays_in_log)
      pause(std::move(parcel.entries));
    else
      size_ -= parcel.weight;
    size_gauge_.store(static_cast<int64_t>(size_), std::memory_order_relaxed);
    more = !queue_.empty() || !blocked_.empty();
  }
  if (lost > 0) count_lost(lost, signal, outcome.status.ok() ? outcome.rejection : outcome.status.message());
  for (const Done& done : waiting) done(outcome);
  if (more) send_some();
  // Under the lock, so that nobody who waits destroys the queue while it is told.
  std::lock_guard lock(mutex_);
  idle_.notify_all();
}

void SendingQueue::pause(std::vector<Entry> entries) {
  for (Entry& entry : entries) {
    if (entry.held_bytes == 0) entry.batch.otlp = SharedBytes();  // the log has them
    paused_.push_back(std::move(entry));
  }
  if (stopping_ || pause_timer_ != 0) return;
  pause_timer_ = timers_.after(kPause, [this] {
    {
      std::lock_guard lock(mutex_);
      pause_timer_ = 0;
      // The oldest go first again.
      std::sort(paused_.begin(), paused_.end(),
                [](const Entry& a, const Entry& b) { return a.number > b.number; });
      for (Entry& entry : paused_) queue_.push_front(std::move(entry));
      paused_.clear();
    }
    send_some();
  });
}

void SendingQueue::count_lost(uint64_t items, Signal signal, std::string_view why) const {
  count(Counter::delivery_lost, items);
  log_error("collector", fmt::format("{}: {} {} lost: {}", name_, items, items_word(signal), why));
}

void SendingQueue::close() {
  std::deque<Entry> blocked;
  Timers::Id flush = 0, pause = 0;
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
    blocked.swap(blocked_);
    flush = std::exchange(flush_timer_, 0);
    pause = std::exchange(pause_timer_, 0);
  }
  if (flush != 0) timers_.cancel(flush);
  if (pause != 0) timers_.cancel(pause);
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
      if (!entry.done && entry.number == 0) unsent_.push_back(entry.batch);
  }
  for (const Entry& entry : left)
    if (entry.done) entry.done({.status = closing()});
}

std::vector<Batch> SendingQueue::take_unsent() {
  std::lock_guard lock(mutex_);
  return std::exchange(unsent_, {});
}

}  // namespace clew::pipeline
