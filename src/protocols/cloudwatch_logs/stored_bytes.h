// How much there is of each log group, asked of the store.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "protocols/cloudwatch_logs/call.h"
#include "protocols/cloudwatch_logs/log_group.h"

namespace clew::cloudwatch_logs {

// By name, as AWS counts: messages, and 26 bytes beside each. What retention or a deletion hides is not in
// it. Fails rather than take long.
Result<std::map<std::string, uint64_t>> stored_bytes_of(const Call& call,
                                                        const std::vector<LogGroup>& groups);

}  // namespace clew::cloudwatch_logs
