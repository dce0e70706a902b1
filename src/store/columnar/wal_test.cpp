#include "store/columnar/wal.h"

#include <atomic>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/counters.h"
#include "base/simulated_file_system.h"
#include "store/columnar/file_names.h"

namespace clew::store {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* kDirectory = "/wal";

class WalTest : public testing::Test {
 protected:
  WalTest() {
    EXPECT_TRUE(disk_.make_directory(kDirectory).ok());
    EXPECT_TRUE(disk_.sync_directory("/").ok());
    options_.directory = kDirectory;
    options_.repair_interval = milliseconds(1);
  }

  // What the log delivers when it is opened.
  std::vector<std::string> open() {
    wal_.reset();
    std::vector<std::string> delivered;
    Result<std::unique_ptr<Wal>> wal = Wal::open(
        disk_, options_, [&](const WalRecord& record) { delivered.emplace_back(record.otlp.view()); });
    EXPECT_TRUE(wal.ok()) << wal.status().to_string();
    if (wal.ok()) wal_ = std::move(wal).value();
    return delivered;
  }

  void append_later(const std::string& payload) {
    Result<uint64_t> sequence = wal_->append({.otlp = SharedBytes(payload)}, [this, payload](Status status) {
      const std::lock_guard lock(mutex_);
      reported_.push_back(status.ok() ? payload : "failed " + payload);
      last_failure_ = status;
    });
    EXPECT_TRUE(sequence.ok()) << sequence.status().to_string();
  }
  // Whether it was reported durable.
  bool append(const std::string& payload) {
    append_later(payload);
    wal_->wait_durable(wal_->last_sequence());
    const std::lock_guard lock(mutex_);
    return !reported_.empty() && reported_.back() == payload;
  }
  std::vector<std::string> reported() {
    wal_->wait_durable(wal_->last_sequence());
    const std::lock_guard lock(mutex_);
    return reported_;
  }

  void lose_power(PowerLoss loss = PowerLoss::lose) {
    disk_.lose_power();
    wal_.reset();
    disk_.restart(loss);
  }

  static std::string path_of(uint64_t segment) { return join_path(kDirectory, wal_segment_name(segment)); }
  std::string content(uint64_t segment) { return disk_.read_file(path_of(segment), 1 << 30).value(); }
  void cut(uint64_t segment, size_t bytes) {
    const std::string all = content(segment);
    EXPECT_TRUE(disk_.overwrite(path_of(segment), all.substr(0, all.size() - bytes)).ok());
  }
  std::vector<std::string> names() {
    std::vector<std::string> names;
    const std::vector<DirectoryEntry> entries = disk_.list(kDirectory).value();
    for (const DirectoryEntry& entry : entries) names.push_back(entry.name);
    return names;
  }

