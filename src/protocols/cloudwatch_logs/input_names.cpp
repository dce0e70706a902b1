#include "protocols/cloudwatch_logs/input_names.h"

#include "protocols/cloudwatch_logs/errors.h"

namespace clew::cloudwatch_logs {

std::string group_name_of(Input& input) {
  const std::optional<std::string> name = input.text("logGroupName", {1, SIZE_MAX});
  const std::optional<std::string> identifier = input.text("logGroupIdentifier", {1, 2048});
  if (name && identifier)
    input.refuse(validation_failed("LogGroup name and LogGroup ARN are mutually exclusive parameters."));
  if (!name && !identifier)
    input.refuse(std::string("Either logGroupName or logGroupIdentifier must be given."));
  if (name && name->size() > 512)
    input.refuse(
        std::string("Invalid LogGroup or LogStream, both must have length less than or equal to 512."));
  return name ? *name : group_name_in(identifier.value_or(""));
}

std::variant<LogGroup, aws::Error> group_of(const Call& call, std::string_view name) {
  Result<LogGroup> group = LogGroups(call.records(), call.environment).find(name);
  if (!group.ok()) return error_of(group.status());
  return *std::move(group);
}

}  // namespace clew::cloudwatch_logs
