// What the calculations of a plan make of rows, in the plainest way: for each set of rows anew, whatever is
// known of others.
#pragma once

#include <optional>
#include <vector>

#include "query/formulas.h"
#include "query/plan.h"
#include "query/result_table.h"
#include "query/testing/naive_numbers.h"
#include "query/testing/naive_rows.h"

namespace clew::query::testing {

class NaiveCalculations {
 public:
  // `matching`: all rows that the plan is about. The plan must outlive this.
  NaiveCalculations(const Plan& plan, const Rows& matching);

  std::vector<Value> of(const Rows& rows) const;
  // The same of what is beyond the limit, which has no rates.
  std::vector<Value> of_others(const Rows& rows) const;
  Series series_of(const std::vector<Rows>& groups) const;
  // Without values.
  std::vector<ResultColumn> columns() const;

 private:
  // From when to when a span runs within the range.
  struct Run {
    int64_t start, end;
    uint64_t weight;
  };

  Rows rows_of(const Calculation& calculation, const Rows& rows) const;
  std::vector<WeightedNumber> numbers_of(const Calculation& calculation, const Rows& rows) const;
  std::vector<Run> runs_of(const Calculation& calculation, const Rows& rows) const;
  uint64_t weight_of(const TableRow& row) const;

  Value calculate(const Calculation& calculation, const HeatmapScale& scale, const Rows& rows) const;
  Value count(const Calculation& calculation, const Rows& rows) const;
  Value mean_change(const Calculation& calculation, const Rows& rows) const;
  Value changing_value(Calculation calculation, const Rows& rows) const;
  static Value concurrency_in(const std::vector<Run>& runs, TimeRange part, TimeRange whole);

  HeatmapScale scale_of(const Calculation& calculation, const Rows& matching) const;
  TimeRange bounds_of(const Calculation& calculation, const Rows& matching) const;

  const Plan& plan_;
  const Formulas formulas_;
  std::vector<HeatmapScale> scales_;  // of heat maps, by calculation
  std::vector<TimeRange> bounds_;     // of concurrency, by calculation
};

}  // namespace clew::query::testing
