// The operations about metric filters, and TestMetricFilter, which tries a pattern.
#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "protocols/cloudwatch_logs/errors.h"
#include "protocols/cloudwatch_logs/filter_input.h"
#include "protocols/cloudwatch_logs/filter_pattern.h"
#include "protocols/cloudwatch_logs/input_names.h"
#include "protocols/cloudwatch_logs/metric_filter.h"
#include "protocols/cloudwatch_logs/operations.h"

namespace clew::cloudwatch_logs {
namespace {

constexpr size_t kMostDimensions = 3;

// A number, "$.a.b" without wildcards, or "$column".
bool is_metric_value(std::string_view value) {
  if (value.starts_with("$.") || value.starts_with("$[")) {
    const auto selector = parse_selector(value);
    return selector.ok() && std::none_of(selector->begin(), selector->end(), [](const SelectorStep& step) {
             return step.kind == SelectorStep::Kind::any;
           });
  }
  if (value.starts_with('$')) return value.size() > 1;
  double number = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  return error == std::errc() && end == value.data() + value.size();
}

void read_transformation(Input& input, MetricFilter& filter) {
  const JsonValue* list = input.list("metricTransformations");
  input.require("metricTransformations");
  if (list == nullptr) return;
  if (list->array()->size() != 1) {
    input.refuse(std::string("metricTransformations must have exactly one member"));
    return;
  }
  Input one(list->array()->front());
  filter.metric = one.required_text("metricName", {1, 255});
  filter.space = one.required_text("metricNamespace", {1, 255});
  filter.value = one.required_text("metricValue", {1, 100});
  filter.unit = one.text("unit").value_or("None");
  const JsonValue* otherwise = list->array()->front().find("defaultValue");
  if (otherwise != nullptr && !otherwise->is_null()) filter.default_value = otherwise->number();
  if (const JsonValue* dimensions = one.object("dimensions")) {
    for (const JsonValue::Member& dimension : *dimensions->object())
      if (dimension.value.string() != nullptr)
        filter.dimensions.emplace(dimension.name, *dimension.value.string());
  }
  if (!one.ok()) input.refuse(one.error());
  if (filter.dimensions.size() > kMostDimensions)
    input.refuse(std::string("A metric can have at most 3 dimensions."));
  if (filter.default_value && !filter.dimensions.empty())
    input.refuse(std::string(
        "Invalid metric transformation: dimensions and default value are mutually exclusive properties."));
  if (one.ok() && !is_metric_value(filter.value))
    input.refuse(fmt::format(
        "Invalid metric transformation: metricValue '{}' is neither a number nor a field.", filter.value));
}

void write_filter(JsonWriter& json, const MetricFilter& filter, std::string_view group) {
  json.begin_object().key("filterName").string(filter.name).key("filterPattern").string(filter.pattern);
  json.key("logGroupName").string(group).key("creationTime").integer(filter.created.count / 1'000'000);
  json.key("applyOnTransformedLogs").boolean(false);
  json.key("metricTransformations").begin_array().begin_object();
  json.key("metricName").string(filter.metric).key("metricNamespace").string(filter.space);
  json.key("metricValue").string(filter.value).key("unit").string(filter.unit.empty() ? "None" : filter.unit);
  if (filter.default_value) json.key("defaultValue").number(*filter.default_value);
  if (!filter.dimensions.empty()) {
    json.key("dimensions").begin_object();
    for (const auto& [name, selector] : filter.dimensions) json.key(name).string(selector);
    json.end_object();
  }
  json.end_object().end_array().end_object();
}

}  // namespace

Answer put_metric_filter(const Call& call) {
  Input input(call.input);
  const FilterInput given = read_filter_input(input);
  MetricFilter filter{.name = given.name, .pattern = given.pattern};
  read_transformation(input, filter);
  if (!input.ok()) return input.error();
  if (const auto refused = refusal_of(call, given)) return *refused;
  if (const auto refused = refusal_for_want_of_room<MetricFilter>(call, given)) return *refused;
  return put_filter(call, given.group, filter);
}

Answer delete_metric_filter(const Call& call) {
  return delete_filter<MetricFilter>(call, "The specified metric filter does not exist.");
}

Answer describe_metric_filters(const Call& call) {
  Input input(call.input);
  const std::optional<std::string> group = input.text("logGroupName", {1, 512});
  const std::string prefix = input.text("filterNamePrefix", {1, 512}).value_or("");
  const std::optional<std::string> metric = input.text("metricName"), space = input.text("metricNamespace");
  const auto most = static_cast<size_t>(input.integer("limit", 1, 50).value_or(50));
  const std::string after = input.next_place("metric filters");
  if (!input.ok()) return input.error();
  std::vector<std::string> groups;
  if (group) {
    const auto found = group_of(call, *group);
    if (const auto* error = std::get_if<aws::Error>(&found)) return *error;
    groups.push_back(*group);
  } else {
    const auto all = LogGroups(call.records(), call.environment).list();
    if (!all.ok()) return error_of(all.status());
    for (const LogGroup& one : *all) groups.push_back(one.name);
  }
  JsonWriter json;
  json.begin_object().key("metricFilters").begin_array();
  size_t written = 0;
  std::string last;
  bool more = false;
  for (const std::string& name : groups) {
    const auto filters = GroupFilters<MetricFilter>(call.records(), call.environment, name).list();
    if (!filters.ok()) return error_of(filters.status());
    for (const MetricFilter& filter : *filters) {
      const std::string place = name + "\n" + filter.name;
      const bool wanted = filter.name.starts_with(prefix) && (!metric || *metric == filter.metric) &&
                          (!space || *space == filter.space);
      if (!wanted || (!after.empty() && place <= after) || more) continue;
      if (written == most) {
        more = true;
        continue;
      }
      write_filter(json, filter, name);
      ++written;
      last = place;
    }
  }
  json.end_array();
  if (more) json.key("nextToken").string(aws::page_token("metric filters", last));
  return json.end_object().take();
}

Answer test_metric_filter(const Call& call) {
  Input input(call.input);
  input.require("filterPattern");
  const std::string text = input.text("filterPattern", {0, 1024}).value_or("");
  const std::vector<std::string> messages = input.required_texts("logEventMessages", {1, 50});
  if (!input.ok()) return input.error();
  const Result<FilterPattern> pattern = FilterPattern::parse(text);
  if (!pattern.ok()) return error_of(pattern.status());
  JsonWriter json;
  json.begin_object().key("matches").begin_array();
  for (size_t i = 0; i < messages.size(); ++i) {
    if (!pattern->matches(messages[i])) continue;
    json.begin_object().key("eventNumber").integer(i + 1).key("eventMessage").string(messages[i]);
    json.key("extractedValues").begin_object();
    for (const auto& [name, value] : pattern->extracted(messages[i])) json.key(name).string(value);
    json.end_object().end_object();
  }
  return json.end_array().end_object().take();
}

}  // namespace clew::cloudwatch_logs
