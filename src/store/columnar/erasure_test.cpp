// Rows that rules say are to go leave the disk: these, no others, and nothing that only they had.
#include <array>
#include <map>
#include <random>
#include <set>

#include <gtest/gtest.h>

#include "base/simulated_file_system.h"
#include "store/columnar/store.h"
#include "store/columnar/store_testing.h"

namespace clew::store {
namespace {

constexpr int64_t kToday = 1767225600'000'000'000;  // 2026-01-01

std::unique_ptr<ColumnarStore> open_store(SimulatedFileSystem& files) {
  auto store = ColumnarStore::open({.directory = "/data", .retention = days(0), .background = false}, files);
  EXPECT_TRUE(store.ok()) << store.status().to_string();
  return std::move(store).value();
}

struct Line {
  std::string group;
  std::string text;
  int64_t number = 0;
  int64_t time = kToday;
};

Batch batch_of_lines(const std::vector<Line>& lines) {
  std::map<std::string, std::string> records;  // by group
  for (const Line& line : lines) {
    std::string& of_group = records[line.group];
    of_group += fmt::format(
        R"({}{{"timeUnixNano":"{}","body":{{"stringValue":"{}"}},"attributes":[{{"key":"number","value":{{"intValue":"{}"}}}}]}})",
        of_group.empty() ? "" : ",", line.time, line.text, line.number);
  }
  std::string resources;
  for (const auto& [group, of_group] : records) {
    resources += fmt::format(
        R"({}{{"resource":{{"attributes":[{{"key":"group","value":{{"stringValue":"{}"}}}}]}},"scopeLogs":[{{"logRecords":[{}]}}]}})",
        resources.empty() ? "" : ",", group, of_group);
  }
  return batch_of(Signal::logs, fmt::format(R"({{"resourceLogs":[{}]}})", resources));
}

void append(ColumnarStore& store, const std::vector<Line>& lines) {
  store.append(batch_of_lines(lines), [](AppendOutcome outcome) { EXPECT_TRUE(outcome.status.ok()); });
}

std::vector<Line> lines_of(std::string_view group, int64_t from, int64_t to, int64_t time = kToday) {
  std::vector<Line> lines;
  for (int64_t i = from; i < to; ++i)
    lines.push_back({std::string(group), fmt::format("{} says {}", group, i), i, time + i});
  return lines;
}

ErasureRule rule_for(std::string_view group) {
  return {.environment = kDefaultEnvironment,
          .signal = Signal::logs,
          .texts = {{Scope::resource, "group", std::string(group)}}};
}

// As often as there is something to do. How often that was.
int erase_all(ColumnarStore& store, UnixNanos at) {
  for (int times = 0;; ++times) {
    const auto erased = store.erase(at);
    EXPECT_TRUE(erased.ok()) << erased.status().to_string();
    if (!erased.ok() || !*erased) return times;
  }
}

std::vector<std::string> rows_in(ColumnarStore& store) {
  return rows_of(store.snapshot(kDefaultEnvironment, Signal::logs));
}
size_t rows_with(ColumnarStore& store, std::string_view what) {
  const auto rows = rows_in(store);
  return static_cast<size_t>(std::count_if(
      rows.begin(), rows.end(), [&](const std::string& row) { return row.find(what) != std::string::npos; }));
}

std::set<std::string> values_kept(const Segment& segment) {
  std::set<std::string> values;
  for (uint32_t column = 0; column < segment.columns().size(); ++column) {
    if (const auto dictionary = segment.dictionary(column)) {
      for (const std::string_view value : *dictionary) values.emplace(value);
    }
  }
  return values;
}

TEST(Erasure, what_holds_for_every_row_leaves_day_by_day_and_spares_what_has_rules_of_its_own) {
  SimulatedFileSystem files;
  const auto store = open_store(files);
  append(*store, lines_of("shop", 0, 100));
  append(*store, lines_of("bank", 0, 50));
  append(*store, lines_of("shop", 100, 120, kToday + days(3).count));
  ASSERT_TRUE(store->seal().ok());

  ErasureRule all{.environment = kDefaultEnvironment, .signal = Signal::logs};
  all.spared = {{Scope::resource, "group", "bank"}, {Scope::resource, "group", "nobody"}};
  all.older_than = days(2);
  store->erasure_rules().set("all", all);
  EXPECT_EQ(erase_all(*store, {kToday + days(2).count}), 0);
  erase_all(*store, {kToday + days(3).count});
  EXPECT_EQ(rows_with(*store, "group=shop"), 20u);
  EXPECT_EQ(rows_with(*store, "group=bank"), 50u);

  all.spared.clear();
  store->erasure_rules().set("all", all);
  erase_all(*store, {kToday + days(30).count});
  EXPECT_EQ(rows_in(*store).size(), 0u);
}

TEST(Erasure, rows_of_a_text_leave_the_disk_and_so_does_all_that_only_they_had) {
  SimulatedFileSystem files;
  const auto store = open_store(files);
  append(*store, lines_of("shop", 0, 100));
  append(*store, lines_of("bank", 0, 100));
  ASSERT_TRUE(store->seal().ok());
  const uint64_t before = store->status().part_bytes;

  store->erasure_rules().set("bank", rule_for("bank"));
  EXPECT_EQ(erase_all(*store, {kToday}), 1);
  EXPECT_EQ(rows_with(*store, "group=shop"), 100u);
  EXPECT_EQ(rows_with(*store, "group=bank"), 0u);
  EXPECT_EQ(store->status().part_rows, 100u);
  EXPECT_LT(store->status().part_bytes, before);
  const Snapshot after = store->snapshot(kDefaultEnvironment, Signal::logs);
  ASSERT_EQ(after.segments.size(), 1u);
  for (const std::string& value : values_kept(*after.segments[0]))
    EXPECT_EQ(value.find("bank"), std::string::npos) << value;
}

TEST(Erasure, a_part_of_which_no_row_is_left_goes_as_a_whole) {
  SimulatedFileSystem files;
  const auto store = open_store(files);
  append(*store, lines_of("bank", 0, 100));
  ASSERT_TRUE(store->seal().ok());
  store->erasure_rules().set("bank", rule_for("bank"));
  EXPECT_EQ(erase_all(*store, {kToday}), 1);
  EXPECT_EQ(store->status().parts, 0u);
  EXPECT_EQ(store->status().part_bytes, 0u);
  EXPECT_EQ(files.list("/data/parts")->size(), 0u);
}

TEST(Erasure, age_counts_by_whole_days) {
  SimulatedFileSystem files;
  const auto store = open_store(files);
  append(*store, lines_of("shop", 0, 10));
  append(*store, lines_of("bank", 0, 10));
  append(*store, lines_of("bank", 10, 20, kToday + days(3).count));
  ASSERT_TRUE(store->seal().ok());
  ErasureRule rule = rule_for("bank");
  rule.older_than = days(7);
  store->erasure_rules().set("bank", rule);
  EXPECT_EQ(erase_all(*store, UnixNanos{kToday} + days(7)), 0);
  EXPECT_EQ(erase_all(*store, UnixNanos{kToday} + days(8) + Nanoseconds{-1}), 0);
  EXPECT_EQ(rows_with(*store, "group=bank"), 20u);
  EXPECT_EQ(erase_all(*store, UnixNanos{kToday} + days(8)), 1);
  EXPECT_EQ(rows_with(*store, "group=bank"), 10u);
  EXPECT_EQ(erase_all(*store, UnixNanos{kToday} + days(11)), 1);
  EXPECT_EQ(rows_with(*store, "group=bank"), 0u);
  EXPECT_EQ(rows_with(*store, "group=shop"), 10u);
}

TEST(Erasure, rows_with_a_number_below_the_limit_leave_and_those_without_a_number_stay) {
  SimulatedFileSystem files;
  const auto store = open_store(files);
  append(*store, lines_of("bank", 0, 10));
  store->append(
      batch_of(
          Signal::logs,
          R"({"resourceLogs":[{"resource":{"attributes":[{"key":"group","value":{"stringValue":"bank"}}]},
                   "scopeLogs":[{"logRecords":[{"timeUnixNano":"1767225600000000000","body":{"stringValue":"none"}}]}]}]})"),
      [](AppendOutcome outcome) { EXPECT_TRUE(outcome.status.ok()); });
  ASSERT_TRUE(store->seal().ok());
  ErasureRule rule = rule_for("bank");
  rule.below = ErasureRule::Below{Scope::attribute, "number", 4};
  store->erasure_rules().set("bank", rule);
  EXPECT_EQ(erase_all(*store, {kToday}), 1);
  EXPECT_EQ(rows_in(*store).size(), 7u);
  EXPECT_EQ(rows_with(*store, "number=3"), 0u);
  EXPECT_EQ(rows_with(*store, "number=4"), 1u);
  rule.below->limit = INT64_MAX;
  store->erasure_rules().set("bank", rule);
  EXPECT_EQ(erase_all(*store, {kToday}), 1);
  EXPECT_EQ(rows_in(*store).size(), 1u);
}

