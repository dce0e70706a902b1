#include "protocols/cloudwatch_logs/group_filters.h"

#include "base/json_value.h"
#include "protocols/cloudwatch_logs/forwarding.h"
#include "protocols/cloudwatch_logs/subscription_filters.h"

namespace clew::cloudwatch_logs {
namespace {

std::string text_in(const JsonValue& body, std::string_view name) {
  const JsonValue* value = body.find(name);
  return value == nullptr || value->string() == nullptr ? std::string() : *value->string();
}

std::string body_of(const MetricFilter& filter) {
  JsonWriter json;
  json.begin_object().key("pattern").string(filter.pattern).key("metric").string(filter.metric);
  json.key("space").string(filter.space).key("value").string(filter.value).key("unit").string(filter.unit);
  if (filter.default_value) json.key("default").number(*filter.default_value);
  json.key("dimensions").begin_object();
  for (const auto& [name, selector] : filter.dimensions) json.key(name).string(selector);
  return json.end_object().end_object().take();
}

MetricFilter metric_filter_of(const control::Record& record, const JsonValue& body) {
  MetricFilter filter{.name = record.name,
                      .pattern = text_in(body, "pattern"),
                      .metric = text_in(body, "metric"),
                      .space = text_in(body, "space"),
                      .value = text_in(body, "value"),
                      .default_value = {},
                      .dimensions = {},
                      .unit = text_in(body, "unit"),
                      .created = record.created};
  if (const JsonValue* value = body.find("default")) filter.default_value = value->number();
  const JsonValue* dimensions = body.find("dimensions");
  if (dimensions != nullptr && dimensions->object() != nullptr) {
    for (const JsonValue::Member& one : *dimensions->object())
      if (one.value.string() != nullptr) filter.dimensions.emplace(one.name, *one.value.string());
  }
  return filter;
}

}  // namespace

Result<std::vector<MetricFilter>> GroupFilters::metric_filters() {
  CLEW_ASSIGN(const std::vector<control::Record> all, records_.list(environment_, kind_));
  std::vector<MetricFilter> filters;
  for (const control::Record& record : all) {
    CLEW_ASSIGN(const JsonValue body, parse_json(record.body));
    filters.push_back(metric_filter_of(record, body));
  }
  return filters;
}
Status GroupFilters::put(const MetricFilter& filter) {
  return records_.put(environment_, kind_, filter.name, body_of(filter));
}
Result<bool> GroupFilters::remove_metric_filter(std::string_view name) {
  return records_.remove(environment_, kind_, name);
}

size_t count_metric_filters(const Call& call, std::string_view group) {
  const auto filters = GroupFilters(call.records(), call.environment, group).metric_filters();
  return filters.ok() ? filters->size() : 0;
}

Status remove_filters(const Call& call, std::string_view group) {
  GroupFilters filters(call.records(), call.environment, group);
  CLEW_ASSIGN(const std::vector<MetricFilter> metrics, filters.metric_filters());
  for (const MetricFilter& filter : metrics) {
    CLEW_TRY(filters.remove_metric_filter(filter.name).status());
  }
  SubscriptionFilters subscriptions(call.records(), call.environment, group);
  CLEW_ASSIGN(const std::vector<SubscriptionFilter> all, subscriptions.list());
  for (const SubscriptionFilter& filter : all) {
    CLEW_TRY(subscriptions.remove(filter.name).status());
  }
  call.context.forwarding.changed(call.environment, group);
  return {};
}

}  // namespace clew::cloudwatch_logs
