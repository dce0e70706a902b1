// Runs a query of Logs Insights over events.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "protocols/cloudwatch_logs/event_rows.h"
#include "protocols/cloudwatch_logs/insights_pushdown.h"
#include "protocols/cloudwatch_logs/insights_query.h"
#include "protocols/cloudwatch_logs/insights_row.h"
#include "protocols/cloudwatch_logs/lookup_table.h"
#include "query/plan.h"
#include "query/result_table.h"

namespace clew::cloudwatch_logs::insights {

// Of the events that the filters at the beginning of a query let through, the newest that are held for what
// comes behind them. There is no bound on those that are looked at.
constexpr size_t kMostEvents = 100'000;
constexpr size_t kMostBytes = size_t{256} << 20;  // of their messages

struct Wanted {
  TimeRange range;
  query::Filter filter;      // that holds for every event that the query lets through, and for others
  Source source;             // of a query that says so itself; else those it was started with
  size_t likely = SIZE_MAX;  // how many will be taken, if all are fit
};
// Takes the next events; false when no more are wanted. What is not ok ends the reading.
using TakeEvents = std::function<Result<bool>(std::vector<Event> events)>;
// The events of the query's source that fit, the newest first, some at a time.
using Fetch = std::function<Status(const Wanted& wanted, const TakeEvents& take)>;

// The query engine, for what can be calculated on columns (insights_pushdown.h).
struct Engine {
  std::function<MemberColumns()> members;
  // Runs the plan over the events of the source and time that are wanted; Wanted::filter is of no account.
  std::function<Result<query::ResultTable>(const Wanted& wanted, query::Plan plan)> calculate;
};

// A table that was uploaded; not_found when there is none of that name.
using FindTable = std::function<Result<std::shared_ptr<const LookupTable>>(const std::string& name)>;

// What a query reads.
struct Sources {
  Fetch fetch;
  std::optional<Engine> engine;  // without one every event is looked at
  FindTable table;
};

struct Output {
  // A field without a value is not in its row. In the order in which they are shown.
  std::vector<std::vector<std::pair<std::string, std::string>>> rows;
  size_t events = 0;  // looked at
};
// `most` rows at most, unless the query itself says how many.
Result<Output> run(const Query& query, const TimeRange& range, size_t most, UnixNanos now,
                   const Sources& sources);

// Of the filters that stand before anything that changes rows.
query::Filter bound_of(const Query& query);

}  // namespace clew::cloudwatch_logs::insights
