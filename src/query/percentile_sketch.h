// PercentileSketch: the distribution of weighted numbers, from which any percentile can be told. Mergeable,
// and the result does not depend on the order of adding and merging.
//
// Up to kExactValues values are kept as they are, and percentiles are exact. Beyond that, values are counted
// in buckets that divide every octave (power of two) into 128, so a value is known to within 1/256 of itself:
// the stated error of 1 % holds with room to spare.
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace clew::query {

// Counts of magnitudes in a window of neighbouring buckets that grows as needed. The number of a bucket is
// simply the upper bits of the double: the exponent, then 7 bits of the mantissa. No logarithm is computed.
class BucketWindow {
 public:
  static constexpr int kShift = 52 - 7;

  static uint32_t bucket_of(double magnitude) {
    return static_cast<uint32_t>(std::bit_cast<uint64_t>(magnitude) >> kShift);
  }
  // The middle of a bucket.
  static double value_of(uint32_t bucket);

  void add(double magnitude, uint64_t weight) {
    uint32_t offset = bucket_of(magnitude) - first_;
    if (offset >= counts_.size()) [[unlikely]] {
      make_room(bucket_of(magnitude));
      offset = bucket_of(magnitude) - first_;
    }
    counts_[offset] += weight;
  }
  void merge(const BucketWindow& other);
  uint32_t first() const { return first_; }
  const std::vector<uint64_t>& counts() const { return counts_; }

 private:
  void make_room(uint32_t bucket);

  uint32_t first_ = 0;
  std::vector<uint64_t> counts_;
};

class PercentileSketch {
 public:
  static constexpr size_t kExactValues = 1000;
  static constexpr double kRelativeError = 0.01;

  // NaN is left out.
  void add(double value, uint64_t weight = 1) {
    if (buckets_) {
      add_to_buckets(value, weight);
    } else {
      add_exactly(value, weight);
    }
  }
  void merge(const PercentileSketch& other);

  // As if each value stood in a sorted list as often as its weight says, linearly interpolated between the
  // two neighbours of position quantile * (n - 1). Nothing without values.
  std::optional<double> quantile(double quantile) const;
  size_t bytes() const;

 private:
  struct Weighted {
    double value;
    uint64_t weight;
  };
  struct Buckets {
    BucketWindow positive, negative;
    uint64_t zero = 0;
    uint64_t total = 0;
  };

  void add_to_buckets(double value, uint64_t weight) {
    // Denormal numbers count as zero.
    if (value >= 0x1p-1022) {
      buckets_->positive.add(value, weight);
    } else if (value <= -0x1p-1022) {
      buckets_->negative.add(-value, weight);
    } else if (value == value) {
      buckets_->zero += weight;
    } else {
      return;
    }
    buckets_->total += weight;
  }
  void add_exactly(double value, uint64_t weight);
  void turn_to_buckets();
  std::optional<double> exact_quantile(double quantile) const;
  double value_at(uint64_t rank) const;

  std::vector<double> values_;
  std::vector<uint64_t> weights_;  // empty while all are 1
  std::unique_ptr<Buckets> buckets_;
};

}  // namespace clew::query
