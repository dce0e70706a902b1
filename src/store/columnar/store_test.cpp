#include "store/columnar/store.h"

#include <future>
#include <set>

#include "base/counters.h"
#include "base/simulated_file_system.h"
#include "store/columnar/file_names.h"
#include "store/columnar/store_testing.h"

namespace clew::store {
namespace {

constexpr const char* kDirectory = "/data";

// A store on a simulated disk that seals and merges only when told.
class Fixture {
 public:
  explicit Fixture(uint64_t seed = 1) : disk({.seed = seed}) {}

  Status open(ColumnarOptions options = {}) {
    options.directory = kDirectory;
    options.background = false;
    options.shards = 2;
    auto opened = ColumnarStore::open(std::move(options), disk);
    if (opened.ok()) store = std::move(opened).value();
    return opened.ok() ? Status() : std::move(opened).status();
  }
  void reopen(ColumnarOptions options = {}) {
    store.reset();
    const Status status = open(std::move(options));
    ASSERT_TRUE(status.ok()) << status.to_string();
  }
  AppendOutcome append(const Batch& batch) {
    std::promise<AppendOutcome> outcome;
    store->append(batch, [&](AppendOutcome told) { outcome.set_value(std::move(told)); });
    return outcome.get_future().get();
  }
  // The `n` attributes of all spans.
  std::multiset<std::string> numbers(EnvironmentId environment = kDefaultEnvironment) {
    std::multiset<std::string> found;
    for (const std::string& row : rows_of(store->snapshot(environment, Signal::traces))) {
      const size_t at = row.find(" n=");
      found.insert(row.substr(at + 3, row.find(' ', at + 3) - at - 3));
    }
    return found;
  }

  std::string first_part() {
    const std::string directory = join_path(kDirectory, kPartsDirectoryName);
    const auto files = disk.list(directory);
    return files.ok() && !files->empty() ? join_path(directory, files->front().name) : "";
  }

  SimulatedFileSystem disk;
  std::unique_ptr<ColumnarStore> store;
};

TEST(Store, WhatIsAcknowledgedIsInTheNextSnapshot) {
  Fixture fixture;
  ASSERT_TRUE(fixture.open().ok());
  EXPECT_TRUE(fixture.numbers().empty());
  for (uint64_t i = 0; i < 5; ++i) {
    EXPECT_EQ(fixture.append(one_span(i)).accepted, 1u);
    EXPECT_EQ(fixture.numbers().size(), i + 1);
  }
}

TEST(Store, RowsReadTheSameFromMemoryPartAndMergedPart) {
  Fixture fixture;
  ASSERT_TRUE(fixture.open().ok());
  for (uint64_t i = 0; i < 40; ++i) {
    fixture.append(one_span(i, i % 3 == 0 ? "op" : "other"));
    if (i % 7 == 0) fixture.store->snapshot(kDefaultEnvironment, Signal::traces);
  }
  const auto before = rows_of(fixture.store->snapshot(kDefaultEnvironment, Signal::traces));
  ASSERT_EQ(before.size(), 40u);
  ASSERT_TRUE(fixture.store->seal().ok());
  EXPECT_EQ(rows_of(fixture.store->snapshot(kDefaultEnvironment, Signal::traces)), before);
  for (uint64_t i = 40; i < 60; ++i) fixture.append(one_span(i));
  const auto more = rows_of(fixture.store->snapshot(kDefaultEnvironment, Signal::traces));
  ASSERT_TRUE(fixture.store->seal().ok());
  const auto merged = fixture.store->merge(true);
  ASSERT_TRUE(merged.ok()) << merged.status().to_string();
  EXPECT_TRUE(*merged);
  EXPECT_EQ(fixture.store->status().parts, 1u);
  EXPECT_EQ(rows_of(fixture.store->snapshot(kDefaultEnvironment, Signal::traces)), more);
  fixture.reopen();
  EXPECT_EQ(rows_of(fixture.store->snapshot(kDefaultEnvironment, Signal::traces)), more);
}

TEST(Store, LogsAndMetricsSurviveSealAndMerge) {
  Fixture fixture;
  ASSERT_TRUE(fixture.open().ok());
  const Batch logs = batch_of(Signal::logs, R"({"resourceLogs":[{"scopeLogs":[{"logRecords":[
      {"timeUnixNano":"1767225600000000000","body":{"stringValue":"first"}},
      {"timeUnixNano":"1767225600000000001","body":{"doubleValue":2.5}},{"body":{"boolValue":true}}]}]}]})");
  const Batch metrics = batch_of(Signal::metrics, R"({"resourceMetrics":[{"scopeMetrics":[{"metrics":[
      {"name":"b","gauge":{"dataPoints":[{"timeUnixNano":"1767225600000000000","asDouble":-0.0},{"timeUnixNano":"1767225600000000000","asDouble":"NaN"}]}},
      {"name":"a","sum":{"dataPoints":[{"timeUnixNano":"1767225600000000000","asInt":"-9223372036854775808"},{"timeUnixNano":"1767225600000000000","asInt":"9223372036854775807"}]}}]}]}]})");
  for (int round = 0; round < 2; ++round) {
    EXPECT_EQ(fixture.append(logs).accepted, 3u);
    EXPECT_EQ(fixture.append(metrics).accepted, 4u);
    const auto expect_logs = rows_of(fixture.store->snapshot(kDefaultEnvironment, Signal::logs));
    const auto expect_metrics = rows_of(fixture.store->snapshot(kDefaultEnvironment, Signal::metrics));
    ASSERT_TRUE(fixture.store->seal().ok());
    while (*fixture.store->merge(true)) {
    }
    EXPECT_EQ(rows_of(fixture.store->snapshot(kDefaultEnvironment, Signal::logs)), expect_logs);
    EXPECT_EQ(rows_of(fixture.store->snapshot(kDefaultEnvironment, Signal::metrics)), expect_metrics);
  }
}

