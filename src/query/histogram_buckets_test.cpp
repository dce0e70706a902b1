#include "query/histogram_buckets.h"

#include <bit>

#include <gtest/gtest.h>

#include "telemetry/otlp_fields.h"
#include "telemetry/protobuf_writer.h"

namespace clew::query {
namespace {

std::string fixed(const std::vector<uint64_t>& values) {
  std::string bytes;
  for (const uint64_t value : values)
    for (int i = 0; i < 8; ++i) bytes += static_cast<char>(value >> (8 * i));
  return bytes;
}

HistogramBuckets explicit_buckets(const std::vector<uint64_t>& counts, const std::vector<double>& bounds) {
  std::vector<uint64_t> bits;
  for (const double bound : bounds) bits.push_back(std::bit_cast<uint64_t>(bound));
  std::string point;
  ProtobufWriter writer(point);
  writer.bytes(otlp::histogram_point::bucket_counts, fixed(counts));
  writer.bytes(otlp::histogram_point::explicit_bounds, fixed(bits));
  return HistogramBuckets::of_point(MetricKind::histogram, point);
}

// Small counts, so that each is one byte.
HistogramBuckets exponential_buckets(int scale, int offset, const std::string& counts, uint64_t zeros = 0) {
  std::string point;
  ProtobufWriter writer(point);
  const auto zigzag = [](int value) {
    return static_cast<uint64_t>(value >= 0 ? value * 2 : -value * 2 - 1);
  };
  writer.varint(otlp::exponential_point::scale, zigzag(scale));
  writer.fixed64(otlp::exponential_point::zero_count, zeros);
  const auto side = writer.begin_message(otlp::exponential_point::positive);
  writer.varint(otlp::exponential_buckets::offset, zigzag(offset));
  writer.bytes(otlp::exponential_buckets::bucket_counts, counts);
  writer.end_message(side);
  return HistogramBuckets::of_point(MetricKind::exponential_histogram, point);
}

TEST(HistogramBuckets, MeasurementsAreSpreadEvenlyWithinABucket) {
  const HistogramBuckets buckets = explicit_buckets({10, 20, 10, 0}, {1, 2, 4});
  EXPECT_EQ(buckets.count(), 40);
  EXPECT_DOUBLE_EQ(*buckets.quantile(0.125), 0.5);
  EXPECT_DOUBLE_EQ(*buckets.quantile(0.5), 1.5);
  EXPECT_DOUBLE_EQ(*buckets.quantile(1), 4);
}

TEST(HistogramBuckets, WhatLiesBeyondTheLastBoundIsThatBound) {
  const HistogramBuckets buckets = explicit_buckets({1, 0, 3}, {1, 2});
  EXPECT_DOUBLE_EQ(*buckets.quantile(0.9), 2);
  EXPECT_FALSE(explicit_buckets({0, 0}, {1}).quantile(0.5));
}

TEST(HistogramBuckets, WrongPointsHaveNone) {
  EXPECT_EQ(explicit_buckets({1, 2}, {1, 2}).count(), 0);     // a bound too many
  EXPECT_EQ(explicit_buckets({1, 2, 3}, {2, 1}).count(), 0);  // not ascending
  EXPECT_EQ(exponential_buckets(60, 0, "\x01").count(), 0);   // finer than numbers are
  EXPECT_EQ(HistogramBuckets::of_point(MetricKind::gauge, "\x01\x02").count(), 0);
}

TEST(HistogramBuckets, GrowthIsWhatCameSince) {
  const HistogramBuckets grown =
      explicit_buckets({10, 20, 10}, {1, 2}).since(explicit_buckets({10, 5, 10}, {1, 2}));
  EXPECT_EQ(grown.count(), 15);
  EXPECT_DOUBLE_EQ(*grown.quantile(1), 2);
}

TEST(HistogramBuckets, AddingJoinsEqualBuckets) {
  HistogramBuckets sum = explicit_buckets({1, 2, 3}, {1, 2});
  sum.add(explicit_buckets({3, 2, 1}, {1, 2}));
  EXPECT_EQ(sum.count(), 12);
  EXPECT_DOUBLE_EQ(*sum.quantile(0.5), 1.5);
  sum.add(explicit_buckets({12, 0}, {0.5}));
  EXPECT_EQ(sum.count(), 24);
}

TEST(HistogramBuckets, ExponentialOnesHaveTheirBounds) {
  // Scale 0: (1, 2], (2, 4], (4, 8].
  const HistogramBuckets buckets = exponential_buckets(0, 0, {2, 4, 2}, 2);
  EXPECT_EQ(buckets.count(), 10);
  EXPECT_DOUBLE_EQ(*buckets.quantile(0.1), 0);
  EXPECT_DOUBLE_EQ(*buckets.quantile(0.4), 2);
  EXPECT_DOUBLE_EQ(*buckets.quantile(1), 8);
}

TEST(HistogramBuckets, AnExponentialOneMayBecomeCoarserMeanwhile) {
  // Scale 1 has two buckets for each one of scale 0.
  const HistogramBuckets grown =
      exponential_buckets(0, 0, {5, 5}).since(exponential_buckets(1, 0, {1, 1, 2, 0}));
  EXPECT_EQ(grown.count(), 6);
  EXPECT_DOUBLE_EQ(*grown.quantile(0.5), 2);
}

}  // namespace
}  // namespace clew::query
