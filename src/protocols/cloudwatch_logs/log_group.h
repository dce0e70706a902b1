// Log groups: their settings, kept in the control database.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "control/records.h"

namespace clew::cloudwatch_logs {

using Tags = std::map<std::string, std::string>;

struct LogGroup {
  std::string name;
  UnixNanos created;
  // Events with lower numbers are of a group of the same name that was deleted.
  int64_t first_event = 0;
  std::optional<int64_t> retention_days;
  std::string log_class = "STANDARD";
  std::string kms_key;  // kept and shown; what is at rest is the disk's business
  bool deletion_protected = false;
  Tags tags;

  // The oldest event that is shown.
  UnixNanos oldest(UnixNanos now) const;
  std::string arn(std::string_view region) const;  // without ":*"
};

// Letters, digits and ._/#-
bool is_group_name(std::string_view name);
// Of a name, or of an ARN with or without ":*".
std::string group_name_in(std::string_view name_or_arn);
bool is_retention(int64_t days);

// Any thread.
class LogGroups {
 public:
  static constexpr size_t kMost = 1'000'000;
  static constexpr size_t kMostTags = 50;

  LogGroups(control::Records& records, EnvironmentId environment)
      : records_(records), environment_(environment) {}

  // By name.
  Result<std::vector<LogGroup>> list();
  // not_found when there is none.
  Result<LogGroup> find(std::string_view name);
  // conflict when there is one.
  Status create(const LogGroup& group);
  Status remove(std::string_view name);
  // What `change` makes of it. not_found when there is none.
  template <typename Change>
  Status change(std::string_view name, Change change) {
    return change_with(name, [&](LogGroup& group) { return change(group); });
  }

 private:
  Status change_with(std::string_view name, const std::function<Status(LogGroup&)>& change);

  control::Records& records_;
  EnvironmentId environment_;
};

}  // namespace clew::cloudwatch_logs
