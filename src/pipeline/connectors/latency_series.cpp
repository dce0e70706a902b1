#include "pipeline/connectors/latency_series.h"

#include <algorithm>
#include <string>

#include <fmt/format.h>

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

void read_latency_bounds(Section& section, const char* key, std::vector<double>& bounds) {
  std::vector<std::string> texts;
  if (section.read(key, texts)) bounds.clear();
  for (const std::string& text : texts) {
    const auto bound = parse_go_duration(text);
    if (!bound || bound->count < 0)
      section.error(key, fmt::format("expected durations, as in 2ms or 1.5s, got '{}'", text));
    else
      bounds.push_back(static_cast<double>(bound->count) / 1e9);
  }
  if (!std::is_sorted(bounds.begin(), bounds.end())) section.error(key, "expected them in ascending order");
}

std::vector<double> usual_latency_bounds() {
  return {0.002, 0.004, 0.006, 0.008, 0.01, 0.05, 0.1, 0.2, 0.4, 0.8, 1, 1.4, 2, 5, 10, 15};
}

}  // namespace clew::pipeline
