#include "query/histogram_buckets.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "telemetry/otlp_fields.h"
#include "telemetry/protobuf_fields.h"

namespace clew::query {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
// Beyond these a step of the scale is no longer a number, or all numbers are one bucket.
constexpr int64_t kFinestScale = 20, kCoarsestScale = -11;

int64_t from_zigzag(uint64_t value) {
  return static_cast<int64_t>(value >> 1) ^ -static_cast<int64_t>(value & 1);
}

// Packed or one by one, as both are allowed.
void append_fixed64(const ProtobufField& field, std::vector<uint64_t>& values) {
  if (field.type == WireType::fixed64) values.push_back(field.integer);
  if (field.type != WireType::bytes) return;
  for (size_t at = 0; at + 8 <= field.bytes.size(); at += 8) {
    uint64_t value = 0;
    for (size_t i = 0; i < 8; ++i) value |= uint64_t{static_cast<uint8_t>(field.bytes[at + i])} << (8 * i);
    values.push_back(value);
  }
}

void append_varints(const ProtobufField& field, std::vector<uint64_t>& values) {
  if (field.type == WireType::varint) values.push_back(field.integer);
  if (field.type != WireType::bytes) return;
  uint64_t value = 0;
  unsigned shift = 0;
  for (const char c : field.bytes) {
    const auto byte = static_cast<uint8_t>(c);
    if (shift < 64) value |= uint64_t{byte & 0x7fu} << shift;
    shift += 7;
    if (byte >= 128) continue;
    values.push_back(value);
    value = 0;
    shift = 0;
  }
}

struct ExponentialSide {
  int64_t offset = 0;
  std::vector<uint64_t> counts;
};

ExponentialSide read_side(std::string_view message) {
  ExponentialSide side;
  ProtobufFields fields(message);
  ProtobufField field;
  while (fields.next(field)) {
    if (field.number == otlp::exponential_buckets::offset && field.type == WireType::varint)
      side.offset = from_zigzag(field.integer);
    if (field.number == otlp::exponential_buckets::bucket_counts) append_varints(field, side.counts);
  }
  return side;
}

}  // namespace

HistogramBuckets HistogramBuckets::of_point(MetricKind kind, std::string_view point) {
  HistogramBuckets buckets;
  if (kind == MetricKind::histogram) buckets.read_explicit(point);
  if (kind == MetricKind::exponential_histogram) buckets.read_exponential(point);
  return buckets;
}

void HistogramBuckets::read_explicit(std::string_view point) {
  std::vector<uint64_t> counts, bounds;
  ProtobufFields fields(point);
  ProtobufField field;
  while (fields.next(field)) {
    if (field.number == otlp::histogram_point::bucket_counts) append_fixed64(field, counts);
    if (field.number == otlp::histogram_point::explicit_bounds) append_fixed64(field, bounds);
  }
  if (counts.size() != bounds.size() + 1 || counts.size() > kMostBuckets) return;
  double low = -kInfinity;
  for (size_t i = 0; i < counts.size(); ++i) {
    const double high = i < bounds.size() ? std::bit_cast<double>(bounds[i]) : kInfinity;
    if (!(high > low)) {
      ranges_.clear();
      return;
    }
    // What is measured in seconds or bytes is not negative.
    ranges_.push_back({i == 0 && high > 0 ? 0 : low, high, static_cast<double>(counts[i])});
    low = high;
  }
}

void HistogramBuckets::read_exponential(std::string_view point) {
  int64_t scale = 0;
  uint64_t zeros = 0;
  ExponentialSide positive, negative;
  ProtobufFields fields(point);
  ProtobufField field;
  while (fields.next(field)) {
    if (field.number == otlp::exponential_point::scale && field.type == WireType::varint)
      scale = from_zigzag(field.integer);
    if (field.number == otlp::exponential_point::zero_count) zeros = field.integer;
    if (field.type != WireType::bytes) continue;
    if (field.number == otlp::exponential_point::positive) positive = read_side(field.bytes);
    if (field.number == otlp::exponential_point::negative) negative = read_side(field.bytes);
  }
  if (positive.counts.size() + negative.counts.size() > kMostBuckets || scale > kFinestScale ||
      scale < kCoarsestScale)
    return;
  const auto bound = [scale](int64_t index) {
    return std::exp2(std::ldexp(static_cast<double>(index), static_cast<int>(-scale)));
  };
  for (size_t i = 0; i < negative.counts.size(); ++i) {
    const int64_t index = negative.offset + static_cast<int64_t>(i);
    ranges_.push_back({-bound(index + 1), -bound(index), static_cast<double>(negative.counts[i])});
  }
  if (zeros > 0) ranges_.push_back({0, 0, static_cast<double>(zeros)});
  for (size_t i = 0; i < positive.counts.size(); ++i) {
    const int64_t index = positive.offset + static_cast<int64_t>(i);
    ranges_.push_back({bound(index), bound(index + 1), static_cast<double>(positive.counts[i])});
  }
  std::sort(ranges_.begin(), ranges_.end(), [](const Range& a, const Range& b) { return a.is_before(b); });
}

HistogramBuckets HistogramBuckets::since(const HistogramBuckets& before) const {
  HistogramBuckets grown = *this;
  auto at = grown.ranges_.begin();
  for (const Range& earlier : before.ranges_) {
    while (at != grown.ranges_.end() && at->high < earlier.high) ++at;
    if (at == grown.ranges_.end()) break;
    at->count = std::max(at->count - earlier.count, 0.0);
  }
  return grown;
}

void HistogramBuckets::add(const HistogramBuckets& other) {
  std::vector<Range> both;
  both.reserve(std::max(ranges_.size(), other.ranges_.size()));
  auto a = ranges_.begin();
  auto b = other.ranges_.begin();
  while (a != ranges_.end() || b != other.ranges_.end()) {
    if (b == other.ranges_.end() || (a != ranges_.end() && a->is_before(*b))) {
      both.push_back(*a++);
    } else if (a == ranges_.end() || b->is_before(*a)) {
      both.push_back(*b++);
    } else {
      both.push_back({a->low, a->high, a->count + b->count});
      ++a;
      ++b;
    }
  }
  ranges_ = std::move(both);
}

double HistogramBuckets::count() const {
  double count = 0;
  for (const Range& range : ranges_) count += range.count;
  return count;
}

std::optional<double> HistogramBuckets::quantile(double quantile) const {
  const double all = count();
  if (!(all > 0)) return std::nullopt;
  const double wanted = all * quantile;
  double below = 0;
  for (const Range& range : ranges_) {
    if (range.count == 0 || below + range.count < wanted) {
      below += range.count;
      continue;
    }
    if (range.high == kInfinity) return range.low == -kInfinity ? 0 : range.low;
    if (range.low == -kInfinity) return range.high;
    return range.low + (range.high - range.low) * (wanted - below) / range.count;
  }
  // Rounding may leave the last step short.
  const auto last =
      std::find_if(ranges_.rbegin(), ranges_.rend(), [](const Range& r) { return r.count > 0; });
  return last->high == kInfinity ? last->low : last->high;
}

}  // namespace clew::query
