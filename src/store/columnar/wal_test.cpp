#include "store/columnar/wal.h"

#include <atomic>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/counters.h"
#include "store/columnar/wal_testing.h"

namespace clew::store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST_F(WalTest, DeliversWhatWasReportedAfterPowerLoss) {
  EXPECT_THAT(open(), IsEmpty());
  EXPECT_TRUE(append("one"));
  EXPECT_TRUE(append(""));
  EXPECT_TRUE(append(std::string(300'000, 'x')));
  lose_power();
  EXPECT_THAT(open(), ElementsAre("one", "", std::string(300'000, 'x')));
}

TEST_F(WalTest, KeepsAllFieldsOfARecord) {
  open();
  const WalRecord record{.signal = Signal::metrics,
                         .environment = {4'000'000'000},
                         .arrival = {-5},
                         .otlp = SharedBytes("bytes")};
  ASSERT_TRUE(wal_->append(record, [](Status) {}).ok());
  wal_.reset();
  int delivered = 0;
  Result<std::unique_ptr<Wal>> wal = Wal::open(disk_, options_, [&](const WalRecord& found) {
    ++delivered;
    EXPECT_EQ(found.signal, record.signal);
    EXPECT_EQ(found.environment, record.environment);
    EXPECT_EQ(found.arrival, record.arrival);
    EXPECT_EQ(found.otlp.view(), "bytes");
  });
  EXPECT_EQ(delivered, 1);
}

TEST_F(WalTest, ReportsInTheOrderOfAppends) {
  open();
  std::vector<std::string> expected;
  for (int i = 0; i < 1000; ++i) append_later(expected.emplace_back("record " + std::to_string(i)));
  EXPECT_EQ(reported(), expected);
  EXPECT_EQ(open(), expected);
}

TEST_F(WalTest, WritesWhatWaitsInOneGroup) {
  open();
  const uint64_t before = value_of(Counter::wal_syncs);
  std::mutex gate;
  gate.lock();
  // The first record's report holds the log's thread while the others queue up.
  ASSERT_TRUE(wal_->append({}, [&](Status) { const std::lock_guard wait(gate); }).ok());
  for (int i = 0; i < 100; ++i) append_later(std::to_string(i));
  gate.unlock();
  reported();
  EXPECT_LE(value_of(Counter::wal_syncs) - before, 3u);
}

TEST_F(WalTest, TakesRecordsOfManyThreadsWithoutLosingOne) {
  open();
  std::atomic<int> durable = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 250; ++i) {
        EXPECT_TRUE(
            wal_->append({.otlp = SharedBytes("x")}, [&](Status status) { durable += status.ok(); }).ok());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  wal_->wait_durable(1000);
  EXPECT_EQ(durable, 1000);
  lose_power();
  EXPECT_EQ(open().size(), 1000u);
}

TEST_F(WalTest, ARollSeparatesWhatCameBeforeFromWhatComesAfter) {
  open();
  append_later("before");
  const uint64_t segment = wal_->roll().value();
  EXPECT_THAT(reported(), ElementsAre("before"));
  append("after");
  options_.first_segment = segment;
  lose_power();
  EXPECT_THAT(open(), ElementsAre("after"));
}

TEST_F(WalTest, ARollOfAnEmptySegmentNeedsNoNewOne) {
  open();
  append("one");
  const uint64_t segment = wal_->roll().value();
  EXPECT_EQ(wal_->roll().value(), segment);
  append("two");
  EXPECT_EQ(wal_->roll().value(), segment + 1);
}

TEST_F(WalTest, BeginsANewSegmentWhenOneIsFull) {
  options_.segment_bytes = 1000;
  open();
  std::vector<std::string> expected;
  for (int i = 0; i < 20; ++i) append(expected.emplace_back(200, static_cast<char>('a' + i)));
  EXPECT_GT(names().size(), 4u);
  lose_power();
  EXPECT_EQ(open(), expected);
}

TEST_F(WalTest, RemovesOldSegmentsButNeverTheOneInUse) {
  open();
  append("one");
  const uint64_t second = wal_->roll().value();
  append("two");
  EXPECT_EQ(names().size(), 2u);
  const uint64_t bytes = wal_->bytes_on_disk();
  EXPECT_TRUE(wal_->remove_before(second).ok());
  EXPECT_THAT(names(), ElementsAre(wal_segment_name(second)));
  EXPECT_LT(wal_->bytes_on_disk(), bytes);
  EXPECT_TRUE(wal_->remove_before(second + 5).ok());
  EXPECT_THAT(names(), ElementsAre(wal_segment_name(second)));
}

TEST_F(WalTest, SegmentsFoundAtStartAreRemovedToo) {
  open();
  append("one");
  open();
  append("two");
  EXPECT_EQ(names().size(), 2u);
  EXPECT_TRUE(wal_->remove_before(wal_->roll().value()).ok());
  EXPECT_EQ(names().size(), 1u);
}

TEST_F(WalTest, SequenceNumbersGoOnAfterAStart) {
  open();
  append("one");
  append("two");
  open();
  EXPECT_EQ(wal_->last_sequence(), 2u);
  append_later("three");
  EXPECT_EQ(wal_->last_sequence(), 3u);
}

TEST_F(WalTest, RefusesWhatDoesNotFitTheQueue) {
  options_.queue_bytes = 1000;
  open();
  EXPECT_EQ(wal_->append({.otlp = SharedBytes(std::string(1000, 'x'))}, [](Status) {}).status().kind(),
            ErrorKind::too_large);
  std::mutex gate;
  gate.lock();
  ASSERT_TRUE(wal_->append({}, [&](Status) { const std::lock_guard wait(gate); }).ok());
  Status refused;
  while (refused.ok())
    refused = wal_->append({.otlp = SharedBytes(std::string(200, 'x'))}, [](Status) {}).status();
  EXPECT_EQ(refused.kind(), ErrorKind::exhausted);
  gate.unlock();
  reported();
  EXPECT_TRUE(append("there is room again"));
}

TEST_F(WalTest, WithoutSyncsRecordsSurviveTheProcessButNotThePower) {
  options_.durability = Durability::os;
  open();
  const uint64_t syncs = value_of(Counter::wal_syncs);
  EXPECT_TRUE(append("one"));
  EXPECT_EQ(value_of(Counter::wal_syncs), syncs);
  lose_power(PowerLoss::keep);
  EXPECT_THAT(open(), ElementsAre("one"));
  EXPECT_TRUE(append("two"));
  lose_power(PowerLoss::lose);
  EXPECT_THAT(open(), ElementsAre("one"));
}

TEST_F(WalTest, WithoutDurabilityRecordsAreReportedAtOnceAndWrittenNevertheless) {
  options_.durability = Durability::none;
  open();
  EXPECT_TRUE(append("one"));
  EXPECT_THAT(open(), ElementsAre("one"));
}

TEST_F(WalTest, ClosingWritesWhatWaits) {
  open();
  for (int i = 0; i < 50; ++i) append_later("x");
  wal_->close();
  EXPECT_EQ(reported_.size(), 50u);
  lose_power();
  EXPECT_EQ(open().size(), 50u);
}

}  // namespace
}  // namespace clew::store
