// SubscriptionFilter: which events of a log group are sent on, and where to.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/json_value.h"
#include "base/time.h"

namespace clew::cloudwatch_logs {

struct SubscriptionFilter {
  static constexpr std::string_view kKind = "subscription_filters";
  static constexpr size_t kMost = 2;  // of a group

  std::string name;
  std::string pattern;
  std::string destination;  // an http or https URL
  std::string role;         // kept and shown; a URL needs none
  std::string distribution = "ByLogStream";
  UnixNanos created;

  // What is kept, but for the name and the time.
  std::string body() const;
  static SubscriptionFilter of_body(const JsonValue& body);
};

}  // namespace clew::cloudwatch_logs
