// TraceCondition: a condition on a whole trace, and the traces that satisfy it. What languages with
// conditions on several spans of a trace, on its root, or on parents and children compile to.
#pragma once

#include <cstdint>
#include <vector>

#include "query/plan.h"
#include "query/query_limits.h"
#include "query/result_table.h"
#include "store/storage.h"
#include "telemetry/ids.h"

namespace clew::query {

// A tree. The default holds for every trace.
struct TraceCondition {
  enum class Kind : uint8_t {
    all,        // every child holds; without children: true
    any,        // some child holds; without children: false
    none,       // no child holds
    span,       // some span matches `filter`
    root,       // the root matches: the earliest span without a parent, else the earliest of all
    child,      // some span that matches has a parent that matches `other`
    childless,  // some span that matches has no child that matches `other`
    duration,   // from the first start to the last end, compared with `duration`
  };
  Kind kind = Kind::all;
  std::vector<TraceCondition> children;
  Filter filter;
  Filter other;
  Operator op = Operator::greater;  // one of the six that order
  Nanoseconds duration;

  bool operator==(const TraceCondition&) const = default;
};
TraceCondition some_span(Filter filter);
TraceCondition root_span(Filter filter);
TraceCondition some_child(Filter child, Filter parent);
TraceCondition some_childless(Filter span, Filter child);
TraceCondition duration_of_trace(Operator op, Nanoseconds duration);
TraceCondition all_conditions(std::vector<TraceCondition> children);
TraceCondition any_condition(std::vector<TraceCondition> children);
TraceCondition no_condition(std::vector<TraceCondition> children);

struct TraceQuestion {
  // A trace is looked at within this time around the range; what it did before and after does not count.
  static constexpr Nanoseconds kMargin = seconds(300);
  // Different filters in all conditions together.
  static constexpr size_t kMostFilters = 64;

  TimeRange range;                         // in which some span of the trace begins
  std::vector<TraceCondition> conditions;  // the first chooses the traces
  // Whether start and end of the traces are wanted; it costs looking at all spans.
  bool wants_times = false;
};

struct FoundTrace {
  TraceId id;
  UnixNanos newest;         // start of the newest span looked at
  UnixNanos start, end;     // when times are wanted
  std::vector<bool> holds;  // of each condition
};

struct FoundTraces {
  std::vector<FoundTrace> traces;  // newest first, then by id
  uint64_t traces_looked_at = 0;   // that have spans in the range; those that were passed over count
  Cost cost;
};

Result<FoundTraces> find_traces(const TraceQuestion& question, const store::Snapshot& snapshot,
                                const RunOptions& options, QueryLimits& limits);

}  // namespace clew::query
