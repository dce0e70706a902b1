#include "protocols/cloudwatch_logs/filter_input.h"

#include "protocols/cloudwatch_logs/metric_filter.h"
#include "protocols/cloudwatch_logs/subscription_filter.h"

namespace clew::cloudwatch_logs {
namespace {

// Of both kinds together.
constexpr size_t kMostWithExpressions = 5;

bool is_filter_name(std::string_view name) {
  return !name.empty() && name.size() <= 512 && name.find_first_of(":*") == std::string_view::npos;
}

// Filters with regular expressions, but for the one of this name.
template <typename Filter>
Result<size_t> count_with_expressions(const Call& call, const FilterInput& but_for) {
  CLEW_ASSIGN(const std::vector<Filter> all,
              GroupFilters<Filter>(call.records(), call.environment, but_for.group).list());
  size_t count = 0;
  for (const Filter& one : all) {
    const auto pattern = FilterPattern::parse(one.pattern);
    if (one.name != but_for.name && pattern.ok() && pattern->has_expressions()) ++count;
  }
  return count;
}

}  // namespace

FilterInput read_filter_input(Input& input) {
  FilterInput filter{.group = input.required_text("logGroupName", {1, 512}),
                     .name = input.required_text("filterName", {1, 512}),
                     .pattern = {}};
  input.require("filterPattern");
  filter.pattern = input.text("filterPattern", {0, 1024}).value_or("");
  return filter;
}

std::optional<aws::Error> refusal_of(const Call& call, const FilterInput& filter) {
  if (!is_filter_name(filter.name)) return invalid_parameter("filterName must not contain ':' or '*'.");
  const Result<FilterPattern> pattern = FilterPattern::parse(filter.pattern);
  if (!pattern.ok()) return error_of(pattern.status());
  const auto found = group_of(call, filter.group);
  if (const auto* error = std::get_if<aws::Error>(&found)) return *error;
  if (!pattern->has_expressions()) return std::nullopt;
  const auto metrics = count_with_expressions<MetricFilter>(call, filter);
  if (!metrics.ok()) return error_of(metrics.status());
  const auto subscriptions = count_with_expressions<SubscriptionFilter>(call, filter);
  if (!subscriptions.ok()) return error_of(subscriptions.status());
  if (*metrics + *subscriptions < kMostWithExpressions) return std::nullopt;
  return limit_exceeded("A log group can have at most 5 filters with regular expressions.");
}

Status remove_filters(const Call& call, std::string_view group) {
  CLEW_TRY(GroupFilters<MetricFilter>(call.records(), call.environment, group).remove_all());
  CLEW_TRY(GroupFilters<SubscriptionFilter>(call.records(), call.environment, group).remove_all());
  call.context.forwarding.changed(call.environment, group);
  return {};
}

}  // namespace clew::cloudwatch_logs
