#include "query/estimate.h"

#include <gtest/gtest.h>

#include "query/run.h"
#include "query/short_form.h"
#include "query/testing/memory_table.h"

namespace clew::query::testing {
namespace {

store::Snapshot some_rows() {
  std::vector<TableRow> rows;
  for (int64_t i = 0; i < 2000; ++i)
    rows.push_back({at_time(i), attribute("user", "user-" + std::to_string(i % 50)), attribute("n", i),
                    attribute("unasked", i * 2)});
  return snapshot_of(rows, {.granule_rows = 100, .segment_granules = 5});
}

TEST(Estimate, tells_what_time_and_zone_maps_leave_of_the_columns_that_are_asked_for) {
  Plan plan = std::move(plan_of_short_form("COUNT WHERE n >= 1750 GROUP BY user", {})).value();
  plan.range = {{0}, {1850}};
  const auto estimated = estimate(plan, some_rows());
  ASSERT_TRUE(estimated.ok()) << estimated.status().message();
  EXPECT_EQ(estimated->granules, 2u);
  EXPECT_EQ(estimated->granules_pruned, 18u);
  EXPECT_EQ(estimated->rows, 200u);
  EXPECT_EQ(estimated->bytes, 200u * 3);  // of time, n and user; a byte a row in a table of this kind
}

TEST(Estimate, is_not_exceeded) {
  const store::Snapshot snapshot = some_rows();
  for (const char* text :
       {"COUNT", "COUNT WHERE n >= 1750", "P95(n), COUNT_DISTINCT(user) WHERE user = user-7 GROUP BY user",
        "SUM(n) WHERE n < 300 OR user exists GROUP BY n", "ROWS n, user LIMIT 10", "ROWS WHERE n = 1234",
        "HEATMAP(n)", "COUNT WHERE nothing = 1", "MAX(twice) DEFINE twice AS 'MUL($n, 2)'"}) {
    const auto plan = plan_of_short_form(text, {});
    ASSERT_TRUE(plan.ok()) << text << ": " << plan.status().message();
    const auto estimated = estimate(*plan, snapshot);
    ASSERT_TRUE(estimated.ok()) << text << ": " << estimated.status().message();
    const auto result = run(*plan, snapshot);
    ASSERT_TRUE(result.ok()) << text << ": " << result.status().message();
    EXPECT_GE(estimated->rows, result->cost.rows_scanned) << text;
    EXPECT_GE(estimated->bytes, result->cost.bytes_read) << text;
    EXPECT_GE(estimated->granules, result->cost.granules_read) << text;
    EXPECT_EQ(estimated->granules + estimated->granules_pruned, 20u) << text;
  }
}

TEST(Estimate, of_the_newest_rows_alone_stops_where_they_are_found) {
  const auto plan = plan_of_short_form("ROWS n LIMIT 150", {});
  const auto estimated = estimate(*plan, some_rows());
  ASSERT_TRUE(estimated.ok());
  EXPECT_EQ(estimated->rows, 200u);
}

}  // namespace
}  // namespace clew::query::testing
