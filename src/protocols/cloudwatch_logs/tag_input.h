// Tags in a request.
#pragma once

#include "protocols/cloudwatch_logs/call.h"
#include "protocols/cloudwatch_logs/log_group.h"

namespace clew::cloudwatch_logs {

// An object of texts. Refuses what is no tag.
Tags read_tags(Input& input, std::string_view member);

}  // namespace clew::cloudwatch_logs
