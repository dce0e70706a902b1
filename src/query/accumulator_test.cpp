#include "query/accumulator.h"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

namespace clew::query {
namespace {

double bound(const HeatmapScale& scale, size_t step) {
  return std::pow(10, scale.minimum + scale.step * static_cast<double>(step));
}

TEST(HeatmapScale, logarithmic_steps_cover_the_values_between_whole_powers_of_ten) {
  struct Case {
    double low, high, first, last;
  };
  const Case cases[] = {{0.02, 950, 0.01, 1000}, {3, 7, 1, 10}, {5, 5, 1, 10}, {1, 1000, 1, 1000}};
  for (const Case& c : cases) {
    const HeatmapScale scale = logarithmic_scale_for(c.low, c.high);
    EXPECT_NEAR(bound(scale, 0), c.first, c.first * 1e-9) << c.low;
    EXPECT_NEAR(bound(scale, scale.steps), c.last, c.last * 1e-9) << c.high;
    EXPECT_GE(scale.steps, 40U);
    EXPECT_LE(scale.steps, 60U);
    for (const double value : {c.low, c.high, std::sqrt(c.low * c.high)}) {
      const size_t step = scale.step_of(value);
      EXPECT_LE(bound(scale, step), value * (1 + 1e-9));
      EXPECT_GE(bound(scale, step + 1), value * (1 - 1e-9));
    }
  }
}

TEST(HeatmapScale, values_without_a_logarithm_count_in_the_first_step) {
  const HeatmapScale scale = logarithmic_scale_for(-3, 2000);
  EXPECT_NEAR(bound(scale, 0), 1e-3, 1e-9);
  for (const double value : {0.0, -3.0, -std::numeric_limits<double>::infinity(), 1e-12})
    EXPECT_EQ(scale.step_of(value), 0U) << value;
  EXPECT_EQ(scale.step_of(std::numeric_limits<double>::infinity()), scale.steps - 1);
}

TEST(HeatmapScale, there_is_one_even_where_nothing_is_above_zero_or_everything_is_far_apart) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  EXPECT_EQ(logarithmic_scale_for(-5, 0).step_of(-2), 0U);
  EXPECT_EQ(logarithmic_scale_for(1, kInfinity).step_of(4), 0U);
  const HeatmapScale wide = logarithmic_scale_for(1e-300, 1e300);
  EXPECT_LE(wide.steps, 60U);
  EXPECT_EQ(wide.step_of(1e300), wide.steps - 1);
}

}  // namespace
}  // namespace clew::query
