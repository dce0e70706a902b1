#include "query/first_look.h"

#include <gtest/gtest.h>

#include "query/run.h"
#include "query/short_form.h"
#include "query/testing/memory_table.h"

namespace clew::query::testing {
namespace {

store::Snapshot some_rows() {
  std::vector<TableRow> rows;
  for (int64_t i = 0; i < 2000; ++i) rows.push_back({at_time(i), attribute("n", i)});
  return snapshot_of(rows, {.granule_rows = 100, .segment_granules = 5});
}

Plan plan_of(const char* text) {
  Plan plan = std::move(plan_of_short_form(text, {})).value();
  plan.range = {{0}, {1900}};
  return plan;
}

TEST(FirstLook, is_over_the_newest_rows_and_reads_little_more) {
  const auto look = first_look(plan_of("COUNT, MIN(n), MAX(n) WHERE n >= 5"), some_rows(), 250);
  ASSERT_TRUE(look);
  EXPECT_EQ(look->from.count, 1600);
  const auto table = run(look->plan, some_rows());
  ASSERT_TRUE(table.ok()) << table.status().to_string();
  EXPECT_EQ(table->columns[0].values[0], Value(int64_t{300}));
  EXPECT_EQ(table->columns[1].values[0], Value(int64_t{1600}));
  EXPECT_EQ(table->columns[2].values[0], Value(int64_t{1899}));
  EXPECT_EQ(table->cost.rows_scanned, 300u);
}

TEST(FirstLook, there_is_none_where_it_would_be_the_whole_or_something_else) {
  EXPECT_FALSE(first_look(plan_of("COUNT"), some_rows(), 5000)) << "that would be the whole";
  for (const char* text : {"ROWS n", "COUNT WHERE root.n = 1", "COUNT GROUP BY root.n", "COUNT COMPARE 1h"})
    EXPECT_FALSE(first_look(plan_of(text), some_rows(), 250)) << text;
  // All granules are of the same time: few rows cannot be had without the others.
  std::vector<TableRow> rows;
  for (int64_t i = 0; i < 2000; ++i) rows.push_back({at_time(i % 100), attribute("n", i)});
  EXPECT_FALSE(
      first_look(plan_of("COUNT"), snapshot_of(rows, {.granule_rows = 100, .segment_granules = 5}), 250));
}

}  // namespace
}  // namespace clew::query::testing
