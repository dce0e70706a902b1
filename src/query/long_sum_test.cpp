#include "query/long_sum.h"

#include <limits>

#include <gtest/gtest.h>

namespace clew::query {
namespace {

TEST(LongSum, what_rounding_takes_is_kept) {
  LongSum tenths, mixed;
  for (int i = 0; i < 10; ++i) tenths.add(0.1);
  EXPECT_EQ(tenths.total(), 1.0);
  for (const double value : {1e16, 1.0, 1.0, 1.0, -1e16}) mixed.add(value);
  EXPECT_EQ(mixed.total(), 3.0);
}

TEST(LongSum, the_parts_of_workers_add_up_to_the_whole) {
  LongSum whole, forward, backward;
  LongSum parts[7];
  for (int i = 1; i <= 1000; ++i) {
    const double value = 1.0 / i * (i % 3 == 0 ? 1e9 : 1e-3);
    whole.add(value);
    parts[i % 7].add(value);
  }
  for (const LongSum& part : parts) forward.add(part);
  for (int i = 6; i >= 0; --i) backward.add(parts[i]);
  EXPECT_EQ(forward.total(), whole.total());
  EXPECT_EQ(backward.total(), whole.total());
}

TEST(LongSum, beyond_a_double_it_is_infinite) {
  LongSum sum;
  sum.add(std::numeric_limits<double>::max());
  sum.add(std::numeric_limits<double>::max());
  EXPECT_EQ(sum.total(), std::numeric_limits<double>::infinity());
}

}  // namespace
}  // namespace clew::query
