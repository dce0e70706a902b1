// BubbleUp: what sets some rows apart from the others. Every column is ranked by how differently it is
// distributed among the two.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "query/plan.h"
#include "query/result_table.h"
#include "query/run.h"

namespace clew::query {

struct BubbleUpQuestion {
  static constexpr size_t kMostColumns = 10'000;
  static constexpr size_t kMostValues = 1000;

  Signal signal = Signal::traces;
  // Which rows are compared: those of the question that the selection was made in.
  TimeRange range;
  Filter filter;
  // Those of them that are selected; all others are the rest.
  Filter selection;
  std::vector<CalculatedField> fields;  // as Plan::fields; of those, what the filters refer to
  Weighting weighting = Weighting::sample_rate;
  size_t columns = kMostColumns;  // that are answered, at most
  size_t values = 20;             // of each column, at most
};

struct ContrastedValue {
  Value value;  // null: rows that have no value
  double selected = 0, rest = 0;
  double part = 0;  // Difference::parts
};

// Bars from bounds[i] up to bounds[i + 1], of about as many rows each; the last bar has its end too.
struct ContrastedNumbers {
  std::vector<double> bounds;
  std::vector<double> selected, rest;
};

struct ContrastedColumn {
  std::string name;
  double score = 0;       // Difference::score and
  double confidence = 0;  // Difference::confidence
  bool selects = false;   // the selection itself is made by this column, so that it cannot but differ
  // When there are more than NumberTally::kMostExact different numbers; these are then not among the values.
  std::optional<ContrastedNumbers> numbers;
  // Those that differ most first, then the most frequent.
  std::vector<ContrastedValue> values;
  uint64_t values_in_all = 0;
  // Counts of the values that are not listed.
  double selected_beside = 0, rest_beside = 0;
};

struct BubbleUp {
  uint64_t selected_rows = 0, rest_rows = 0;  // as stored
  double selected = 0, rest = 0;              // weighted: what the counts of a column add up to
  std::vector<ContrastedColumn> columns;      // highest score first
  uint64_t columns_in_all = 0;
  Cost cost;
};

// Leaves out ids and times: these differ from row to row.
Result<BubbleUp> bubble_up(const BubbleUpQuestion& question, const store::Snapshot& snapshot,
                           const RunOptions& options = {});

}  // namespace clew::query
