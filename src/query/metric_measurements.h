// MetricMeasurements: the points of a metric as what was measured in each step of time, group by group.
//
// Points of a sum or histogram either tell what happened since the point before (delta) or since their
// process began (cumulative). The growth of a cumulative series is the difference of its points, series by
// series; one that began anew is another. Only then are series added up.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

#include "query/group_keys.h"
#include "query/histogram_buckets.h"
#include "query/long_sum.h"
#include "query/metric_points.h"
#include "query/scan.h"

namespace clew::query {

// What is made of a point.
enum class MetricForm : uint8_t { gauge, increase, value, histogram, summary };

// What was measured in a step, by all series of a group.
struct Measured {
  double count = 0;
  LongSum sum;
  double least = std::numeric_limits<double>::infinity(), most = -std::numeric_limits<double>::infinity();
  HistogramBuckets buckets;

  void add(const Measured& other) {
    count += other.count;
    sum.add(other.sum);
    extend(other.least, other.most);
    buckets.add(other.buckets);
  }
  void extend(double low, double high) {
    least = std::min(least, low);
    most = std::max(most, high);
  }
  double mean() const { return count > 0 ? sum.total() / count : 0; }
  // Of the buckets, but no further out than anything was measured.
  std::optional<double> quantile(double quantile) const {
    const auto value = buckets.quantile(quantile);
    return value && least <= most ? std::clamp(*value, least, most) : value;
  }
};

using GroupAndStep = std::pair<uint32_t, int64_t>;  // the step by its start

// What one worker reads, and in the end all of them.
class MetricMeasurements {
 public:
  // `by`: positions among the names of the scan.
  MetricMeasurements(Nanoseconds step, std::vector<size_t> by)
      : step_(step), keys_(std::move(by), std::nullopt) {}

  // `first_column`: as of read_points().
  Status visit(const GranuleScan& scan, size_t first_column);
  void merge(const MetricMeasurements& other);

  MetricForm commonest() const;
  // Of the points of a form, with the growth of cumulative series, which what began at `from` or later
  // counted from zero.
  std::map<GroupAndStep, Measured> of(MetricForm form, UnixNanos from) const;

  const GroupKeys& keys() const { return keys_; }
  size_t bytes() const { return bytes_ + keys_.bytes(); }

 private:
  static constexpr size_t kForms = 5;

  // The points of a series: one process's counting of it.
  struct SeriesKey {
    uint32_t group = 0;
    int64_t series = 0, start = 0;
    bool operator==(const SeriesKey&) const = default;
  };
  struct SeriesHash {
    size_t operator()(const SeriesKey& key) const {
      const uint64_t mixed = (static_cast<uint64_t>(key.series) ^ key.group) * 0x9e3779b97f4a7c15;
      return mixed ^ (static_cast<uint64_t>(key.start) * 0xc2b2ae3d27d4eb4f);
    }
  };

  struct Reading {
    int64_t time = 0;
    double value = 0;  // of a sum; the sum of a histogram's measurements
    double count = 0;
    double least = 0, most = 0;  // since its process began
    HistogramBuckets buckets;

    // Of two of one time, which one sender sent twice, the one that tells more.
    bool is_before(const Reading& other) const {
      return std::tie(time, count, value) < std::tie(other.time, other.count, other.value);
    }
  };

  // What of a series' points in a step has to be known: between the two it only grew.
  struct Ends {
    Reading first, last;
    void add(const Reading& reading) {
      if (reading.is_before(first)) first = reading;
      if (last.is_before(reading)) last = reading;
    }
  };

  void add(uint32_t group, const MetricPoint& point);
  static Reading reading_of(const MetricPoint& point);

  const Nanoseconds step_;
  GroupKeys keys_;
  std::array<uint64_t, kForms> points_{};
  std::array<std::map<GroupAndStep, Measured>, kForms> measured_;  // by points that stand for themselves
  std::array<std::unordered_map<SeriesKey, std::map<int64_t, Ends>, SeriesHash>, kForms> series_;
  size_t bytes_ = 0;
};

}  // namespace clew::query
