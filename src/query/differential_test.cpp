// Random plans over random data, cut into segments in random ways: the engine must agree with the naive
// evaluator. CLEW_SEED starts elsewhere, CLEW_ROUNDS asks for more.
#include <cmath>
#include <cstdlib>

#include <gtest/gtest.h>

#include "query/run.h"
#include "query/short_form.h"
#include "query/testing/naive_evaluator.h"
#include "query/testing/random_plans.h"

namespace clew::query::testing {
namespace {

uint64_t number_from_environment(const char* name, uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text ? std::strtoull(text, nullptr, 10) : otherwise;
}

// Sums may differ in their last bits.
bool nearly_equal(const Value& a, const Value& b) {
  auto x = number_in(a), y = number_in(b);
  if (!x || !y) return compare(a, b) == 0;
  if (*x == *y || (std::isnan(*x) && std::isnan(*y))) return true;
  return std::abs(*x - *y) <= 1e-9 * std::max(std::abs(*x), std::abs(*y));
}

std::string difference(const std::vector<ResultColumn>& got, const std::vector<ResultColumn>& expected) {
  if (got.size() != expected.size()) return "another number of columns";
  for (size_t i = 0; i < got.size(); ++i) {
    if (got[i].name != expected[i].name) return "column " + got[i].name + " instead of " + expected[i].name;
    if (got[i].values.size() != expected[i].values.size())
      return "another number of values in " + got[i].name;
    for (size_t row = 0; row < got[i].values.size(); ++row) {
      if (!nearly_equal(got[i].values[row], expected[i].values[row]))
        return got[i].name + "[" + std::to_string(row) + "] is " + to_text(got[i].values[row]) +
               " instead of " + to_text(expected[i].values[row]);
    }
  }
  return "";
}

std::string difference(const std::vector<Value>& got, const std::vector<Value>& expected) {
  if (got.size() != expected.size()) return "another number of values";
  for (size_t i = 0; i < got.size(); ++i) {
    if (!nearly_equal(got[i], expected[i])) return to_text(got[i]) + " instead of " + to_text(expected[i]);
  }
  return "";
}

void expect_equal(const ResultTable& got, const ResultTable& expected) {
  EXPECT_EQ(got.row_count, expected.row_count);
  EXPECT_EQ(got.groups_in_all, expected.groups_in_all);
  EXPECT_EQ(difference(got.columns, expected.columns), "");
  EXPECT_EQ(difference(got.totals, expected.totals), "");
  EXPECT_EQ(difference(got.others, expected.others), "");
  EXPECT_EQ(got.series.times, expected.series.times);
  EXPECT_EQ(got.series.rows, expected.series.rows);
  EXPECT_EQ(difference(got.series.calculations, expected.series.calculations), "");
  EXPECT_EQ(got.totals_series.times, expected.totals_series.times);
  EXPECT_EQ(difference(got.totals_series.calculations, expected.totals_series.calculations), "");
}

TEST(Differential, engine_agrees_with_the_naive_evaluator) {
  uint64_t first_seed = number_from_environment("CLEW_SEED", 1);
  uint64_t rounds = number_from_environment("CLEW_ROUNDS", 60);
  ThreadPool pool(1);
  for (uint64_t seed = first_seed; seed < first_seed + rounds; ++seed) {
    Random random(seed);
    std::vector<TableRow> rows = random_rows(random, 1 + random() % 700);
    Layout layout = random_layout(random);
    store::Snapshot snapshot = snapshot_of(rows, layout);
    for (int i = 0; i < 40; ++i) {
      Plan plan = random_plan(random);
      SCOPED_TRACE("seed " + std::to_string(seed) + " plan " + std::to_string(i) + ": " +
                   short_form_of(plan));
      ASSERT_TRUE(validate(plan).ok()) << validate(plan).message();
      auto got = run(plan, snapshot, {.pool = i % 2 == 0 ? &pool : nullptr});
      ASSERT_TRUE(got.ok()) << got.status().to_string();
      expect_equal(*got, naive_run(plan, rows));
      auto reread = plan_of_short_form(short_form_of(plan), {});
      ASSERT_TRUE(reread.ok()) << reread.status().to_string();
      EXPECT_EQ(short_form_of(*plan_of_short_form(short_form_of(*reread), {})), short_form_of(*reread));
      reread->heatmap_steps = plan.heatmap_steps;  // is said beside the short form, not in it
      auto again = run(*reread, snapshot);
      ASSERT_TRUE(again.ok()) << again.status().to_string();
      expect_equal(*again, *got);
      if (HasFailure()) return;
    }
  }
}

}  // namespace
}  // namespace clew::query::testing
