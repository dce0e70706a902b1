#include <random>

#include <gtest/gtest.h>

#include "base/simulated_file_system.h"
#include "store/columnar/store.h"
#include "store/columnar/store_testing.h"

namespace clew::store {
namespace {

std::unique_ptr<ColumnarStore> open_store(SimulatedFileSystem& files) {
  auto store = ColumnarStore::open({.directory = "/data", .background = false}, files);
  EXPECT_TRUE(store.ok()) << store.status().to_string();
  return std::move(store).value();
}

void append(ColumnarStore& store, const Batch& batch) {
  store.append(batch, [](AppendOutcome outcome) { EXPECT_TRUE(outcome.status.ok()); });
}

std::shared_ptr<const Segment> only_segment(ColumnarStore& store, Signal signal) {
  Snapshot snapshot = store.snapshot(kDefaultEnvironment, signal);
  EXPECT_EQ(snapshot.segments.size(), 1u);
  return snapshot.segments.at(0);
}

uint32_t column_named(const Segment& segment, std::string_view name) {
  for (uint32_t column = 0; column < segment.columns().size(); ++column) {
    if (segment.columns()[column].name == name) return column;
  }
  ADD_FAILURE() << "no column " << name;
  return 0;
}

// `count` log lines of `bytes` letters each.
Batch long_lines(std::mt19937_64& random, size_t count, size_t bytes) {
  std::string records;
  for (size_t i = 0; i < count; ++i) {
    std::string text;
    while (text.size() < bytes) text += static_cast<char>('a' + random() % 26);
    records += fmt::format(R"({}{{"timeUnixNano":"{}","body":{{"stringValue":"{}"}}}})", i == 0 ? "" : ",",
                           1767225600'000'000'000 + i, text);
  }
  return batch_of(Signal::logs,
                  fmt::format(R"({{"resourceLogs":[{{"scopeLogs":[{{"logRecords":[{}]}}]}}]}})", records));
}

// Spans of users numbered from `first`, each once.
Batch spans_of_users(uint32_t first, uint32_t count) {
  std::string spans;
  for (uint32_t i = 0; i < count; ++i)
    spans += fmt::format(
        R"({}{{"traceId":"{:032x}","spanId":"{:016x}","name":"op","startTimeUnixNano":"{}","attributes":[{{"key":"user","value":{{"stringValue":"u-{}"}}}}]}})",
        i == 0 ? "" : ",", i + 1, i + 1, 1767225600'000'000'000 + i, first + i);
  return batch_of(Signal::traces,
                  fmt::format(R"({{"resourceSpans":[{{"scopeSpans":[{{"spans":[{}]}}]}}]}})", spans));
}

TEST(PartMaking, granules_of_long_texts_have_fewer_rows) {
  SimulatedFileSystem files;
  const auto store = open_store(files);
  std::mt19937_64 random(1);
  constexpr uint64_t kLines = 8'000, kBytes = 8'000;
  for (int batch = 0; batch < 4; ++batch) append(*store, long_lines(random, kLines / 4, kBytes));
  ASSERT_TRUE(store->seal().ok());
  const auto segment = only_segment(*store, Signal::logs);
  uint64_t rows = 0;
  for (const GranuleInfo& granule : segment->granules()) {
    EXPECT_LE(granule.rows * kBytes, uint64_t{20} << 20);
    rows += granule.rows;
  }
  EXPECT_EQ(rows, kLines);
}

TEST(PartMaking,
     a_column_of_values_that_are_new_in_each_part_but_not_in_all_gets_its_dictionary_when_merged) {
  SimulatedFileSystem files;
  const auto store = open_store(files);
  constexpr uint32_t kUsers = 6'000;
  for (int part = 0; part < 8; ++part) {
    append(*store, spans_of_users(0, kUsers));
    ASSERT_TRUE(store->seal().ok());
  }
  const Snapshot before = store->snapshot(kDefaultEnvironment, Signal::traces);
  ASSERT_EQ(before.segments.size(), 8u);
  EXPECT_FALSE(before.segments[0]->dictionary(column_named(*before.segments[0], "user")));
  const std::vector<std::string> rows = rows_of(before);

  ASSERT_TRUE(store->merge(true).value());
  const auto merged = only_segment(*store, Signal::traces);
  const auto dictionary = merged->dictionary(column_named(*merged, "user"));
  ASSERT_TRUE(dictionary);
  EXPECT_EQ(dictionary->size(), kUsers);
  EXPECT_TRUE(std::is_sorted(dictionary->begin(), dictionary->end()));
  EXPECT_EQ(rows_of(*merged), rows);
}

TEST(PartMaking, a_column_of_values_that_never_repeat_stays_plain) {
  SimulatedFileSystem files;
  const auto store = open_store(files);
  constexpr uint32_t kUsers = 6'000;
  for (uint32_t part = 0; part < 8; ++part) {
    append(*store, spans_of_users(part * kUsers, kUsers));
    ASSERT_TRUE(store->seal().ok());
  }
  const std::vector<std::string> rows = rows_of(store->snapshot(kDefaultEnvironment, Signal::traces));
  ASSERT_TRUE(store->merge(true).value());
  const auto merged = only_segment(*store, Signal::traces);
  EXPECT_FALSE(merged->dictionary(column_named(*merged, "user")));
  EXPECT_EQ(rows_of(*merged), rows);
}

}  // namespace
}  // namespace clew::store
