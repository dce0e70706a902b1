#include "protocols/xray/segment_intake.h"

#include <condition_variable>
#include <mutex>
#include <thread>

#include <gtest/gtest.h>

#include "base/counters.h"
#include "protocols/xray/segment_to_otlp.h"

namespace clew::xray {
namespace {

// Fails as often as it is told, and takes everything after that; waits while it is held.
class PatientConsumer : public pipeline::Consumer {
 public:
  void consume(Batch batch, std::function<void(pipeline::Outcome)> done) override {
    std::unique_lock lock(mutex_);
    ++calls_;
    changed_.notify_all();
    changed_.wait(lock, [this] { return !held_; });
    if (failures_ > 0) {
      --failures_;
      lock.unlock();
      return done({.status = Status(ErrorKind::exhausted, "behind")});
    }
    bytes_ += batch.otlp.size();
    lock.unlock();
    done({});
  }

  void fail(int times) { failures_ = times; }
  void hold() { held_ = true; }
  void let_go() {
    const std::lock_guard lock(mutex_);
    held_ = false;
    changed_.notify_all();
  }
  void wait_for_call() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return calls_ > 0; });
  }
  uint64_t bytes() const { return bytes_; }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool held_ = false;
  int failures_ = 0;
  int calls_ = 0;
  uint64_t bytes_ = 0;
};

constexpr const char* kDocument =
    R"({"trace_id":"1-5759e988-bd862e3fe1be46a994272793","id":"70de5b6f19ff9a0a","name":"x","start_time":1,"end_time":2})";

// What the counters said before, as they are the process's.
struct Counts {
  uint64_t stored = value_of(Counter::xray_datagrams_stored);
  uint64_t refused = value_of(Counter::xray_datagrams_refused);
  uint64_t lost = value_of(Counter::xray_datagrams_lost);
};

TEST(XraySegmentIntake, EveryDocumentIsStoredOrCounted) {
  const Counts before;
  PatientConsumer consumer;
  Arrivals arrivals;
  SegmentIntake intake({.consumer = &consumer, .arrivals = &arrivals});
  for (int i = 0; i < 100; ++i) intake.take(i % 10 == 0 ? "{}" : kDocument, {});
  intake.stop();
  const Counts after;
  EXPECT_EQ(after.stored - before.stored, 90u);
  EXPECT_EQ(after.refused - before.refused, 10u);
  EXPECT_GT(consumer.bytes(), 0u);
  EXPECT_EQ(arrivals.refusals(kDefaultEnvironment).size(), 1u);
}

TEST(XraySegmentIntake, TriesAgainWhatTheStoreHadNoRoomFor) {
  const Counts before;
  PatientConsumer consumer;
  consumer.fail(2);
  Arrivals arrivals;
  SegmentIntake intake({.consumer = &consumer, .arrivals = &arrivals});
  intake.take(kDocument, {});
  while (value_of(Counter::xray_datagrams_stored) == before.stored) std::this_thread::yield();
  EXPECT_EQ(value_of(Counter::xray_datagrams_lost), before.lost);
}

TEST(XraySegmentIntake, CountsWhatFindsNoRoom) {
  const Counts before;
  PatientConsumer consumer;
  consumer.hold();
  Arrivals arrivals;
  const size_t size = std::string_view(kDocument).size();
  SegmentIntake intake({.consumer = &consumer, .arrivals = &arrivals, .waiting_bytes = 3 * size});
  intake.take(kDocument, {});
  consumer.wait_for_call();
  for (int i = 0; i < 5; ++i) intake.take(kDocument, {});
  consumer.let_go();
  intake.stop();
  const Counts after;
  EXPECT_EQ(after.stored - before.stored, 4u);
  EXPECT_EQ(after.lost - before.lost, 2u);
}

}  // namespace
}  // namespace clew::xray
