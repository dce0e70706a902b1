// MetricFilter: makes a data point of a metric out of each event of a log group that its pattern matches.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/json_value.h"
#include "base/time.h"

namespace clew::cloudwatch_logs {

struct MetricFilter {
  static constexpr std::string_view kKind = "metric_filters";
  static constexpr size_t kMost = 100;  // of a group

  std::string name;
  std::string pattern;
  std::string metric;
  std::string space;  // the metric's namespace
  std::string value;  // "1", "$.latency", "$bytes"
  std::optional<double> default_value;
  std::map<std::string, std::string> dimensions;  // name → selector
  std::string unit;
  UnixNanos created;

  // What is kept, but for the name and the time.
  std::string body() const;
  static MetricFilter of_body(const JsonValue& body);
};

}  // namespace clew::cloudwatch_logs