TEST(Store, EnvironmentsAndSignalsNeverMeet) {
  Fixture fixture;
  ASSERT_TRUE(fixture.open().ok());
  Batch other = one_span(2);
  other.environment = {2};
  fixture.append(one_span(1));
  fixture.append(other);
  for (int sealed = 0; sealed < 2; ++sealed) {
    EXPECT_EQ(fixture.numbers({1}), std::multiset<std::string>{"1"});
    EXPECT_EQ(fixture.numbers({2}), std::multiset<std::string>{"2"});
    EXPECT_TRUE(fixture.store->snapshot({1}, Signal::logs).segments.empty());
    ASSERT_TRUE(fixture.store->seal().ok());
  }
}

TEST(Store, AMalformedBatchLeavesNothingBehind) {
  Fixture fixture;
  ASSERT_TRUE(fixture.open().ok());
  fixture.append(one_span(1));
  std::string twice(one_span(2).otlp.view());
  twice += twice.substr(0, twice.size() - 3);
  const AppendOutcome outcome = fixture.append({Signal::traces, kDefaultEnvironment, SharedBytes(twice)});
  EXPECT_EQ(outcome.status.kind(), ErrorKind::bad_input);
  EXPECT_EQ(fixture.numbers(), std::multiset<std::string>{"1"});
  fixture.reopen();
  EXPECT_EQ(fixture.numbers(), std::multiset<std::string>{"1"});
}

TEST(Store, WhatTheLogRefusesIsNeitherSeenNorKept) {
  Fixture fixture;
  ASSERT_TRUE(fixture.open().ok());
  fixture.append(one_span(1));
  fixture.disk.fail_all_calls(Status(ErrorKind::exhausted, "the disk is full"));
  std::promise<AppendOutcome> told;
  fixture.store->append(one_span(2), [&](AppendOutcome outcome) { told.set_value(std::move(outcome)); });
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  fixture.disk.fail_all_calls(std::nullopt);
  EXPECT_EQ(told.get_future().get().status.kind(), ErrorKind::exhausted);
  fixture.append(one_span(3));
  EXPECT_EQ(fixture.numbers(), (std::multiset<std::string>{"1", "3"}));
  ASSERT_TRUE(fixture.store->seal().ok());
  EXPECT_EQ(fixture.numbers(), (std::multiset<std::string>{"1", "3"}));
}

TEST(Store, ASealThatFailsIsTriedAgain) {
  Fixture fixture;
  ASSERT_TRUE(fixture.open().ok());
  fixture.append(one_span(1));
  const uint64_t calls = fixture.disk.calls();
  for (uint64_t call = calls + 1; call <= calls + 12; ++call) {
    fixture.disk.fail_call(call, Status(ErrorKind::exhausted, "the disk is full"));
    (void)fixture.store->seal();
    EXPECT_EQ(fixture.numbers(), std::multiset<std::string>{"1"});
  }
  fixture.append(one_span(2));
  ASSERT_TRUE(fixture.store->seal().ok());
  EXPECT_EQ(fixture.store->status().part_rows, 2u);
  fixture.reopen();
  EXPECT_EQ(fixture.numbers(), (std::multiset<std::string>{"1", "2"}));
}

TEST(Store, OldDaysExpireAndAFullDiskLosesTheOldestFirst) {
  Fixture fixture;
  const UnixNanos today = now();
  ASSERT_TRUE(fixture.open({.retention = days(10)}).ok());
  for (int age : {0, 5, 20}) {
    fixture.append(one_span(static_cast<uint64_t>(age), "op", today - days(age) - seconds(age)));
    ASSERT_TRUE(fixture.store->seal().ok());
  }
  ASSERT_TRUE(fixture.store->expire(today).ok());
  EXPECT_EQ(fixture.numbers(), (std::multiset<std::string>{"0", "5"}));
  fixture.reopen({.retention = days(10), .max_disk_bytes = fixture.store->status().part_bytes - 1});
  const uint64_t evicted = value_of(Counter::parts_evicted);
  ASSERT_TRUE(fixture.store->expire(today).ok());
  EXPECT_EQ(fixture.numbers(), std::multiset<std::string>{"0"});
  EXPECT_EQ(value_of(Counter::parts_evicted), evicted + 1);
}

