#include "pipeline/delivery/queue_log.h"

#include <future>
#include <set>

#include <gtest/gtest.h>

#include "base/counters.h"
#include "base/simulated_file_system.h"

namespace clew::pipeline {
namespace {

constexpr QueueLog::Options kSmall{.segment_bytes = 400};

Batch batch(const std::string& bytes) {
  return {.signal = Signal::logs, .environment = {3}, .otlp = SharedBytes(bytes), .items = 7};
}

Result<uint64_t> append(QueueLog& log, const std::string& bytes) {
  const auto promise = std::make_shared<std::promise<Result<uint64_t>>>();
  log.append(batch(bytes), [promise](Result<uint64_t> number) { promise->set_value(std::move(number)); });
  return promise->get_future().get();
}

std::unique_ptr<QueueLog> open(FileSystem& disk) {
  (void)disk.make_directory("/q");
  auto log = QueueLog::open("/q", disk, kSmall);
  EXPECT_TRUE(log.ok()) << log.status().to_string();
  return log.ok() ? std::move(*log) : nullptr;
}

std::vector<std::string> recovered(QueueLog& log) {
  std::vector<std::string> all;
  for (const QueueLog::Stored& stored : log.take_recovered()) {
    const Result<Batch> read = log.read(stored.number);
    all.emplace_back(read.ok() ? std::string(read->otlp.view()) : "unreadable");
    EXPECT_EQ(stored.batch.signal, Signal::logs);
    EXPECT_EQ(stored.batch.environment.number, 3u);
    EXPECT_EQ(stored.batch.items, 7u);
  }
  return all;
}

TEST(QueueLog, WhatWasNotSentIsThereAgain) {
  SimulatedFileSystem disk;
  {
    const auto log = open(disk);
    ASSERT_TRUE(append(*log, "first").ok());
    const Result<uint64_t> second = append(*log, "second");
    ASSERT_TRUE(second.ok());
    ASSERT_TRUE(append(*log, "third").ok());
    EXPECT_EQ(log->read(*second)->otlp.view(), "second");
    log->remove(*second);
  }
  const auto log = open(disk);
  EXPECT_EQ(recovered(*log), (std::vector<std::string>{"first", "third"}));
}

TEST(QueueLog, TakesItsDirectoryForItself) {
  SimulatedFileSystem disk;
  const auto log = open(disk);
  const auto second = QueueLog::open("/q", disk, kSmall);
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.status().kind(), ErrorKind::conflict);
}

TEST(QueueLog, FilesGoWhenTheirBatchesAreSent) {
  SimulatedFileSystem disk;
  std::vector<uint64_t> numbers;
  {
    const auto log = open(disk);
    for (int i = 0; i < 20; ++i) numbers.push_back(*append(*log, std::string(100, 'x')));
    EXPECT_GE(disk.list("/q")->size(), 5u);
    for (const uint64_t number : numbers) log->remove(number);
  }
  const auto log = open(disk);
  EXPECT_TRUE(recovered(*log).empty());
  EXPECT_LE(disk.list("/q")->size(), 2u);
}

TEST(QueueLog, ADamagedRecordCostsOnlyItself) {
  SimulatedFileSystem disk;
  {
    const auto log = open(disk);
    for (const char* text : {"first", "second", "third"}) ASSERT_TRUE(append(*log, text).ok());
  }
  std::string bytes = *disk.read_file("/q/00000001.queue", 1 << 20);
  bytes[bytes.find("second")] = 'S';
  ASSERT_TRUE(disk.overwrite("/q/00000001.queue", bytes).ok());
  const uint64_t before = value_of(Counter::queue_records_damaged);
  const auto log = open(disk);
  EXPECT_EQ(recovered(*log), (std::vector<std::string>{"first", "third"}));
  EXPECT_EQ(value_of(Counter::queue_records_damaged), before + 1);
}

TEST(QueueLog, AWriteThatFailsIsSaidAndLeavesNothing) {
  SimulatedFileSystem disk;
  {
    const auto log = open(disk);
    ASSERT_TRUE(append(*log, "first").ok());
    disk.fail_call(disk.calls() + 2, Status(ErrorKind::exhausted, "the disk is full"));  // the sync
    const auto refused = append(*log, "second");
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.status().kind(), ErrorKind::exhausted);
    ASSERT_TRUE(append(*log, "third").ok());
  }
  const auto log = open(disk);
  EXPECT_EQ(recovered(*log), (std::vector<std::string>{"first", "third"}));
}

// Power is lost at every single call; whatever comes back, what was acknowledged and not sent is in it.
TEST(QueueLog, PowerLossAnywhere) {
  for (uint64_t call = 1;; ++call) {
    SimulatedFileSystem disk({.seed = call});
    disk.lose_power_at(call);
    std::set<std::string> acknowledged, sent;
    const bool has_place = disk.make_directory("/q").ok() && disk.sync_directory("/").ok();
    if (auto opened = QueueLog::open("/q", disk, kSmall); has_place && opened.ok()) {
      for (int i = 0; i < 12; ++i) {
        const std::string text = "batch " + std::to_string(i) + std::string(60, '.');
        const auto number = append(**opened, text);
        if (!number.ok()) continue;
        acknowledged.insert(text);
        if (i % 3 == 0) continue;
        sent.insert(text);
        (*opened)->remove(*number);
      }
    }
    const bool over = disk.has_power();
    disk.restart(PowerLoss::tear);
    const auto log = open(disk);
    ASSERT_TRUE(log);
    const std::vector<std::string> left = recovered(*log);
    const std::set<std::string> all(left.begin(), left.end());
    EXPECT_EQ(all.size(), left.size()) << "a batch came twice, power lost at call " << call;
    for (const std::string& text : acknowledged) {
      if (sent.contains(text)) continue;
      EXPECT_TRUE(all.contains(text)) << text << " is lost, power lost at call " << call;
    }
    if (over) break;
  }
}

}  // namespace
}  // namespace clew::pipeline
