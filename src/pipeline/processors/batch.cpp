// batch: joins requests until they are large enough or old enough. Joining is putting the bytes of one behind
// the bytes of the other; nothing is decoded.
//
// What comes in is acknowledged at once, as the Collector does it, so that a sender is not held up for
// `timeout`; `acknowledge: delivered` waits until the next stage has accepted the joined request. When the
// next stage refuses for now, the request is kept and tried again, and once two batches are waiting, senders
// are refused in turn.
#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>

#include <fmt/format.h>

#include "base/ascii.h"
#include "base/counters.h"
#include "base/log.h"
#include "pipeline/config/section.h"
#include "pipeline/otlp/item_count.h"
#include "pipeline/otlp/join.h"
#include "pipeline/otlp/split.h"
#include "pipeline/processors/processors.h"
#include "pipeline/self_telemetry.h"
#include "pipeline/timers.h"

namespace clew::pipeline {
namespace {

// Requests handed on whose outcome is not known; more are joined meanwhile.
constexpr size_t kMostUnderWay = 16;
constexpr Nanoseconds kFirstPause = milliseconds(100);
constexpr Nanoseconds kLongestPause = seconds(5);
constexpr Nanoseconds kGrace = seconds(5);

struct BatchSettings {
  uint64_t send_batch_size = 8192;
  uint64_t send_batch_max_size = 0;
  Nanoseconds timeout = milliseconds(200);
  std::vector<std::string> metadata_keys;
  uint64_t metadata_cardinality_limit = 1000;
  bool acknowledge_at_once = true;
};

class BatchProcessor final : public Processor {
 public:
  BatchProcessor(BatchSettings settings, const Site& site, Consumer& next)
      : settings_(std::move(settings)),
        timers_(site.timers),
        next_(next),
        send_size_(site.telemetry.histogram(
            "otelcol_processor_batch_batch_send_size", {{"processor", site.id.text()}},
            {10,   25,   50,   75,   100,  250,  500,   750,   1000,  2000,  3000,
             4000, 5000, 6000, 7000, 8000, 9000, 10000, 20000, 30000, 50000, 100000})),
        by_size_(site.telemetry.counter("otelcol_processor_batch_batch_size_trigger_send",
                                        {{"processor", site.id.text()}})),
        by_time_(site.telemetry.counter("otelcol_processor_batch_timeout_trigger_send",
                                        {{"processor", site.id.text()}})),
        cardinality_(site.telemetry.gauge("otelcol_processor_batch_metadata_cardinality",
                                          {{"processor", site.id.text()}})) {}

  void consume(Batch batch, std::function<void(Outcome)> done) override {
    const uint64_t items = items_of(batch);
    batch.items = items;
    std::string key = key_of(batch);
    std::unique_lock lock(mutex_);
    auto found = shards_.find(key);
    if (found == shards_.end()) {
      if (!settings_.metadata_keys.empty() && shards_.size() >= settings_.metadata_cardinality_limit) {
        lock.unlock();
        return done({.status = Status(ErrorKind::bad_input,
                                      "more combinations of metadata than metadata_cardinality_limit")});
      }
      found = shards_.emplace(std::move(key), std::make_unique<Shard>()).first;
      cardinality_.store(static_cast<int64_t>(shards_.size()), std::memory_order_relaxed);
    }
    Shard& shard = *found->second;
    if (stopping_ ||
        (is_held_up(shard) && shard.items >= 2 * std::max<uint64_t>(settings_.send_batch_size, 1))) {
      lock.unlock();
      return done(
          {.status = Status(ErrorKind::unavailable, "the stages behind the batch processor do not keep up")});
    }
    // What is joined belongs to many senders; only what keeps them apart is the same for all.
    if (settings_.metadata_keys.empty()) batch.sender = nullptr;
    shard.waiting.push_back(std::move(batch));
    shard.items += items;
    if (settings_.acknowledge_at_once) {
      lock.unlock();
      done({});
      lock.lock();
    } else {
      shard.senders.push_back(std::move(done));
    }
    if (shard.items >= settings_.send_batch_size || settings_.timeout.count == 0) {
      by_size_.fetch_add(1, std::memory_order_relaxed);
      return hand_on(shard, std::move(lock));
    }
    if (shard.timer == 0)
      shard.timer = timers_.after(settings_.timeout, [this, &shard] { timed_out(shard); });
  }