TEST(Store, ATraceIsFoundInFewGranules) {
  Fixture fixture;
  ASSERT_TRUE(fixture.open().ok());
  for (uint64_t i = 0; i < 400; ++i) fixture.append(one_span(i));
  for (int sealed = 0; sealed < 2; ++sealed) {
    const Snapshot snapshot = fixture.store->snapshot(kDefaultEnvironment, Signal::traces);
    size_t known = 0, unknown = 0;
    for (const auto& segment : snapshot.segments) {
      known += segment->granules_of_trace(*parse_trace_id("00000000000000000000000000000007")).size();
      unknown += segment->granules_of_trace(*parse_trace_id("f0000000000000000000000000000000")).size();
    }
    EXPECT_GE(known, 1u);
    EXPECT_EQ(unknown, 0u);
    ASSERT_TRUE(fixture.store->seal().ok());
  }
}

TEST(Store, EveryFlippedBitOfAPartIsFound) {
  Fixture fixture;
  ASSERT_TRUE(fixture.open().ok());
  for (uint64_t i = 0; i < 20; ++i) fixture.append(one_span(i));
  ASSERT_TRUE(fixture.store->seal().ok());
  fixture.store.reset();
  const std::string path = fixture.first_part();
  const uint64_t size = fixture.disk.info(path)->size;
  for (uint64_t offset = 0; offset < size; ++offset) {
    ASSERT_TRUE(fixture.disk.flip_bit(path, offset, offset % 8).ok());
    const auto part = Part::open(fixture.disk, path);
    EXPECT_FALSE(part.ok() && (*part)->verify().ok()) << "byte " << offset << " of " << size;
    ASSERT_TRUE(fixture.disk.flip_bit(path, offset, offset % 8).ok());
  }
  const auto whole = Part::open(fixture.disk, path);
  ASSERT_TRUE(whole.ok());
  EXPECT_TRUE((*whole)->verify().ok());
}

TEST(Store, ADamagedPartIsSetAsideAndTheRestAnswers) {
  Fixture fixture;
  ASSERT_TRUE(fixture.open().ok());
  fixture.append(one_span(1));
  ASSERT_TRUE(fixture.store->seal().ok());
  fixture.append(one_span(2));
  ASSERT_TRUE(fixture.store->seal().ok());
  fixture.store.reset();
  const std::string first = fixture.first_part();
  ASSERT_TRUE(fixture.disk.flip_bit(first, fixture.disk.info(first)->size - 30, 3).ok());
  fixture.reopen();
  EXPECT_EQ(fixture.numbers(), std::multiset<std::string>{"2"});
  EXPECT_TRUE(fixture.disk.info(first + ".damaged").ok());
}

TEST(Store, OverItsMemoryBudgetItRefusesUntilASealMakesRoom) {
  Fixture fixture;
  ASSERT_TRUE(fixture.open({.unsealed_bytes = 400}).ok());
  const uint64_t before = value_of(Counter::appends_exhausted);
  uint64_t accepted = 0;
  for (int round = 0; round < 3; ++round) {
    AppendOutcome outcome;
    while ((outcome = fixture.append(one_span(accepted))).status.ok()) ++accepted;
    EXPECT_EQ(outcome.status.kind(), ErrorKind::exhausted) << outcome.status.to_string();
    EXPECT_EQ(fixture.numbers().size(), accepted) << "what is there can still be asked for";
    EXPECT_EQ(fixture.append(one_span(1000)).status.kind(), ErrorKind::exhausted);
    ASSERT_TRUE(fixture.store->seal().ok());
  }
  EXPECT_GE(accepted, 6u);
  EXPECT_EQ(value_of(Counter::appends_exhausted), before + 6);
  EXPECT_EQ(fixture.numbers().size(), accepted);
}

TEST(Store, ManyThreadsAppendWhileOthersReadSealAndMerge) {
  Fixture fixture;
  ASSERT_TRUE(fixture.open().ok());
  std::atomic<uint64_t> accepted{0};
  std::atomic<bool> done{false};
  std::vector<std::thread> writers;
  for (uint64_t w = 0; w < 3; ++w) {
    writers.emplace_back([&, w] {
      for (uint64_t i = 0; i < 60; ++i)
        fixture.store->append(one_span(w * 1000 + i),
                              [&](AppendOutcome outcome) { accepted += outcome.accepted; });
    });
  }
  std::thread keeper([&] {
    while (!done) {
      EXPECT_TRUE(fixture.store->seal().ok());
      EXPECT_TRUE(fixture.store->merge(false).ok());
    }
  });
  std::thread reader([&] {
    while (!done) {
      const uint64_t before = accepted;
      EXPECT_GE(fixture.numbers().size(), before);
    }
  });
  for (auto& writer : writers) writer.join();
  done = true;
  keeper.join();
  reader.join();
  while (accepted < 180) std::this_thread::yield();
  const auto found = fixture.numbers();
  EXPECT_EQ(found.size(), 180u);
  EXPECT_EQ(std::set<std::string>(found.begin(), found.end()).size(), 180u);
}

}  // namespace
}  // namespace clew::store
