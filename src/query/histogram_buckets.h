// HistogramBuckets: how many measurements of a metric lie between which bounds. Explicit and exponential
// buckets become the same here: ranges with a count.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

namespace clew::query {

enum class MetricKind : uint8_t { gauge, sum, histogram, exponential_histogram, summary };

class HistogramBuckets {
 public:
  // More than this in one point are not read: it has none then.
  static constexpr size_t kMostBuckets = 20'000;

  // Of a data point as it is stored in metric.point; none when its kind has no buckets or the bytes are
  // wrong.
  static HistogramBuckets of_point(MetricKind kind, std::string_view point);

  // Without those that were counted before. An exponential histogram may have become coarser meanwhile.
  HistogramBuckets since(const HistogramBuckets& before) const;
  void add(const HistogramBuckets& other);

  double count() const;
  // As if measurements were spread evenly within their bucket; nothing without measurements. In a bucket that
  // has no end it is the bound that is known.
  std::optional<double> quantile(double quantile) const;

  size_t bytes() const { return ranges_.capacity() * sizeof(Range); }

 private:
  struct Range {
    double low, high;  // measurements above low, up to high
    double count;
    bool is_before(const Range& other) const {
      return high != other.high ? high < other.high : low < other.low;
    }
  };
  void read_explicit(std::string_view point);
  void read_exponential(std::string_view point);

  std::vector<Range> ranges_;  // ascending; counts may be 0
};

}  // namespace clew::query
