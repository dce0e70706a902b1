#include "protocols/datagram_intake.h"

#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

#include <gtest/gtest.h>

#include "base/counters.h"

namespace clew {
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
      return done({.status = Status(failure_, "behind")});
    }
    bytes_ += batch.otlp.size();
    lock.unlock();
    done({});
  }

  // Before the first call.
  void fail(int times, ErrorKind kind = ErrorKind::exhausted) {
    failures_ = times;
    failure_ = kind;
  }
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
  ErrorKind failure_ = ErrorKind::exhausted;
  int calls_ = 0;
  uint64_t bytes_ = 0;
};

// A datagram is a letter; a question mark is none.
class Letters final : public DatagramFormat {
 public:
  Letters()
      : DatagramFormat({.stored = Counter::jaeger_datagrams_stored, .lost = Counter::jaeger_datagrams_lost}) {
  }
  std::optional<DatagramRefusal> add(std::string_view datagram) override {
    if (datagram == "?")
      return DatagramRefusal{
          .counter = Counter::jaeger_datagrams_refused, .reason = "no letter", .remedy = "", .id = "7"};
    letters_ += datagram;
    return std::nullopt;
  }
  std::string take_batch() override { return std::exchange(letters_, {}); }
  void log_tally(const DatagramTally& tally) const override {
    tallied_stored += tally.stored;
    tallied_refused += tally.refused;
    first_refused = tally.first_refused;
  }
  void log_loss(uint64_t datagrams, std::string_view) const override { told_lost += datagrams; }

  static inline uint64_t tallied_stored, tallied_refused, told_lost;
  static inline std::string first_refused;

 private:
  std::string letters_;
};

struct DatagramIntakes : testing::Test {
  DatagramIntakes() {
    Letters::tallied_stored = Letters::tallied_refused = Letters::told_lost = 0;
    intake.emplace(std::make_unique<Letters>(), options);
  }
  uint64_t stored() const { return value_of(Counter::jaeger_datagrams_stored) - stored_before; }
  uint64_t refused() const { return value_of(Counter::jaeger_datagrams_refused) - refused_before; }
  uint64_t lost() const { return value_of(Counter::jaeger_datagrams_lost) - lost_before; }

  // The counters are the process's.
  const uint64_t stored_before = value_of(Counter::jaeger_datagrams_stored);
  const uint64_t refused_before = value_of(Counter::jaeger_datagrams_refused);
  const uint64_t lost_before = value_of(Counter::jaeger_datagrams_lost);
  PatientConsumer consumer;
  Arrivals arrivals;
  const DatagramIntakeOptions options{.consumer = &consumer, .arrivals = &arrivals, .waiting_bytes = 100};
  std::optional<DatagramIntake> intake;
};

TEST_F(DatagramIntakes, EachIsStoredOrCountedAndTold) {
  for (int i = 0; i < 50; ++i) intake->take(i % 10 == 0 ? "?" : "a", {.peer = "::1"});
  intake->stop();
  EXPECT_EQ(stored(), 45u);
  EXPECT_EQ(refused(), 5u);
  EXPECT_EQ(consumer.bytes(), 45u);
  EXPECT_EQ(arrivals.refusals(kDefaultEnvironment).size(), 1u);
  EXPECT_EQ(Letters::tallied_stored, 45u);
  EXPECT_EQ(Letters::tallied_refused, 5u);
  EXPECT_EQ(Letters::first_refused, "from ::1: 7 no letter");
}

TEST_F(DatagramIntakes, WhatTheStoreHadNoRoomForIsTriedAgain) {
  consumer.fail(2);
  intake->take("a", {});
  while (stored() == 0) std::this_thread::yield();
  EXPECT_EQ(lost(), 0u);
}

TEST_F(DatagramIntakes, WhatTheStoreWillNeverTakeIsLost) {
  consumer.fail(1, ErrorKind::bad_input);
  intake->take("a", {});
  while (lost() == 0) std::this_thread::yield();
  intake->stop();
  EXPECT_EQ(stored(), 0u);
  EXPECT_EQ(Letters::told_lost, 1u);
}

TEST_F(DatagramIntakes, WhatFindsNoRoomIsLost) {
  consumer.hold();
  intake->take("a", {});
  consumer.wait_for_call();
  for (int i = 0; i < 105; ++i) intake->take("a", {});
  consumer.let_go();
  intake->stop();
  EXPECT_EQ(stored(), 101u);
  EXPECT_EQ(lost(), 5u);
}

}  // namespace
}  // namespace clew