TEST(Erasure, a_small_share_waits_until_it_is_overdue_or_its_part_is_merged) {
  SimulatedFileSystem files;
  const auto store = open_store(files);
  append(*store, lines_of("shop", 0, 99));
  append(*store, lines_of("bank", 0, 1));
  ASSERT_TRUE(store->seal().ok());
  ErasureRule rule = rule_for("bank");
  rule.since = {kToday};
  store->erasure_rules().set("bank", rule);
  EXPECT_EQ(erase_all(*store, {kToday}), 0);
  EXPECT_EQ(erase_all(*store, UnixNanos{kToday} + days(2)), 0);
  EXPECT_EQ(rows_in(*store).size(), 100u);
  EXPECT_EQ(erase_all(*store, UnixNanos{kToday} + days(3)), 1);
  EXPECT_EQ(rows_in(*store).size(), 99u);

  append(*store, lines_of("bank", 0, 1));
  append(*store, lines_of("shop", 100, 199));
  ASSERT_TRUE(store->seal().ok());
  EXPECT_EQ(erase_all(*store, {kToday}), 0);
  ASSERT_TRUE(store->merge(true).value());
  EXPECT_EQ(store->status().parts, 1u);
  EXPECT_EQ(rows_in(*store).size(), 198u);
}

TEST(Erasure, rows_are_found_in_a_column_without_a_dictionary) {
  SimulatedFileSystem files;
  const auto store = open_store(files);
  append(*store, lines_of("shop", 0, 6'000));
  ASSERT_TRUE(store->seal().ok());
  for (const char* text : {"shop says 17", "shop says 5999"}) {
    store->erasure_rules().set(text, {.environment = kDefaultEnvironment,
                                      .signal = Signal::logs,
                                      .texts = {{Scope::intrinsic, "body", text}}});
  }
  EXPECT_EQ(erase_all(*store, UnixNanos{kToday} + days(4)), 1);
  EXPECT_EQ(rows_in(*store).size(), 5'998u);
  EXPECT_EQ(rows_with(*store, "body=shop says 17 "), 0u);
  EXPECT_EQ(rows_with(*store, "body=shop says 18 "), 1u);
}

TEST(Erasure, a_rule_that_is_taken_back_erases_nothing_more) {
  SimulatedFileSystem files;
  const auto store = open_store(files);
  append(*store, lines_of("bank", 0, 10));
  ASSERT_TRUE(store->seal().ok());
  store->erasure_rules().set("bank", rule_for("bank"));
  store->erasure_rules().remove("bank");
  EXPECT_EQ(erase_all(*store, {kToday}), 0);
  EXPECT_EQ(rows_in(*store).size(), 10u);
}

TEST(Erasure, other_tables_keep_what_has_the_same_text) {
  SimulatedFileSystem files;
  const auto store = open_store(files);
  append(*store, lines_of("bank", 0, 10));
  Batch elsewhere = batch_of_lines(lines_of("bank", 0, 10));
  elsewhere.environment = {7};
  store->append(elsewhere, [](AppendOutcome outcome) { EXPECT_TRUE(outcome.status.ok()); });
  ASSERT_TRUE(store->seal().ok());
  store->erasure_rules().set("bank", rule_for("bank"));
  EXPECT_EQ(erase_all(*store, {kToday}), 1);
  EXPECT_EQ(rows_in(*store).size(), 0u);
  EXPECT_EQ(rows_of(store->snapshot({7}, Signal::logs)).size(), 10u);
}

TEST(Erasure, a_failed_attempt_is_made_again) {
  SimulatedFileSystem files;
  const auto store = open_store(files);
  append(*store, lines_of("shop", 0, 10));
  append(*store, lines_of("bank", 0, 10));
  ASSERT_TRUE(store->seal().ok());
  store->erasure_rules().set("bank", rule_for("bank"));
  files.fail_call(files.calls() + 1, Status(ErrorKind::exhausted, "injected"));
  EXPECT_FALSE(store->erase({kToday}).ok());
  EXPECT_EQ(rows_in(*store).size(), 20u);
  EXPECT_EQ(erase_all(*store, {kToday}), 1);
  EXPECT_EQ(rows_in(*store).size(), 10u);
}

// Several granules, some whole, some touched; rules of every kind.
TEST(Erasure, what_is_left_is_what_a_filter_of_all_rows_leaves) {
  constexpr int64_t kOfDay = 40'000;
  SimulatedFileSystem files;
  const auto store = open_store(files);
  std::mt19937_64 random(1);
  for (int64_t day = 0; day < 2; ++day) {
    std::vector<Line> lines;
    for (int64_t i = 0; i < kOfDay; ++i) {
      // In the first of the two granules there is nothing but the shop, so that it stays whole.
      const char* group = i < 35'000 ? "shop" : std::array{"shop", "bank", "mail"}[random() % 3];
      const int64_t number = day * kOfDay + i;
      lines.push_back({group, i % 8 == 0 ? fmt::format("unique {}", number) : "again and again", number,
                       kToday + day * days(1).count + i * 1'000'000});
    }
    append(*store, lines);
  }
  ASSERT_TRUE(store->seal().ok());
  constexpr int64_t kLimit = kOfDay + 37'000;
  ErasureRule bank = rule_for("bank"), mail = rule_for("mail");
  bank.below = ErasureRule::Below{Scope::attribute, "number", kLimit};
  mail.older_than = days(1);
  store->erasure_rules().set("bank", bank);
  store->erasure_rules().set("mail", mail);

  std::vector<std::string> expected;
  for (const std::string& row : rows_in(*store)) {
    const int64_t number = std::stoll(row.substr(row.find("number=") + 7));
    const bool is_bank = row.find("group=bank") != std::string::npos && number < kLimit;
    const bool is_mail = row.find("group=mail") != std::string::npos && number < kOfDay;
    if (!is_bank && !is_mail) expected.push_back(row);
  }
  EXPECT_EQ(erase_all(*store, UnixNanos{kToday} + days(2)), 2);
  EXPECT_EQ(rows_in(*store), expected);
  for (const auto& segment : store->snapshot(kDefaultEnvironment, Signal::logs).segments)
    EXPECT_TRUE(std::static_pointer_cast<const Part>(segment)->verify().ok());
}

}  // namespace
}  // namespace clew::store
