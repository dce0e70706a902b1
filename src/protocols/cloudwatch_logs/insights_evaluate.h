// Expressions of Logs Insights, evaluated on a row.
#pragma once

#include "base/time.h"
#include "protocols/cloudwatch_logs/insights_query.h"
#include "protocols/cloudwatch_logs/insights_row.h"

namespace clew::cloudwatch_logs::insights {

// What an expression may look at beside the row.
struct Scope {
  UnixNanos now;
  TimeRange range;  // of the query
  // Of stats: the value of an aggregate call; nullptr outside of stats.
  const std::map<const Expression*, Value>* aggregates = nullptr;
};

Value evaluate(const Expression& expression, const Row& row, const Scope& scope);

// "5m" in milliseconds; nothing for what is no period.
std::optional<int64_t> period_in(std::string_view text);

}  // namespace clew::cloudwatch_logs::insights
