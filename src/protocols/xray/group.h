// Group: traces under a name, chosen by a filter expression whenever somebody asks.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "control/records.h"
#include "protocols/xray/filter_expression.h"

namespace clew::xray {

struct Group {
  std::string name;
  std::string arn;
  std::string expression;  // empty: every trace
  bool insights = false, notifications = false;
};

inline constexpr std::string_view kDefaultGroup = "Default";

// What is to be different; absent members stay.
struct GroupChange {
  std::optional<std::string> expression;
  std::optional<bool> insights, notifications;
};

// The groups of each environment, in the control database. Any thread.
class Groups {
 public:
  explicit Groups(control::Records& records) : records_(records) {}

  // By name; Default, which holds every trace, is always there.
  Result<std::vector<Group>> list(EnvironmentId environment, std::string_view region);
  // bad_input when there is none.
  Result<Group> find(EnvironmentId environment, std::string_view name_or_arn, std::string_view region);
  // bad_input: the expression does not parse, or there is one of that name already.
  Result<Group> create(EnvironmentId environment, const Group& group, std::string_view region);
  Result<Group> update(EnvironmentId environment, std::string_view name_or_arn, const GroupChange& change,
                       std::string_view region);
  Status remove(EnvironmentId environment, std::string_view name_or_arn);

  // Parses, and puts the expressions of groups in the place of their names.
  Result<FilterExpression> read_filter(EnvironmentId environment, const std::string& expression);

 private:
  control::Records& records_;
};

}  // namespace clew::xray
