// For tests: a log on a simulated disk, and short words for what is done to it.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/simulated_file_system.h"
#include "store/columnar/file_names.h"
#include "store/columnar/wal.h"

namespace clew::store {

constexpr const char* kWalTestDirectory = "/wal";

class WalTest : public testing::Test {
 protected:
  WalTest() {
    EXPECT_TRUE(disk_.make_directory(kWalTestDirectory).ok());
    EXPECT_TRUE(disk_.sync_directory("/").ok());
    options_.directory = kWalTestDirectory;
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

  static std::string path_of(uint64_t segment) {
    return join_path(kWalTestDirectory, wal_segment_name(segment));
  }
  std::string content(uint64_t segment) { return disk_.read_file(path_of(segment), 1 << 30).value(); }
  void cut(uint64_t segment, size_t bytes) {
    const std::string all = content(segment);
    EXPECT_TRUE(disk_.overwrite(path_of(segment), all.substr(0, all.size() - bytes)).ok());
  }
  std::vector<std::string> names() {
    std::vector<std::string> names;
    const std::vector<DirectoryEntry> entries = disk_.list(kWalTestDirectory).value();
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

}  // namespace clew::store
