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

struct NumberPoint {
  TextPairs attributes;
  std::variant<int64_t, double> value;
};

struct HistogramPoint {
  TextPairs attributes;
  uint64_t count = 0;
  double sum = 0;
  std::vector<uint64_t> bucket_counts;  // one more than there are bounds
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
  // A metric without points is left out.
  void add(std::string_view name, std::string_view unit, MetricKind kind, const MetricTime& time,
           const std::vector<NumberPoint>& points);
  void add_histogram(std::string_view name, std::string_view unit, const MetricTime& time,
                     const std::vector<double>& bounds, const std::vector<HistogramPoint>& points);

  uint64_t points() const { return points_; }
  // Nothing may be added afterwards.
  Batch take();

 private:
  void end_resource();

  const std::string scope_;
  std::string request_;
  TextPairs resource_;
  std::string metrics_;  // of the resource
  uint64_t points_ = 0;
};

}  // namespace clew::pipeline
