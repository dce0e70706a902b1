#include "query/percentile_sketch.h"

#include <algorithm>
#include <numeric>

namespace clew::query {
namespace {

// Windows grow by whole octaves.
constexpr uint32_t kBucketsPerOctave = 1 << (52 - BucketWindow::kShift);

// Most groups of a fine grouping have few values: one allocation holds them.
constexpr size_t kFirstValues = 8;

// Where the percentile lies among `count` sorted values: between `rank` and its successor.
struct Position {
  uint64_t rank;
  double fraction;
};

Position position_of(double quantile, uint64_t count) {
  double position = quantile * static_cast<double>(count - 1);
  double rank = std::floor(position);
  return {std::min(static_cast<uint64_t>(rank), count - 1), position - rank};
}

double between(double low, double high, double fraction) {
  // Equal infinities have no difference.
  if (fraction == 0 || low == high) return low;
  return low + (high - low) * fraction;
}

}  // namespace

double BucketWindow::value_of(uint32_t bucket) {
  auto low = std::bit_cast<double>(uint64_t{bucket} << kShift);
  auto high = std::bit_cast<double>((uint64_t{bucket} + 1) << kShift);
  return std::isfinite(high) ? low + (high - low) / 2 : low;
}

void BucketWindow::make_room(uint32_t bucket) {
  uint32_t octave = bucket / kBucketsPerOctave * kBucketsPerOctave;
  if (counts_.empty()) {
    first_ = octave;
    counts_.resize(kBucketsPerOctave);
  } else if (octave < first_) {
    counts_.insert(counts_.begin(), first_ - octave, 0);
    first_ = octave;
  } else {
    counts_.resize(octave + kBucketsPerOctave - first_);
  }
}

void BucketWindow::merge(const BucketWindow& other) {
  if (other.counts_.empty()) return;
  if (counts_.empty() || other.first_ < first_) make_room(other.first_);
  auto last = static_cast<uint32_t>(other.first_ + other.counts_.size() - 1);
  if (last >= first_ + counts_.size()) make_room(last);
  for (size_t i = 0; i < other.counts_.size(); ++i) counts_[other.first_ - first_ + i] += other.counts_[i];
}

void PercentileSketch::add_exactly(double value, uint64_t weight) {
  if (std::isnan(value)) return;
  if (weight != 1 && weights_.empty()) weights_.assign(values_.size(), 1);
  if (values_.empty()) values_.reserve(kFirstValues);
  values_.push_back(value);
  if (weight != 1 || !weights_.empty()) weights_.push_back(weight);
  if (values_.size() > kExactValues) turn_to_buckets();
}

void PercentileSketch::turn_to_buckets() {
  buckets_ = std::make_unique<Buckets>();
  for (size_t i = 0; i < values_.size(); ++i) add_to_buckets(values_[i], weights_.empty() ? 1 : weights_[i]);
  values_ = {};
  weights_ = {};
}

void PercentileSketch::merge(const PercentileSketch& other) {
  if (!buckets_ && values_.empty() && !other.buckets_) {
    values_ = other.values_;
    weights_ = other.weights_;
    return;
  }
  if (!other.buckets_) {
    for (size_t i = 0; i < other.values_.size(); ++i)
      add(other.values_[i], other.weights_.empty() ? 1 : other.weights_[i]);
    return;
  }
  if (!buckets_) turn_to_buckets();
  buckets_->positive.merge(other.buckets_->positive);
  buckets_->negative.merge(other.buckets_->negative);
  buckets_->zero += other.buckets_->zero;
  buckets_->total += other.buckets_->total;
}

std::optional<double> PercentileSketch::quantile(double quantile) const {
  if (!buckets_) return exact_quantile(quantile);
  auto [rank, fraction] = position_of(quantile, buckets_->total);
  double low = value_at(rank);
  return between(low, fraction == 0 ? low : value_at(rank + 1), fraction);
}

std::optional<double> PercentileSketch::exact_quantile(double quantile) const {
  if (values_.empty()) return std::nullopt;
  if (weights_.empty()) {
    std::vector<double> sorted = values_;
    auto [rank, fraction] = position_of(quantile, sorted.size());
    auto at = sorted.begin() + static_cast<ptrdiff_t>(rank);
    std::nth_element(sorted.begin(), at, sorted.end());
    if (fraction == 0) return *at;
    return between(*at, *std::min_element(at + 1, sorted.end()), fraction);
  }
  std::vector<Weighted> sorted;
  for (size_t i = 0; i < values_.size(); ++i) sorted.push_back({values_[i], weights_[i]});
  std::sort(sorted.begin(), sorted.end(),
            [](const Weighted& a, const Weighted& b) { return a.value < b.value; });
  auto [rank, fraction] =
      position_of(quantile, std::accumulate(weights_.begin(), weights_.end(), uint64_t{0}));
  size_t i = 0;
  uint64_t passed = sorted[0].weight;
  while (passed <= rank) passed += sorted[++i].weight;
  bool successor_is_next_value = rank + 1 >= passed && i + 1 < sorted.size();
  return between(sorted[i].value, sorted[successor_is_next_value ? i + 1 : i].value, fraction);
}

double PercentileSketch::value_at(uint64_t rank) const {
  const auto& negative = buckets_->negative.counts();
  for (size_t i = negative.size(); i-- > 0;) {
    if (rank < negative[i])
      return -BucketWindow::value_of(buckets_->negative.first() + static_cast<uint32_t>(i));
    rank -= negative[i];
  }
  if (rank < buckets_->zero) return 0;
  rank -= buckets_->zero;
  const auto& positive = buckets_->positive.counts();
  double last = 0;
  for (size_t i = 0; i < positive.size(); ++i) {
    if (positive[i] == 0) continue;
    last = BucketWindow::value_of(buckets_->positive.first() + static_cast<uint32_t>(i));
    if (rank < positive[i]) return last;
    rank -= positive[i];
  }
  return last;
}

size_t PercentileSketch::bytes() const {
  size_t bytes = sizeof(*this) + values_.capacity() * sizeof(double) + weights_.capacity() * sizeof(uint64_t);
  if (!buckets_) return bytes;
  return bytes + sizeof(Buckets) +
         (buckets_->positive.counts().size() + buckets_->negative.counts().size()) * 8;
}

}  // namespace clew::query
