// What is set on a log group to look at its events as they come: metric filters.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "protocols/cloudwatch_logs/call.h"

namespace clew::cloudwatch_logs {

struct MetricFilter {
  std::string name;
  std::string pattern;
  std::string metric;
  std::string space;  // the metric's namespace
  std::string value;  // "1", "$.latency", "$bytes"
  std::optional<double> default_value;
  std::map<std::string, std::string> dimensions;  // name → selector
  std::string unit;
  UnixNanos created;
};

// In the control database. Any thread.
class GroupFilters {
 public:
  static constexpr size_t kMostMetricFilters = 100;
  static constexpr size_t kMostWithExpressions = 5;

  GroupFilters(control::Records& records, EnvironmentId environment, std::string_view group)
      : records_(records), environment_(environment), kind_("logs.metric_filters:" + std::string(group)) {}

  Result<std::vector<MetricFilter>> metric_filters();  // by name
  Status put(const MetricFilter& filter);
  Result<bool> remove_metric_filter(std::string_view name);

 private:
  control::Records& records_;
  EnvironmentId environment_;
  std::string kind_;
};

// 0 when they cannot be read.
size_t count_metric_filters(const Call& call, std::string_view group);
// All of a group that is deleted.
Status remove_filters(const Call& call, std::string_view group);

}  // namespace clew::cloudwatch_logs
