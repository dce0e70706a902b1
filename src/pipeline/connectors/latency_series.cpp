#include "pipeline/connectors/latency_series.h"

#include <algorithm>

namespace clew::pipeline {

void LatencySeries::add(const LatencyShape& shape, double value, uint64_t times) {
  count_ += times;
  sum_ += value * static_cast<double>(times);
  if (exponential_) return exponential_->add(value, times);
  const auto place = std::lower_bound(shape.bounds.begin(), shape.bounds.end(), value) - shape.bounds.begin();
  buckets_[static_cast<size_t>(place)] += times;
}

ExponentialPoint LatencySeries::exponential_point() const {
  ExponentialPoint point{.count = count_, .sum = sum_, .bucket_counts = {}};
  if (!exponential_) return point;
  point.scale = exponential_->scale();
  point.offset = exponential_->offset();
  point.zero_count = exponential_->zero_count();
  point.bucket_counts = exponential_->counts();
  return point;
}

std::vector<double> usual_latency_bounds() {
  return {0.002, 0.004, 0.006, 0.008, 0.01, 0.05, 0.1, 0.2, 0.4, 0.8, 1, 1.4, 2, 5, 10, 15};
}

}  // namespace clew::pipeline
