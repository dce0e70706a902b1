// SendingQueue: takes batches over from the pipeline and sends them on at its own pace, several at a time
// (`sending_queue`): from memory, or, with a QueueLog, from disk, where they survive.
#pragma once

#include <array>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <vector>

#include "pipeline/component_id.h"
#include "pipeline/consumer.h"
#include "pipeline/delivery/delivery_settings.h"
#include "pipeline/delivery/queue_log.h"
#include "pipeline/self_telemetry.h"
#include "pipeline/timers.h"

namespace clew::pipeline {

class SendingQueue final : public Consumer {
 public:
  // `next` and the others must outlive it. What `next` refuses for good is lost, and counted. What it refuses
  // for now, after its own retries, is lost from memory, and tried again from a log.
  SendingQueue(const ComponentId& exporter, QueueSettings settings, Timers& timers, SelfTelemetry& telemetry,
               Consumer& next);

  // Before anything is consumed: from here on everything goes through the log, beginning with what is in it.
  void start_with(std::unique_ptr<QueueLog> log);

  // `done` reports success when the batch is in the queue, with a log when it is on disk (wait_for_result:
  // when it was sent); exhausted when the queue is full.
  void consume(Batch batch, std::function<void(Outcome)> done) override;

  // Takes in nothing more; a batch that is refused for now is kept from here on.
  void close();
  // What is waiting is sent, until the backend refuses or `grace` is over. What is under way by then may
  // still end later.
  void drain(Nanoseconds grace);
  // When nothing is under way any more: batches that were accepted and not sent, for another queue to take
  // over. None with a log, which has them.
  std::vector<Batch> take_unsent();

 private:
  struct Entry {
    Batch batch;
    uint64_t weight = 0;
    Done done;                // empty when it was called already
    uint64_t number = 0;      // in the log
    uint64_t held_bytes = 0;  // 0: the log has them
  };
  struct Parcel;  // what is sent together

  uint64_t weight_of(const Batch& batch) const;
  bool fits(uint64_t weight) const { return weight <= settings_.size && size_ <= settings_.size - weight; }
  void enqueue(Entry entry);  // its weight is in size_ already
  void push(Entry entry);     // with the lock held
  std::vector<Entry> admit_blocked();
  bool is_worth_waiting(size_t& entries);  // with the lock held
  std::shared_ptr<Parcel> next_parcel();   // with the lock held; null when nothing is to be sent now
  bool load(Parcel& parcel);
  void send_some();
  void finish(Parcel& parcel, const Outcome& outcome);
  void pause(std::vector<Entry> entries);  // with the lock held
  void forget(const Entry& entry);         // with the lock held
  void count_lost(uint64_t items, Signal signal, std::string_view why) const;

  const std::string name_;
  const QueueSettings settings_;
  Timers& timers_;
  std::array<std::atomic<int64_t>*, 4> enqueue_failed_{};  // by signal
  std::atomic<int64_t>& size_gauge_;
  Consumer& next_;

  std::mutex mutex_;
  std::condition_variable idle_;
  // Guarded by mutex_:
  std::deque<Entry> queue_;
  std::deque<Entry> blocked_;  // block_on_overflow: their senders wait
  std::vector<Entry> paused_;  // refused for now, in the log
  std::vector<Batch> unsent_;
  uint64_t size_ = 0;        // of the queue, of what is under way and of what is on its way to disk
  uint64_t held_bytes_ = 0;  // of batches in the log that are in memory too
  uint64_t under_way_ = 0;
  Nanoseconds oldest_since_{};
  Timers::Id flush_timer_ = 0;
  Timers::Id pause_timer_ = 0;
  bool stopping_ = false;
  bool refused_while_stopping_ = false;

  std::unique_ptr<QueueLog> log_;  // last: its thread may still call
};

}  // namespace clew::pipeline
