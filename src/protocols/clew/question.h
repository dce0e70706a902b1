// Question: the body of POST /clew/v1/query, read into a plan.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"
#include "protocols/clew/call.h"
#include "query/plan.h"

namespace clew::api {

struct Question {
  query::Plan plan;  // with a bounded range
  std::optional<Nanoseconds> time_limit;
  // When the answer is expected to take longer than this, its newest part comes first.
  std::optional<Nanoseconds> first_look_after;
  // In the short form with its range as it was written, when it is to be kept in the history.
  struct Remembered {
    std::string query, from, to;
    std::string_view heatmap_steps;  // "equal", "logarithmic"
  };
  std::optional<Remembered> remembered;
};

struct QuestionOrFault {
  Question question;
  Status status;
  Fault fault;
};

QuestionOrFault read_question(std::string_view body, UnixNanos now);

// A width of time buckets that makes a readable chart of the range: at most about 150 of them.
Nanoseconds readable_granularity(const TimeRange& range);

}  // namespace clew::api