  SimulatedFileSystem disk_;
  WalOptions options_;
  std::mutex mutex_;
  std::vector<std::string> reported_;
  Status last_failure_;
  std::unique_ptr<Wal> wal_;  // last, for its thread uses the others
};

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

TEST_F(WalTest, CutsATornTail) {
  open();
  append("one");
  append("two");
  wal_.reset();
  cut(1, 9);
  EXPECT_THAT(open(), ElementsAre("one"));
  EXPECT_GT(wal_->replayed().torn_bytes, 0u);
  EXPECT_EQ(wal_->replayed().damaged_regions, 0u);
  append("three");
  EXPECT_THAT(open(), ElementsAre("one", "three"));
  EXPECT_EQ(wal_->replayed().damaged_regions, 0u);
}

TEST_F(WalTest, SetsADamagedRecordAsideAndGoesOn) {
  open();
  append("one");
  const uint64_t damaged_at = content(1).size();
  append("two, which will be damaged");
  const uint64_t damaged_end = content(1).size();
  append("three");
  wal_.reset();
  const std::string original = content(1);
  const uint64_t before = value_of(Counter::wal_records_damaged);
  ASSERT_TRUE(disk_.flip_bit(path_of(1), damaged_at + kWalRecordHeaderBytes + 2, 3).ok());
  const std::string damaged = content(1);

  EXPECT_THAT(open(), ElementsAre("one", "three"));
  EXPECT_EQ(wal_->replayed().damaged_regions, 1u);
  EXPECT_EQ(value_of(Counter::wal_records_damaged) - before, 1u);
  const std::string copy = path_of(1) + "." + std::to_string(damaged_at) + ".damaged";
  EXPECT_EQ(disk_.read_file(copy, 1000).value(), damaged.substr(damaged_at, damaged_end - damaged_at));
}

TEST_F(WalTest, KnowsDamageAtTheEndOfAnOlderSegmentFromATornTail) {
  open();
  append("one");
  append("two");
  ASSERT_TRUE(wal_->roll().ok());
  wal_.reset();
  cut(1, 8);
  EXPECT_THAT(open(), ElementsAre("one"));
  EXPECT_EQ(wal_->replayed().damaged_regions, 1u);
}

TEST_F(WalTest, EveryFlippedBitCostsAtMostOneRecord) {
  open();
  append("one");
  append("two");
  append("three");
  ASSERT_TRUE(wal_->roll().ok());
  wal_.reset();
  const std::string segment = content(1);
  const auto header = decode_segment_header(segment);
  ASSERT_TRUE(header);
  const WalSegmentEnd end{segment.size(), segment.size()};
  for (size_t at = 0; at < segment.size(); ++at) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string flipped = segment;
      flipped[at] = static_cast<char>(flipped[at] ^ (1 << bit));
      ASSERT_EQ(decode_segment_header(flipped), header) << at;
      const WalScan scan = scan_wal_segment(flipped, header->salt, end);
      const bool is_padding = scan.records.size() == 3;
      ASSERT_GE(scan.records.size(), 2u) << at;
      ASSERT_EQ(scan.damaged.size(), is_padding ? 0u : 1u) << at;
      ASSERT_THAT(scan.torn, IsEmpty());
    }
  }
}

TEST_F(WalTest, ARecordInsideAPayloadIsNotARecord) {
  open();
  append("inner");
  wal_.reset();
  const std::string inner = content(1).substr(kWalFirstRecord);
  ASSERT_TRUE(disk_.remove(path_of(1)).ok());
  open();
  append("first");
  const uint64_t outer_at = content(1).size();
  append("12345678" + inner + inner);
  append("last");
  wal_.reset();
  ASSERT_TRUE(disk_.flip_bit(path_of(1), outer_at + kWalRecordHeaderBytes, 0).ok());
  EXPECT_THAT(open(), ElementsAre("first", "last"));
}

TEST_F(WalTest, AMissingSegmentIsNotedAndTheOthersAreRead) {
  open();
  append("one");
  ASSERT_TRUE(wal_->roll().ok());
  append("two");
  ASSERT_TRUE(wal_->roll().ok());
  append("three");
  wal_.reset();
  ASSERT_TRUE(disk_.remove(path_of(2)).ok());
  EXPECT_THAT(open(), ElementsAre("one", "three"));
  EXPECT_EQ(wal_->replayed().damaged_regions, 1u);
}

TEST_F(WalTest, ASegmentWhoseHeaderIsGoneIsSetAsideAsAWhole) {
  open();
  append("one");
  ASSERT_TRUE(wal_->roll().ok());
  append("two");
  wal_.reset();
  std::string bytes = content(1);
  bytes.replace(0, kWalFirstRecord, kWalFirstRecord, '\0');
  ASSERT_TRUE(disk_.overwrite(path_of(1), bytes).ok());
  EXPECT_THAT(open(), ElementsAre("two"));
  EXPECT_EQ(disk_.read_file(path_of(1) + ".0.damaged", 1000).value(), bytes);
}

TEST_F(WalTest, RefusesASegmentOfANewerVersion) {
  open();
  wal_.reset();
  ASSERT_TRUE(disk_.overwrite(path_of(1), encode_segment_header({.version = 2, .segment = 1})).ok());
  const Status refused = Wal::open(disk_, options_, [](const WalRecord&) {}).status();
  EXPECT_EQ(refused.kind(), ErrorKind::unsupported);
  EXPECT_EQ(refused.message(),
            "the write-ahead log was written by a newer clew (log format 2, this one knows up to 1); start "
            "the newer "
            "version, or choose another data directory: /wal/000000000001.wal");
}

