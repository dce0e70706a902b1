#include "protocols/cloudwatch_logs/group_filters.h"

#include "base/json_value.h"

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

std::string body_of(const SubscriptionFilter& filter) {
  JsonWriter json;
  json.begin_object().key("pattern").string(filter.pattern).key("destination").string(filter.destination);
  json.key("role").string(filter.role).key("distribution").string(filter.distribution);
  return json.end_object().take();
}

SubscriptionFilter subscription_filter_of(const control::Record& record, const JsonValue& body) {
  return {.name = record.name,
          .pattern = text_in(body, "pattern"),
          .destination = text_in(body, "destination"),
          .role = text_in(body, "role"),
          .distribution = text_in(body, "distribution"),
          .created = record.created};
}

template <typename Filter>
Result<std::vector<Filter>> read_all(control::Records& records, EnvironmentId environment,
                                     const std::string& kind,
                                     Filter (*read)(const control::Record&, const JsonValue&)) {
  CLEW_ASSIGN(const std::vector<control::Record> all, records.list(environment, kind));
  std::vector<Filter> filters;
  for (const control::Record& record : all) {
    CLEW_ASSIGN(const JsonValue body, parse_json(record.body));
    filters.push_back(read(record, body));
  }
  return filters;
}

}  // namespace

std::string GroupFilters::kind(std::string_view of) const {
  return "logs." + std::string(of) + ":" + group_;
}

Result<std::vector<MetricFilter>> GroupFilters::metric_filters() {
  return read_all(records_, environment_, kind("metric_filters"), metric_filter_of);
}
Status GroupFilters::put(const MetricFilter& filter) {
  return records_.put(environment_, kind("metric_filters"), filter.name, body_of(filter));
}
Result<bool> GroupFilters::remove_metric_filter(std::string_view name) {
  return records_.remove(environment_, kind("metric_filters"), name);
}

Result<std::vector<SubscriptionFilter>> GroupFilters::subscription_filters() {
  return read_all(records_, environment_, kind("subscription_filters"), subscription_filter_of);
}
Status GroupFilters::put(const SubscriptionFilter& filter) {
  return records_.put(environment_, kind("subscription_filters"), filter.name, body_of(filter));
}
Result<bool> GroupFilters::remove_subscription_filter(std::string_view name) {
  return records_.remove(environment_, kind("subscription_filters"), name);
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
  CLEW_ASSIGN(const std::vector<SubscriptionFilter> subscriptions, filters.subscription_filters());
  for (const SubscriptionFilter& filter : subscriptions) {
    CLEW_TRY(filters.remove_subscription_filter(filter.name).status());
  }
  return {};
}

}  // namespace clew::cloudwatch_logs
