// FilterInput: what a request says of a filter of a log group, be it for a metric or for a subscription; and
// the rules that hold for both.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <variant>

#include "protocols/cloudwatch_logs/call.h"
#include "protocols/cloudwatch_logs/errors.h"
#include "protocols/cloudwatch_logs/filter_pattern.h"
#include "protocols/cloudwatch_logs/forwarding.h"
#include "protocols/cloudwatch_logs/group_filters.h"
#include "protocols/cloudwatch_logs/input_names.h"

namespace clew::cloudwatch_logs {

struct FilterInput {
  std::string group;
  std::string name;
  std::string pattern;
};

// Of a filter that is to be put.
FilterInput read_filter_input(Input& input);
// What forbids to put it, beside how many there are of its kind. Reads `input`; ask it for its mistakes
// first.
std::optional<aws::Error> refusal_of(const Call& call, const FilterInput& filter);

// Puts it on the group, in place of one with the same name.
template <typename Filter>
Answer put_filter(const Call& call, std::string_view group, const Filter& filter) {
  GroupFilters<Filter> filters(call.records(), call.environment, group);
  if (const Status put = filters.put(filter); !put.ok()) return error_of(put);
  call.context.forwarding.changed(call.environment, group);
  return std::string();
}

// Whether the group may have one of this name: it has it, or it has room.
template <typename Filter>
std::optional<aws::Error> refusal_for_want_of_room(const Call& call, const FilterInput& filter) {
  const auto all = GroupFilters<Filter>(call.records(), call.environment, filter.group).list();
  if (!all.ok()) return error_of(all.status());
  const bool known =
      std::any_of(all->begin(), all->end(), [&](const Filter& one) { return one.name == filter.name; });
  if (known || all->size() < Filter::kMost) return std::nullopt;
  return limit_exceeded("Resource limit exceeded.");
}

// The whole operation.
template <typename Filter>
Answer delete_filter(const Call& call, std::string_view missing) {
  Input input(call.input);
  const std::string group = input.required_text("logGroupName", {1, 512});
  const std::string name = input.required_text("filterName", {1, 512});
  if (!input.ok()) return input.error();
  const auto found = group_of(call, group);
  if (const auto* error = std::get_if<aws::Error>(&found)) return *error;
  const Result<bool> removed = GroupFilters<Filter>(call.records(), call.environment, group).remove(name);
  if (!removed.ok()) return error_of(removed.status());
  call.context.forwarding.changed(call.environment, group);
  if (!*removed) return not_found(std::string(missing));
  return std::string();
}

// All of a group that is deleted.
Status remove_filters(const Call& call, std::string_view group);

}  // namespace clew::cloudwatch_logs
