// LatencySeries: how often something happened, and how long it took. What spanmetrics and servicegraph count.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "pipeline/config/section.h"
#include "pipeline/otlp/exponential_buckets.h"
#include "pipeline/otlp/metric_request.h"

namespace clew::pipeline {

struct LatencyShape {
  std::vector<double> bounds;   // in the unit of the values
  size_t exponential_size = 0;  // not 0: exponential buckets instead, so many at most
};

class LatencySeries {
 public:
  explicit LatencySeries(const LatencyShape& shape) {
    if (shape.exponential_size != 0)
      exponential_.emplace(shape.exponential_size);
    else
      buckets_.resize(shape.bounds.size() + 1);
  }

  // `times`: how many measurements this one stands for.
  void add(const LatencyShape& shape, double value, uint64_t times);
  uint64_t count() const { return count_; }
  HistogramPoint histogram_point() const { return {{}, count_, sum_, buckets_}; }
  ExponentialPoint exponential_point() const;

 private:
  uint64_t count_ = 0;
  double sum_ = 0;
  std::vector<uint64_t> buckets_;
  std::optional<ExponentialBuckets> exponential_;
};

// Durations as the Collector writes them, into seconds; what is wrong with them is said of `key`.
void read_latency_bounds(Section& section, const char* key, std::vector<double>& bounds);

// "2ms, 4ms, … 15s", in seconds, as the Collector has them.
std::vector<double> usual_latency_bounds();

}  // namespace clew::pipeline
