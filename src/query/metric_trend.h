// The trend of a metric: what its points say of each step of time, whoever sent them and however they count.
#pragma once

#include <optional>
#include <string>

#include "query/plan.h"
#include "query/result_table.h"
#include "query/run.h"

namespace clew::query {

struct MetricQuestion {
  std::string metric;
  TimeRange range;
  Nanoseconds step{seconds(60)};
  std::optional<ColumnName> by;
  Filter filter;      // of points
  size_t limit = 12;  // groups; the largest come first
};

// A metric of which most points are of one kind is of that kind: the points of others are left out.
struct MetricTrend {
  // What the table answers: its group, its calculations by their alias, the width of the steps.
  Plan plan;
  // One row for each group, over the whole range; series has the steps.
  //   gauge: mean, min, max; sum: increase, or value when it can fall;
  //   histograms: count, mean, P50, P90, P99; summary: count, mean
  ResultTable table;
};

Result<MetricTrend> metric_trend(const MetricQuestion& question, const store::Snapshot& snapshot,
                                 const RunOptions& options = {});

}  // namespace clew::query
