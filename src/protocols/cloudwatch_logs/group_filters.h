// GroupFilters: the filters of one kind that are set on a log group, in the control database: metric filters
// (metric_filter.h) and subscription filters (subscription_filter.h).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json_value.h"
#include "base/result.h"
#include "control/records.h"

namespace clew::cloudwatch_logs {

// Any thread. A Filter has a name, a pattern, created; kKind and kMost of a group; and goes into a body() and
// back with of_body().
template <typename Filter>
class GroupFilters {
 public:
  GroupFilters(control::Records& records, EnvironmentId environment, std::string_view group)
      : records_(records),
        environment_(environment),
        kind_("logs." + std::string(Filter::kKind) + ":" + std::string(group)) {}

  Result<std::vector<Filter>> list() {  // by name
    CLEW_ASSIGN(const std::vector<control::Record> all, records_.list(environment_, kind_));
    std::vector<Filter> filters;
    for (const control::Record& record : all) {
      CLEW_ASSIGN(const JsonValue body, parse_json(record.body));
      Filter& filter = filters.emplace_back(Filter::of_body(body));
      filter.name = record.name;
      filter.created = record.created;
    }
    return filters;
  }
  Status put(const Filter& filter) { return records_.put(environment_, kind_, filter.name, filter.body()); }
  Result<bool> remove(std::string_view name) { return records_.remove(environment_, kind_, name); }
  Status remove_all() {
    CLEW_ASSIGN(const std::vector<control::Record> all, records_.list(environment_, kind_));
    for (const control::Record& record : all) {
      CLEW_TRY(remove(record.name).status());
    }
    return {};
  }

 private:
  control::Records& records_;
  EnvironmentId environment_;
  std::string kind_;
};

}  // namespace clew::cloudwatch_logs
