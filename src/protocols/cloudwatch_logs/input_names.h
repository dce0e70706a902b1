// Which log group a request is about.
#pragma once

#include <string>
#include <variant>

#include "protocols/cloudwatch_logs/call.h"
#include "protocols/cloudwatch_logs/log_group.h"

namespace clew::cloudwatch_logs {

// logGroupName or logGroupIdentifier, of which exactly one must be there.
std::string group_name_of(Input& input);

// The group of a request, or why there is none. Reads `input`; ask it for its own mistakes first.
std::variant<LogGroup, aws::Error> group_of(const Call& call, std::string_view name);

}  // namespace clew::cloudwatch_logs
