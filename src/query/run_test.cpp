#include "query/run.h"

#include <thread>

#include <gtest/gtest.h>

#include "query/short_form.h"
#include "query/substring_search.h"
#include "query/testing/memory_table.h"
#include "query/time_buckets.h"

namespace clew::query::testing {
namespace {

store::Snapshot many_rows() {
  std::vector<TableRow> rows;
  for (int64_t i = 0; i < 2000; ++i)
    rows.push_back({at_time(i), attribute("user", "user-" + std::to_string(i)), attribute("n", i)});
  return snapshot_of(rows, {.granule_rows = 100, .segment_granules = 5});
}

Plan plan_of(const char* text) {
  return std::move(plan_of_short_form(text, {})).value();
}

TEST(RunLimits, each_limit_names_itself_its_value_and_its_setting) {
  store::Snapshot snapshot = many_rows();
  Plan plan = plan_of("COUNT, COUNT_DISTINCT(user) GROUP BY user");
  struct Case {
    RunOptions options;
    const char* value;
    const char* setting;
  };
  for (const Case& c : {Case{{.time_limit = {-1}}, "ns", "--query-time-limit"},
                        Case{{.memory_limit_bytes = 10'000}, "10000 bytes", "--query-memory-limit"},
                        Case{{.scanned_bytes_limit = 500}, "500 bytes", "--query-scan-limit"}}) {
    auto result = run(plan, snapshot, c.options);
    ASSERT_FALSE(result.ok()) << c.setting;
    EXPECT_EQ(result.status().kind(), ErrorKind::exhausted);
    EXPECT_NE(result.status().message().find(c.value), std::string::npos) << result.status().message();
    EXPECT_NE(result.status().message().find(c.setting), std::string::npos) << result.status().message();
  }
}

TEST(RunLimits, cancelling_from_the_progress_callback_stops_the_run) {
  std::atomic<bool> cancel = false;
  uint64_t last_rows = 0;
  RunOptions options{.cancel = &cancel};
  options.progress = [&](const Progress& progress) {
    EXPECT_GT(progress.rows_scanned, last_rows);
    EXPECT_EQ(progress.rows_total, 2000u);
    last_rows = progress.rows_scanned;
    if (progress.rows_scanned >= 500) cancel = true;
  };
  auto result = run(plan_of("COUNT"), many_rows(), options);
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.status().kind(), ErrorKind::cancelled);
  EXPECT_EQ(last_rows, 500u);
}

TEST(Run, prunes_granules_by_time_and_by_zone_map_and_tells_what_it_cost) {
  Plan plan = plan_of("COUNT WHERE n >= 1750");
  plan.range = {{0}, {1850}};
  auto result = run(plan, many_rows());
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(to_text(result->columns[0].values[0]), "100");
  EXPECT_EQ(result->cost.granules_read, 2u);
  EXPECT_EQ(result->cost.granules_pruned, 18u);
  EXPECT_EQ(result->cost.rows_scanned, 200u);
  EXPECT_EQ(result->cost.rows_matched, 100u);
}

TEST(Run, many_workers_agree_with_one) {
  store::Snapshot snapshot = many_rows();
  ThreadPool pool(3);
  for (const char* text :
       {"COUNT GROUP BY user LIMIT 7", "P95(n), SUM(n), COUNT_DISTINCT(user), HEATMAP(n)", "ROWS LIMIT 13"}) {
    auto alone = run(plan_of(text), snapshot);
    auto together = run(plan_of(text), snapshot, {.pool = &pool});
    ASSERT_TRUE(alone.ok() && together.ok());
    EXPECT_EQ(to_text(*alone), to_text(*together));
  }
}

TEST(Run, percentiles_of_many_rows_keep_the_stated_error) {
  std::vector<TableRow> rows;
  for (int64_t i = 0; i < 5000; ++i) rows.push_back({at_time(i), attribute("n", i * i)});
  auto result = run(plan_of("P50(n), P99(n)"), snapshot_of(rows, {.granule_rows = 700}));
  ASSERT_TRUE(result.ok());
  EXPECT_NEAR(*number_in(result->columns[0].values[0]), 2499.5 * 2499.5, 2499.5 * 2499.5 * 0.01);
  EXPECT_NEAR(*number_in(result->columns[1].values[0]), 4949.01 * 4949.01, 4949.01 * 4949.01 * 0.01);
}

TEST(SubstringSearch, finds_within_strings_and_not_across_them) {
  std::string text = "abcabcxabxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxcabcabab";
  std::vector<std::string_view> strings;
  for (size_t at = 0, size = 0; at < text.size(); at += size, size = (size + 1) % 5) {
    strings.push_back(std::string_view(text).substr(at, size));
    if (size == 0) strings.push_back(std::string_view(text).substr(at, 0));
  }
  for (std::string_view part : {"", "a", "b", "ab", "bc", "abc", "xx", "xxxx", "cab", "zz"}) {
    std::vector<uint8_t> found(strings.size());
    find_substring(strings, part, found);
    for (size_t i = 0; i < strings.size(); ++i)
      EXPECT_EQ(found[i] != 0, strings[i].find(part) != std::string_view::npos)
          << part << " in " << strings[i];
  }
}

TEST(TimeBuckets, counter_agrees_with_division_at_every_edge) {
  for (int64_t width : {int64_t{1}, int64_t{3}, int64_t{1'000'000'000}, int64_t{86'400'000'000'000}}) {
    for (int64_t first : {int64_t{-7}, int64_t{0}, int64_t{1'767'225'600'000'000'123}, INT64_MIN + 5}) {
      BucketCounter counter({first}, {width});
      for (int64_t bucket : {int64_t{0}, int64_t{1}, int64_t{2}, int64_t{999}, int64_t{65'535}}) {
        for (int64_t offset : {int64_t{-1}, int64_t{0}, int64_t{1}}) {
          int64_t distance, at;
          if (__builtin_mul_overflow(bucket, width, &distance) || distance + offset < 0) continue;
          if (__builtin_add_overflow(first, distance + offset, &at)) continue;
          auto floor_of = [&](int64_t t) { return t / width - (t % width < 0 ? 1 : 0); };
          auto expected = static_cast<uint64_t>(floor_of(at)) - static_cast<uint64_t>(floor_of(first));
          EXPECT_EQ(counter.number_of(at), expected) << first << " " << at << " " << width;
        }
      }
    }
  }
}

}  // namespace
}  // namespace clew::query::testing
