// Runs a query of Logs Insights over events.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "protocols/cloudwatch_logs/event_rows.h"
#include "protocols/cloudwatch_logs/insights_query.h"
#include "protocols/cloudwatch_logs/insights_row.h"
#include "query/plan.h"

namespace clew::cloudwatch_logs::insights {

// Beyond this many events, the newest, a query looks at no more.
constexpr size_t kMostEvents = 100'000;

struct Wanted {
  TimeRange range;
  query::Filter filter;  // that holds for every event that the query lets through, and for others
  size_t events = kMostEvents;
};
// The events of the query's groups that fit, the newest first.
using Fetch = std::function<Result<std::vector<Event>>(const Wanted& wanted)>;

struct Output {
  // A field without a value is not in its row. In the order in which they are shown.
  std::vector<std::vector<std::pair<std::string, std::string>>> rows;
  size_t events = 0;  // looked at
};
// `most` rows at most, unless the query itself says how many.
Result<Output> run(const Query& query, const TimeRange& range, size_t most, UnixNanos now,
                   const Fetch& fetch);

// Of the filters that stand before anything that changes rows.
query::Filter bound_of(const Query& query);

}  // namespace clew::cloudwatch_logs::insights
