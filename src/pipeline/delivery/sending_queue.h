// SendingQueue: takes batches over from the pipeline and sends them on at its own pace, several at a time
// (`sending_queue`). What is in it is in memory; see PersistentQueue for one that survives.
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <vector>

#include "pipeline/component_id.h"
#include "pipeline/consumer.h"
#include "pipeline/delivery/delivery_settings.h"
#include "pipeline/self_telemetry.h"
#include "pipeline/timers.h"

namespace clew::pipeline {

// What both queues are to the exporter they stand before.
class ExporterQueue : public Consumer {
 public:
  virtual Status start() { return {}; }
  // Takes in nothing more; a batch that is refused for now is kept from here on.
  virtual void close() = 0;
  // What is waiting is sent, until the backend refuses or `grace` is over. What is under way by then may
  // still end later.
  virtual void drain(Nanoseconds grace) = 0;
  // When nothing is under way any more: batches that were accepted and not sent, for another queue to take
  // over. None of a queue that keeps them itself.
  virtual std::vector<Batch> take_unsent() { return {}; }
};

class SendingQueue final : public ExporterQueue {
 public:
  // `next` and `telemetry` must outlive it. What `next` refuses for good, or refuses at all after its own
  // retries, is lost, and counted.
  SendingQueue(const ComponentId& exporter, QueueSettings settings, Timers& timers, SelfTelemetry& telemetry,
               Consumer& next);
  // `done` reports success when the batch is in the queue (wait_for_result: when it was sent); exhausted
  // when the queue is full.
  void consume(Batch batch, std::function<void(Outcome)> done) override;
  void close() override;
  void drain(Nanoseconds grace) override;
  std::vector<Batch> take_unsent() override;

 private:
  struct Entry {
    Batch batch;
    uint64_t weight = 0;
    Done done;  // empty when it was called already
  };
  struct Parcel;  // what is sent together

  uint64_t weight_of(const Batch& batch) const;
  void admit_waiting();                   // with the lock held
  std::shared_ptr<Parcel> next_parcel();  // with the lock held; null when nothing is to be sent now
  void send_some();
  void finish(const Parcel& parcel, const Outcome& outcome);

  const std::string name_;
  const QueueSettings settings_;
  Timers& timers_;
  SelfTelemetry& telemetry_;
  std::atomic<int64_t>& size_gauge_;
  Consumer& next_;

  std::mutex mutex_;
  std::condition_variable idle_;
  // Guarded by mutex_:
  std::deque<Entry> queue_;
  std::deque<Entry> blocked_;  // block_on_overflow: their senders wait
  std::vector<Batch> unsent_;
  uint64_t size_ = 0;  // of the queue and of what is under way
  uint64_t under_way_ = 0;
  Nanoseconds oldest_since_{};
  Timers::Id flush_timer_ = 0;
  bool stopping_ = false;
  bool refused_while_stopping_ = false;
};

}  // namespace clew::pipeline
