#include "protocols/cloudwatch_logs/subscription_filter.h"

#include "base/json_writer.h"

namespace clew::cloudwatch_logs {

std::string SubscriptionFilter::body() const {
  JsonWriter json;
  json.begin_object().key("pattern").string(pattern).key("destination").string(destination);
  return json.key("role").string(role).key("distribution").string(distribution).end_object().take();
}

SubscriptionFilter SubscriptionFilter::of_body(const JsonValue& body) {
  const auto text = [&](std::string_view name) {
    const JsonValue* found = body.find(name);
    return found == nullptr || found->string() == nullptr ? std::string() : *found->string();
  };
  SubscriptionFilter filter;
  filter.pattern = text("pattern");
  filter.destination = text("destination");
  filter.role = text("role");
  filter.distribution = text("distribution");
  return filter;
}

}  // namespace clew::cloudwatch_logs
