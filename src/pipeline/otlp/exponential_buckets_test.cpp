#include "pipeline/otlp/exponential_buckets.h"

#include <cfloat>
#include <cmath>
#include <numeric>

#include <gtest/gtest.h>

namespace clew::pipeline {
namespace {

TEST(ExponentialBuckets, EachValueLiesBetweenTheBoundsOfItsBucket) {
  for (const double value : {1e-9, 0.5, 1.0, 1.5, 2.0, 1024.0, 1e9}) {
    ExponentialBuckets buckets(160);
    buckets.add(value, 3);
    ASSERT_EQ(buckets.counts(), std::vector<uint64_t>{3});
    const double base = std::exp2(std::exp2(-buckets.scale()));
    EXPECT_LE(std::pow(base, buckets.offset()), value * (1 + 1e-9)) << value;
    EXPECT_GE(std::pow(base, buckets.offset() + 1), value * (1 - 1e-9)) << value;
  }
}

TEST(ExponentialBuckets, StaysWithinItsSize) {
  ExponentialBuckets buckets(4);
  for (int i = 1; i <= 1000; ++i) buckets.add(i, 1);
  buckets.add(0, 5);
  buckets.add(std::nan(""), 1);
  EXPECT_LE(buckets.counts().size(), 4u);
  EXPECT_EQ(std::accumulate(buckets.counts().begin(), buckets.counts().end(), uint64_t{0}), 1000u);
  EXPECT_EQ(buckets.zero_count(), 6u);
  EXPECT_EQ(buckets.scale(), -2);  // 1 … 1000 in buckets of (1/16, 1], (1, 16], (16, 256], (256, 4096]
  EXPECT_EQ(buckets.counts(), (std::vector<uint64_t>{1, 15, 240, 744}));
}

TEST(ExponentialBuckets, Extremes) {
  ExponentialBuckets buckets(2);
  buckets.add(DBL_MIN, 1);
  buckets.add(INFINITY, 1);
  EXPECT_LE(buckets.counts().size(), 2u);
  EXPECT_EQ(std::accumulate(buckets.counts().begin(), buckets.counts().end(), uint64_t{0}), 2u);
}

}  // namespace
}  // namespace clew::pipeline
