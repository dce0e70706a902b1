#include "query/deviation.h"

#include <limits>

#include <gtest/gtest.h>

namespace clew::query {
namespace {

Deviation of(std::initializer_list<double> values) {
  Deviation deviation;
  for (const double value : values) deviation.add(value);
  return deviation;
}

TEST(Deviation, of_few_numbers) {
  EXPECT_EQ(Deviation().standard(), std::nullopt);
  EXPECT_EQ(of({7}).standard(), 0);
  EXPECT_EQ(of({2, 4, 4, 4, 5, 5, 7, 9}).standard(), 2);
  EXPECT_EQ(of({-3, 3}).standard(), 3);
  EXPECT_EQ(of({0.1, 0.1, 0.1}).standard(), 0);
}

TEST(Deviation, a_mean_far_from_zero_takes_nothing_from_it) {
  EXPECT_EQ(of({1e15 + 1, 1e15 + 3}).standard(), 1);
  EXPECT_DOUBLE_EQ(*of({1e9 + 0.25, 1e9 + 0.75}).standard(), 0.25);
}

TEST(Deviation, merged_in_any_order_it_is_the_same_to_many_digits) {
  Deviation whole, forward, backward;
  Deviation parts[8];
  for (int i = 0; i < 4'000; ++i) {
    const double value = 1e12 + i * 0.1;
    whole.add(value);
    parts[i % 8].add(value);
  }
  for (int i = 0; i < 8; ++i) {
    forward.merge(parts[i]);
    backward.merge(parts[7 - i]);
  }
  // The squares are 10^20 times as large as what is left of them.
  constexpr double kClose = 1e-6;
  EXPECT_NEAR(*forward.standard(), *whole.standard(), kClose);
  EXPECT_NEAR(*backward.standard(), *whole.standard(), kClose);
}

TEST(Deviation, a_weight_is_as_often) {
  Deviation weighted;
  weighted.add(1, 3);
  weighted.add(5);
  EXPECT_EQ(weighted.standard(), of({1, 1, 1, 5}).standard());
  EXPECT_EQ(weighted.weight(), 4U);
}

TEST(Deviation, what_is_beyond_a_double_has_none) {
  EXPECT_EQ(of({1e300, -1e300}).standard(), std::nullopt);
  EXPECT_EQ(of({std::numeric_limits<double>::infinity(), 1}).standard(), std::nullopt);
}

}  // namespace
}  // namespace clew::query
