// The operations about subscription filters. Their destinations are services of AWS, none of which is here: a
// filter is refused as AWS refuses a destination that does not answer, so that nobody waits for what never
// comes.
#include <fmt/format.h>

#include "protocols/cloudwatch_logs/errors.h"
#include "protocols/cloudwatch_logs/filter_pattern.h"
#include "protocols/cloudwatch_logs/input_names.h"
#include "protocols/cloudwatch_logs/operations.h"

namespace clew::cloudwatch_logs {

Answer put_subscription_filter(const Call& call) {
  Input input(call.input);
  const std::string group = input.required_text("logGroupName", {1, 512});
  input.required_text("filterName", {1, 512});
  input.require("filterPattern");
  const std::string text = input.text("filterPattern", {0, 1024}).value_or("");
  const std::string destination = input.required_text("destinationArn", {1, 2048});
  if (!input.ok()) return input.error();
  const Result<FilterPattern> pattern = FilterPattern::parse(text);
  if (!pattern.ok()) return error_of(pattern.status());
  const auto found = group_of(call, group);
  if (const auto* error = std::get_if<aws::Error>(&found)) return *error;
  const bool is_lambda = destination.find(":lambda:") != std::string::npos;
  return invalid_parameter(
      is_lambda
          ? "Could not execute the lambda function. Make sure you have given CloudWatch Logs permission to "
            "execute "
            "your function."
          : "Could not deliver test message to specified destination. Check if the destination is valid.");
}

Answer describe_subscription_filters(const Call& call) {
  Input input(call.input);
  const std::string group = input.required_text("logGroupName", {1, 512});
  if (!input.ok()) return input.error();
  const auto found = group_of(call, group);
  if (const auto* error = std::get_if<aws::Error>(&found)) return *error;
  return std::string("{\"subscriptionFilters\":[]}");
}

Answer delete_subscription_filter(const Call& call) {
  Input input(call.input);
  const std::string group = input.required_text("logGroupName", {1, 512});
  input.required_text("filterName", {1, 512});
  if (!input.ok()) return input.error();
  const auto found = group_of(call, group);
  if (const auto* error = std::get_if<aws::Error>(&found)) return *error;
  return not_found("The specified subscription filter does not exist.");
}

}  // namespace clew::cloudwatch_logs