  void stop() override {
    std::unique_lock lock(mutex_);
    stopping_ = true;
    std::vector<Timers::Id> timers;
    for (auto& [key, shard] : shards_) {
      if (shard->timer != 0) timers.push_back(std::exchange(shard->timer, 0));
      for (const auto& parcel : shard->refused) timers.push_back(parcel->timer);
    }
    lock.unlock();
    for (const Timers::Id timer : timers) timers_.cancel(timer);
    lock.lock();
    for (auto& [key, shard] : shards_) {
      while (!shard->refused.empty()) {
        std::shared_ptr<Parcel> parcel = std::move(shard->refused.back());
        shard->refused.pop_back();
        ++shard->under_way;
        lock.unlock();
        send(*shard, std::move(parcel));
        lock.lock();
      }
      hand_on(*shard, std::move(lock));
      lock = std::unique_lock(mutex_);
    }
    idle_.wait_for(lock, std::chrono::nanoseconds(kGrace.count), [&] {
      return std::all_of(shards_.begin(), shards_.end(),
                         [](const auto& one) { return one.second->under_way == 0; });
    });
  }

 private:
  struct Parcel {
    Batch batch;
    std::vector<Done> senders;
    Nanoseconds pause = kFirstPause;
    Timers::Id timer = 0;
  };
  struct Shard {
    std::vector<Batch> waiting;
    std::vector<Done> senders;
    uint64_t items = 0;
    Timers::Id timer = 0;
    size_t under_way = 0;
    std::vector<std::shared_ptr<Parcel>> refused;  // tried again after a pause
  };

  bool is_held_up(const Shard& shard) const {
    return !shard.refused.empty() || shard.under_way >= kMostUnderWay;
  }

  std::string key_of(const Batch& batch) const {
    std::string key(1, static_cast<char>(batch.signal));
    key += std::to_string(batch.environment.number);
    for (const std::string& name : settings_.metadata_keys) {
      key += '\0';
      if (!batch.sender) continue;
      for (const auto& [header, value] : batch.sender->headers)
        if (header == name) key += value + '\1';
    }
    return key;
  }

  void timed_out(Shard& shard) {
    std::unique_lock lock(mutex_);
    shard.timer = 0;
    if (shard.waiting.empty()) return;
    by_time_.fetch_add(1, std::memory_order_relaxed);
    hand_on(shard, std::move(lock));
  }

  // Gives the lock back.
  void hand_on(Shard& shard, std::unique_lock<std::mutex> lock) {
    if (shard.waiting.empty()) return;
    if (is_held_up(shard) && !stopping_) return;  // goes on when the next stage answers
    std::vector<Batch> batches = std::exchange(shard.waiting, {});
    std::vector<Done> senders = std::exchange(shard.senders, {});
    shard.items = 0;
    const Timers::Id timer = std::exchange(shard.timer, 0);
    ++shard.under_way;
    lock.unlock();
    // A timer that is due already finds nothing to send.
    if (timer != 0) timers_.cancel(timer);
    for (size_t i = 1; i < batches.size(); ++i) batches[i].sender = batches.front().sender;
    std::vector<Batch> parts;
    Batch joined = join(std::move(batches));
    if (settings_.send_batch_max_size != 0 && joined.items > settings_.send_batch_max_size)
      parts = split(std::move(joined), settings_.send_batch_max_size);
    else
      parts.push_back(std::move(joined));
    {
      std::lock_guard inner(mutex_);
      shard.under_way += parts.size() - 1;
    }
    for (size_t i = 0; i < parts.size(); ++i) {
      auto parcel = std::make_shared<Parcel>(Parcel{std::move(parts[i]), {}});
      // Senders wait for the last part; a failure of an earlier one is tried again by itself.
      if (i + 1 == parts.size()) parcel->senders = std::move(senders);
      send_size_.add(static_cast<double>(parcel->batch.items));
      send(shard, std::move(parcel));
    }
  }