TEST_F(WalTest, AFullDiskFailsRecordsAndTheyNeverComeBack) {
  open();
  EXPECT_TRUE(append("before"));
  disk_.limit_bytes(content(1).size() + 3000);
  EXPECT_FALSE(append(std::string(5000, 'x')));
  EXPECT_EQ(last_failure_.kind(), ErrorKind::exhausted);
  EXPECT_TRUE(append("small ones still fit"));
  disk_.limit_bytes(std::nullopt);
  EXPECT_TRUE(append("after"));
  lose_power(PowerLoss::keep);
  EXPECT_THAT(open(), ElementsAre("before", "small ones still fit", "after"));
  EXPECT_EQ(wal_->replayed().damaged_regions, 0u);
}

TEST_F(WalTest, AFullDiskFailsARollAndTheLogGoesOnWhenThereIsSpace) {
  open();
  EXPECT_TRUE(append("before"));
  disk_.limit_bytes(content(1).size());
  EXPECT_EQ(wal_->roll().status().kind(), ErrorKind::exhausted);
  EXPECT_FALSE(append("no room"));
  disk_.limit_bytes(std::nullopt);
  EXPECT_TRUE(append("after"));
  const uint64_t segment = wal_->roll().value();
  lose_power();
  EXPECT_THAT(open(), ElementsAre("before", "after"));
  EXPECT_GT(segment, 2u);
}

TEST_F(WalTest, AFileWhoseSyncFailedIsGivenUp) {
  open();
  EXPECT_TRUE(append("before"));
  disk_.fail_call(disk_.calls() + 2, Status(ErrorKind::unavailable, "input/output error"));
  EXPECT_FALSE(append("lost"));
  EXPECT_EQ(last_failure_.kind(), ErrorKind::unavailable);
  EXPECT_TRUE(append("after"));
  EXPECT_THAT(names(), ElementsAre(wal_segment_name(1), wal_segment_name(2)));
  lose_power(PowerLoss::tear);
  EXPECT_THAT(open(), ElementsAre("before", "after"));
}

TEST_F(WalTest, WhatCannotBeTakenBackStaysUnreportedAndAppendsAreRefused) {
  open();
  EXPECT_TRUE(append("before"));
  disk_.fail_all_calls(Status(ErrorKind::internal, "the disk is on fire"));
  append_later("undecided");
  Status refused;
  while (refused.ok()) refused = wal_->append({}, [](Status) {}).status();
  EXPECT_EQ(refused.kind(), ErrorKind::unavailable);
  EXPECT_THAT(refused.message(), HasSubstr("on fire"));
  EXPECT_FALSE(wal_->roll().ok());
  {
    const std::lock_guard lock(mutex_);
    EXPECT_THAT(reported_, ElementsAre("before"));
  }
  disk_.fail_all_calls(std::nullopt);
  while (!wal_->append({.otlp = SharedBytes("after")}, [](Status) {}).ok()) std::this_thread::yield();
  EXPECT_THAT(reported(), testing::Contains("failed undecided"));
  lose_power(PowerLoss::keep);
  const std::vector<std::string> delivered = open();
  EXPECT_THAT(delivered, testing::Not(testing::Contains("undecided")));
  EXPECT_EQ(delivered.back(), "after");
}

TEST_F(WalTest, ClosingWhileTheDiskFailsSaysThatTheOutcomeIsUnknown) {
  open();
  disk_.fail_all_calls(Status(ErrorKind::internal, "the disk is on fire"));
  append_later("undecided");
  wal_->close();
  EXPECT_THAT(last_failure_.message(), HasSubstr("it is not known whether this was stored"));
  EXPECT_EQ(wal_->append({}, [](Status) {}).status().kind(), ErrorKind::unavailable);
  EXPECT_EQ(wal_->roll().status().kind(), ErrorKind::unavailable);
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
