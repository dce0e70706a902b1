// The JSON documents that a subscription's destination receives, as AWS writes them.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "protocols/cloudwatch_logs/filter_pattern.h"
#include "protocols/cloudwatch_logs/forwarding.h"

namespace clew::cloudwatch_logs {

struct SubscriptionDocument {
  std::string json;
  size_t events = 0;  // in it; with none it need not be sent
};

// The events that match. Columns between blanks that the pattern names come along as extractedFields.
SubscriptionDocument data_message(std::string_view filter_name, const FilterPattern& pattern,
                                  const StoredEvents& stored);
// What a destination is tried with.
std::string control_message(UnixNanos now);

}  // namespace clew::cloudwatch_logs
