// ResultTable: the answer to a plan.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/time.h"
#include "query/value.h"

namespace clew::query {

enum class ColumnRole : uint8_t { time, group, calculation, row };

struct ResultColumn {
  std::string name;
  ColumnRole role = ColumnRole::group;
  std::vector<Value> values;  // one a row
};

// One point for each (bucket, result row) that has data, in the order of time, then of result rows.
struct Series {
  std::vector<UnixNanos> times;  // start of the bucket
  std::vector<uint32_t> rows;    // the row of ResultTable::columns it belongs to; all 0 for totals
  std::vector<ResultColumn> calculations;
  size_t size() const { return times.size(); }
};

// What it took.
struct Cost {
  uint64_t rows_scanned = 0;  // rows of the granules that were read
  uint64_t rows_matched = 0;  // that passed time range and filter
  uint64_t granules_read = 0;
  uint64_t granules_pruned = 0;  // told apart by time, zone map, dictionary or trace index alone
  uint64_t bytes_read = 0;       // from disk
  uint64_t rows_set_aside = 0;   // of the time range, in damaged granules: the answer is without them
  uint64_t weight_matched = 0;   // sum of the sample rates of the rows matched
  Nanoseconds elapsed;
};

struct ResultTable {
  std::vector<ResultColumn> columns;  // [time,] groups, calculations; or the columns of raw rows
  size_t row_count = 0;
  uint64_t groups_in_all = 0;  // that satisfied having, before limit; 0 for raw rows

  Series series;              // when Plan::granularity is set and buckets are series
  Series totals_series;       // that, and Plan::totals
  std::vector<Value> totals;  // one for each calculation; empty unless asked for
  std::vector<Value> others;  // one for each calculation; empty unless asked for, or nothing was cut off
  Cost cost;

  const ResultColumn* find(std::string_view name) const;
};

// Columns side by side with a header, for people and test files.
std::string to_text(const ResultTable& table);

}  // namespace clew::query
