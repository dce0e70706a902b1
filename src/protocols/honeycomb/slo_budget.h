// SloBudget: how much of an SLO's error budget is left, and how quickly it goes.
#pragma once

#include <string>
#include <vector>

#include "base/json_value.h"
#include "protocols/honeycomb/dataset_query.h"

namespace clew::honeycomb {

struct SloCounts {
  double good = 0, bad = 0;
  double total() const { return good + bad; }
};

// Of the last `minutes` before `now`, over all datasets of the SLO. Events without a verdict do not count.
Result<SloCounts> count_slo(const QueryPlace& place, const JsonValue& slo, int64_t minutes, UnixNanos now,
                            const query::RunOptions& options);

struct SloBudget {
  SloCounts period;               // of the whole time period
  double allowed = 0;             // bad events that the target permits
  double compliance = 100;        // percent
  double budget_remaining = 100;  // percent; negative when overspent
};
// As of one moment, from what came until then.
struct SloMoment {
  UnixNanos at;
  double compliance = 100;
  double budget_remaining = 100;
};
// From `from` to `to`, at every hour, or every day when that is more than three days.
Result<std::vector<SloMoment>> slo_history(const QueryPlace& place, const JsonValue& slo, UnixNanos from,
                                           UnixNanos to, const query::RunOptions& options);

Result<SloBudget> slo_budget(const QueryPlace& place, const JsonValue& slo, UnixNanos now,
                             const query::RunOptions& options);

}  // namespace clew::honeycomb