  void send(Shard& shard, std::shared_ptr<Parcel> parcel) {
    const Batch batch = parcel->batch;
    next_.consume(batch, [this, &shard, parcel = std::move(parcel)](Outcome outcome) mutable {
      if (!outcome.status.ok() && is_retryable(outcome.status) && refused_for_now(shard, parcel)) return;
      if (!outcome.status.ok() && parcel->senders.empty()) {
        count(Counter::delivery_lost, parcel->batch.items);
        log_error("collector",
                  fmt::format("batch: {} items lost: {}", parcel->batch.items, outcome.status.message()));
      }
      for (const Done& sender : parcel->senders) sender(outcome);
      std::unique_lock lock(mutex_);
      --shard.under_way;
      idle_.notify_all();
      const bool due =
          shard.items >= settings_.send_batch_size || (shard.timer == 0 && !shard.waiting.empty());
      if (due && !stopping_) hand_on(shard, std::move(lock));
    });
  }

  // Keeps what was acknowledged already; false when its senders are to be told instead.
  bool refused_for_now(Shard& shard, const std::shared_ptr<Parcel>& parcel) {
    std::lock_guard lock(mutex_);
    if (stopping_ || !parcel->senders.empty()) return false;
    --shard.under_way;
    shard.refused.push_back(parcel);
    parcel->timer = timers_.after(parcel->pause, [this, &shard, parcel] {
      {
        std::lock_guard inner(mutex_);
        if (std::erase(shard.refused, parcel) == 0) return;
        ++shard.under_way;
      }
      send(shard, parcel);
    });
    parcel->pause = std::min(Nanoseconds{parcel->pause.count * 2}, kLongestPause);
    return true;
  }

  const BatchSettings settings_;
  Timers& timers_;
  Consumer& next_;
  ValueHistogram& send_size_;
  std::atomic<int64_t>& by_size_;
  std::atomic<int64_t>& by_time_;
  std::atomic<int64_t>& cardinality_;

  std::mutex mutex_;
  std::condition_variable idle_;
  // Guarded by mutex_:
  std::map<std::string, std::unique_ptr<Shard>> shards_;  // never removed, so that timers may point to them
  bool stopping_ = false;
};

}  // namespace

MakeProcessor configure_batch(Section& section) {
  BatchSettings settings;
  section.read("send_batch_size", settings.send_batch_size);
  section.read("send_batch_max_size", settings.send_batch_max_size);
  section.read("timeout", settings.timeout);
  section.read("metadata_keys", settings.metadata_keys);
  section.read("metadata_cardinality_limit", settings.metadata_cardinality_limit);
  std::string acknowledge = "received";
  section.read_choice("acknowledge", acknowledge, {"received", "delivered"});
  settings.acknowledge_at_once = acknowledge == "received";
  if (settings.send_batch_max_size != 0 && settings.send_batch_max_size < settings.send_batch_size)
    section.error("send_batch_max_size",
                  fmt::format("expected 0 or at least send_batch_size ({})", settings.send_batch_size));
  for (std::string& key : settings.metadata_keys) key = lower_case(key);
  return [settings](const Site& site, Consumer& next) -> Result<std::unique_ptr<Processor>> {
    return std::unique_ptr<Processor>(std::make_unique<BatchProcessor>(settings, site, next));
  };
}

}  // namespace clew::pipeline
