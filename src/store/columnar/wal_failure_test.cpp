// The log on a disk that is full or breaks.
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/columnar/wal_testing.h"

namespace clew::store {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

using WalFailure = WalTest;

TEST_F(WalFailure, AFullDiskFailsRecordsAndTheyNeverComeBack) {
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

TEST_F(WalFailure, AFullDiskFailsARollAndTheLogGoesOnWhenThereIsSpace) {
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

TEST_F(WalFailure, AFileWhoseSyncFailedIsGivenUp) {
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

TEST_F(WalFailure, WhatCannotBeTakenBackStaysUnreportedAndAppendsAreRefused) {
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

TEST_F(WalFailure, ClosingWhileTheDiskFailsSaysThatTheOutcomeIsUnknown) {
  open();
  disk_.fail_all_calls(Status(ErrorKind::internal, "the disk is on fire"));
  append_later("undecided");
  wal_->close();
  EXPECT_THAT(last_failure_.message(), HasSubstr("it is not known whether this was stored"));
  EXPECT_EQ(wal_->append({}, [](Status) {}).status().kind(), ErrorKind::unavailable);
  EXPECT_EQ(wal_->roll().status().kind(), ErrorKind::unavailable);
}

}  // namespace
}  // namespace clew::store
