#include "protocols/cloudwatch_logs/subscription_filters.h"

#include "base/json_value.h"
#include "base/json_writer.h"

namespace clew::cloudwatch_logs {

Result<std::vector<SubscriptionFilter>> SubscriptionFilters::list() {
  CLEW_ASSIGN(const std::vector<control::Record> all, records_.list(environment_, kind_));
  std::vector<SubscriptionFilter> filters;
  for (const control::Record& record : all) {
    CLEW_ASSIGN(const JsonValue body, parse_json(record.body));
    const auto text = [&](std::string_view name) {
      const JsonValue* value = body.find(name);
      return value == nullptr || value->string() == nullptr ? std::string() : *value->string();
    };
    filters.push_back({.name = record.name,
                       .pattern = text("pattern"),
                       .destination = text("destination"),
                       .role = text("role"),
                       .distribution = text("distribution"),
                       .created = record.created});
  }
  return filters;
}

Status SubscriptionFilters::put(const SubscriptionFilter& filter) {
  JsonWriter json;
  json.begin_object().key("pattern").string(filter.pattern).key("destination").string(filter.destination);
  json.key("role").string(filter.role).key("distribution").string(filter.distribution).end_object();
  return records_.put(environment_, kind_, filter.name, json.take());
}

Result<bool> SubscriptionFilters::remove(std::string_view name) {
  return records_.remove(environment_, kind_, name);
}

}  // namespace clew::cloudwatch_logs
