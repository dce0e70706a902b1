// The data points of metrics, read out of a granule.
#pragma once

#include <cstdint>
#include <limits>
#include <string_view>
#include <vector>

#include "query/histogram_buckets.h"
#include "query/scan.h"

namespace clew::query {

struct MetricPoint {
  MetricKind kind = MetricKind::gauge;
  bool is_cumulative = false;
  bool is_monotonic = false;
  bool has_no_value = false;  // the sender says that there was nothing to measure
  int64_t time = 0;
  int64_t start = 0;   // of its process's counting; 0: not told
  int64_t series = 0;  // the same for points of one metric, origin and set of attributes
  double value = 0;    // of a gauge or a sum
  double count = 0, sum = 0;
  // Of what a histogram measured; not all say so.
  double least = -std::numeric_limits<double>::infinity(), most = std::numeric_limits<double>::infinity();
  std::string_view rest;  // what has no column of its own, HistogramBuckets::of_point() reads it
};

// The columns that points are read from, for ScanWanted::names.
void add_point_columns(NameList& names);

// By row; entries of rows that are not selected are unspecified. `first` is the number of the first of the
// point columns among the names. What is viewed stays valid as long as the scan's reader.
Result<std::vector<MetricPoint>> read_points(const GranuleScan& scan, size_t first);

}  // namespace clew::query
