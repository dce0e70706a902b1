// The body of POST /clew/v1/bubbleup: a question, and which of its rows are selected.
#pragma once

#include <optional>
#include <string_view>

#include "base/time.h"
#include "protocols/clew/call.h"
#include "query/bubble_up.h"

namespace clew::api {

struct BubbleUpQuestionOrFault {
  query::BubbleUpQuestion question;  // with a bounded range
  std::optional<Nanoseconds> time_limit;
  Status status;
  Fault fault;
};

BubbleUpQuestionOrFault read_bubble_up_question(std::string_view body, UnixNanos now);

}  // namespace clew::api
