// MetricRequest: writes an export request of metrics, for parts that measure something themselves.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/time.h"
#include "telemetry/batch.h"

namespace clew::pipeline {

using TextPairs = std::vector<std::pair<std::string, std::string>>;

// Keys, and AnyValue messages.
using EncodedPairs = std::vector<std::pair<std::string, std::string>>;

// A single measurement that a point is made of.
struct Exemplar {
  UnixNanos at;
  double value = 0;
  std::string trace_id, span_id;  // 16 and 8 bytes, or empty
  TextPairs attributes{};
};

// What a point may have beyond its value.
struct PointExtras {
  EncodedPairs typed{};  // more attributes
  std::vector<Exemplar> exemplars{};
  std::optional<UnixNanos> start{}, at{};  // instead of those of the metric
  bool has_no_value = false;               // the series has ended
};

struct NumberPoint {
  TextPairs attributes;
  std::variant<int64_t, double> value;
  PointExtras extras{};
};

struct HistogramPoint {
  TextPairs attributes;
  uint64_t count = 0;
  double sum = 0;
  std::vector<uint64_t> bucket_counts;  // one more than there are bounds
  PointExtras extras{};
};

struct ExponentialPoint {
  uint64_t count = 0;
  double sum = 0;
  int32_t scale = 0;
  int32_t offset = 0;
  uint64_t zero_count = 0;
  std::vector<uint64_t> bucket_counts;
  PointExtras extras{};
};

struct SummaryPoint {
  TextPairs attributes;
  uint64_t count = 0;
  double sum = 0;
  std::vector<std::pair<double, double>> quantiles;  // quantile, value
  PointExtras extras{};
};

enum class MetricKind : uint8_t { gauge, sum, monotonic_sum };

// A sum is of the time since `start`; delta: since the request before.
struct MetricTime {
  UnixNanos start, at;
  bool delta = false;
};

class MetricRequest {
 public:
  explicit MetricRequest(std::string_view scope) : scope_(scope) {}

  // What follows belongs to this resource; called first.
  void begin_resource(const TextPairs& attributes);
  // The same, with a Resource message as it is.
  void begin_resource_message(std::string resource);
  // A metric without points is left out.
  void add(std::string_view name, std::string_view unit, MetricKind kind, const MetricTime& time,
           const std::vector<NumberPoint>& points, std::string_view description = {});
  void add_histogram(std::string_view name, std::string_view unit, const MetricTime& time,
                     const std::vector<double>& bounds, const std::vector<HistogramPoint>& points,
                     std::string_view description = {});
  void add_exponential(std::string_view name, std::string_view unit, const MetricTime& time,
                       const std::vector<ExponentialPoint>& points);
  void add_summary(std::string_view name, std::string_view unit, const MetricTime& time,
                   const std::vector<SummaryPoint>& points, std::string_view description = {});

  uint64_t points() const { return points_; }
  // Nothing may be added afterwards.
  Batch take();

 private:
  void end_resource();

  const std::string scope_;
  std::string request_;
  std::string resource_;  // a Resource message
  std::string metrics_;   // of the resource
  uint64_t points_ = 0;
};

}  // namespace clew::pipeline
