#include "pipeline/otlp/exponential_buckets.h"

#include <algorithm>
#include <cfloat>
#include <cmath>

namespace clew::pipeline {

int32_t ExponentialBuckets::index_of(double value) const {
  // A bucket does not hold its lower bound but its upper one.
  const double place = std::ceil(std::ldexp(std::log2(value), scale_)) - 1;
  return static_cast<int32_t>(std::clamp(place, -2147483000.0, 2147483000.0));
}

void ExponentialBuckets::add(double value, uint64_t times) {
  if (!(value >= DBL_MIN)) {
    zero_count_ += times;
    return;
  }
  value = std::min(value, DBL_MAX);
  int32_t index = index_of(value);
  if (counts_.empty()) offset_ = index;
  const auto first = [&] { return std::min<int64_t>(index, offset_); };
  const auto last = [&] {
    return std::max<int64_t>(index, int64_t{offset_} + static_cast<int64_t>(counts_.size()) - 1);
  };
  while (last() - first() >= static_cast<int64_t>(most_)) {
    coarsen(1);
    index = index_of(value);
  }
  if (index < offset_) {
    counts_.insert(counts_.begin(), static_cast<size_t>(offset_ - index), 0);
    offset_ = index;
  }
  const auto place = static_cast<size_t>(index - offset_);
  if (place >= counts_.size()) counts_.resize(place + 1);
  counts_[place] += times;
}

void ExponentialBuckets::coarsen(int32_t steps) {
  scale_ -= steps;
  const int32_t offset = offset_ >> steps;
  std::vector<uint64_t> counts;
  for (size_t i = 0; i < counts_.size(); ++i) {
    const auto place = static_cast<size_t>(((offset_ + static_cast<int32_t>(i)) >> steps) - offset);
    if (place >= counts.size()) counts.resize(place + 1);
    counts[place] += counts_[i];
  }
  offset_ = offset;
  counts_ = std::move(counts);
}

}  // namespace clew::pipeline
