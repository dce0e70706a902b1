// A condition as it stands after WHERE, alone.
#pragma once

#include <optional>
#include <string_view>

#include "base/time.h"
#include "query/plan.h"

namespace clew::api {

struct ConditionOrFault {
  query::Filter filter;
  Status status;                   // bad_input
  std::optional<size_t> position;  // where in the text, in bytes
};

// `field`: where the text stands, for the error.
ConditionOrFault read_condition(std::string_view text, std::string_view field, UnixNanos now);

}  // namespace clew::api
