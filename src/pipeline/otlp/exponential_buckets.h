// ExponentialBuckets: counts of values in buckets whose bounds grow by a constant factor, as fine as the
// number of buckets allows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace clew::pipeline {

class ExponentialBuckets {
 public:
  explicit ExponentialBuckets(size_t most_buckets) : most_(most_buckets < 2 ? 2 : most_buckets) {}

  // Not negative; NaN counts as 0.
  void add(double value, uint64_t times);

  // The bounds of bucket i are base^(offset + i) and base^(offset + i + 1), where base is 2^(2^-scale).
  int32_t scale() const { return scale_; }
  int32_t offset() const { return offset_; }
  const std::vector<uint64_t>& counts() const { return counts_; }
  uint64_t zero_count() const { return zero_count_; }

 private:
  int32_t index_of(double value) const;
  void coarsen(int32_t steps);

  const size_t most_;
  int32_t scale_ = 20;
  int32_t offset_ = 0;
  std::vector<uint64_t> counts_;
  uint64_t zero_count_ = 0;
};

}  // namespace clew::pipeline
