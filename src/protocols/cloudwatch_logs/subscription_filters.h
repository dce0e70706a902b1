// Subscription filters of a log group: which of its events are sent on, and where to.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "control/records.h"

namespace clew::cloudwatch_logs {

struct SubscriptionFilter {
  std::string name;
  std::string pattern;
  std::string destination;  // an http or https URL
  std::string role;         // kept and shown; a URL needs none
  std::string distribution = "ByLogStream";
  UnixNanos created;
};

// In the control database. Any thread.
class SubscriptionFilters {
 public:
  static constexpr size_t kMost = 2;

  SubscriptionFilters(control::Records& records, EnvironmentId environment, std::string_view group)
      : records_(records),
        environment_(environment),
        kind_("logs.subscription_filters:" + std::string(group)) {}

  Result<std::vector<SubscriptionFilter>> list();  // by name
  Status put(const SubscriptionFilter& filter);
  Result<bool> remove(std::string_view name);

 private:
  control::Records& records_;
  EnvironmentId environment_;
  std::string kind_;
};

}  // namespace clew::cloudwatch_logs
