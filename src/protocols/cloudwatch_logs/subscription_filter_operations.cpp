// The operations about subscription filters. AWS's destinations (Lambda, Kinesis, Firehose) are not here: a
// filter that names one is refused as AWS refuses a destination that does not answer, so that nobody waits
// for what never comes. In their place stands any http or https URL.
#include <fmt/format.h>

#include "net/http_client.h"
#include "protocols/cloudwatch_logs/errors.h"
#include "protocols/cloudwatch_logs/filter_input.h"
#include "protocols/cloudwatch_logs/input_names.h"
#include "protocols/cloudwatch_logs/operations.h"
#include "protocols/cloudwatch_logs/subscription_delivery.h"
#include "protocols/cloudwatch_logs/subscription_filter.h"

namespace clew::cloudwatch_logs {
namespace {

bool is_url(std::string_view destination) {
  return destination.starts_with("http://") || destination.starts_with("https://");
}

aws::Error unreachable(std::string_view destination, std::string_view why) {
  if (destination.find(":lambda:") != std::string_view::npos)
    return invalid_parameter(
        "Could not execute the lambda function. Make sure you have given CloudWatch Logs permission to "
        "execute your function.");
  return invalid_parameter(fmt::format(
      "Could not deliver test message to specified destination. Check if the destination is valid.{}{}",
      why.empty() ? "" : " ", why));
}

}  // namespace

Answer put_subscription_filter(const Call& call) {
  Input input(call.input);
  const FilterInput given = read_filter_input(input);
  SubscriptionFilter filter{.name = given.name, .pattern = given.pattern};
  filter.destination = input.required_text("destinationArn", {1, 2048});
  filter.role = input.text("roleArn", {1, 2048}).value_or("");
  filter.distribution = input.text("distribution").value_or("ByLogStream");
  if (!input.ok()) return input.error();
  if (filter.distribution != "ByLogStream" && filter.distribution != "Random")
    return invalid_parameter(fmt::format(
        "1 validation error detected: Value '{}' at 'distribution' failed to satisfy constraint: Member "
        "must satisfy enum value set: [ByLogStream, Random]",
        filter.distribution));
  if (const auto refused = refusal_of(call, given)) return *refused;
  if (const auto refused = refusal_for_want_of_room<SubscriptionFilter>(call, given)) return *refused;
  if (!is_url(filter.destination)) return unreachable(filter.destination, "");
  if (const auto url = net::parse_url(filter.destination); !url.ok())
    return unreachable(filter.destination, url.status().message());
  if (const Status tried = call.context.deliveries.check(filter.destination); !tried.ok())
    return unreachable(filter.destination, tried.message());
  return put_filter(call, given.group, filter);
}

Answer describe_subscription_filters(const Call& call) {
  Input input(call.input);
  const std::string group = input.required_text("logGroupName", {1, 512});
  const std::string prefix = input.text("filterNamePrefix", {1, 512}).value_or("");
  const auto most = static_cast<size_t>(input.integer("limit", 1, 50).value_or(50));
  const std::string after = input.next_place("subscription filters");
  if (!input.ok()) return input.error();
  const auto found = group_of(call, group);
  if (const auto* error = std::get_if<aws::Error>(&found)) return *error;
  const auto all = GroupFilters<SubscriptionFilter>(call.records(), call.environment, group).list();
  if (!all.ok()) return error_of(all.status());
  JsonWriter json;
  json.begin_object().key("subscriptionFilters").begin_array();
  size_t written = 0;
  std::string last, next;
  for (const SubscriptionFilter& filter : *all) {
    if (!filter.name.starts_with(prefix) || (!after.empty() && filter.name <= after)) continue;
    if (written == most) {
      next = last;
      break;
    }
    json.begin_object().key("filterName").string(filter.name).key("logGroupName").string(group);
    json.key("filterPattern").string(filter.pattern).key("destinationArn").string(filter.destination);
    if (!filter.role.empty()) json.key("roleArn").string(filter.role);
    json.key("distribution").string(filter.distribution).key("applyOnTransformedLogs").boolean(false);
    json.key("creationTime").integer(filter.created.count / 1'000'000).end_object();
    ++written;
    last = filter.name;
  }
  json.end_array();
  if (!next.empty()) json.key("nextToken").string(aws::page_token("subscription filters", next));
  return json.end_object().take();
}

Answer delete_subscription_filter(const Call& call) {
  return delete_filter<SubscriptionFilter>(call, "The specified subscription filter does not exist.");
}

}  // namespace clew::cloudwatch_logs
