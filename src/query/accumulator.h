// Accumulator: the state of one calculation in all groups of a worker.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "query/calculations.h"
#include "query/granule_reader.h"
#include "query/selection.h"
#include "query/value.h"

namespace clew::query {

// What an accumulator is given of a granule.
struct GranuleRows {
  const store::Segment& segment;
  const Selection& selection;
  const uint32_t* groups;          // by row
  size_t group_count;              // all groups are below this
  const uint64_t* weights;         // by row; null: each row counts once
  const ResolvedColumn* column;    // null for a count of rows
  const int64_t* times = nullptr;  // by row, for concurrency; null: the rows have no time, which is 1970
};

constexpr uint32_t kNoGroup = UINT32_MAX;

class Accumulator {
 public:
  virtual ~Accumulator() = default;

  virtual void add(const GranuleRows& rows) = 0;
  // Adds the groups of another accumulator of the same make: its group g to to[g], unless that is kNoGroup.
  virtual void merge(const Accumulator& other, std::span<const uint32_t> to, size_t group_count) = 0;
  // After the last add() and merge(), before result().
  virtual void finish() {}
  virtual Value result(uint32_t group, CalculationKind kind, double quantile) const = 0;
  // An empty one of the same make.
  virtual std::unique_ptr<Accumulator> fresh() const = 0;
  virtual size_t bytes() const = 0;
};

// The steps over which a heatmap counts: of values, or of their powers of ten.
struct HeatmapScale {
  double minimum = 0;
  double step = 1;
  size_t steps = 1;
  bool logarithmic = false;
  // The step that a value (not NaN) counts in: the first or the last for what lies outside.
  size_t step_of(double value) const;
};
// About 50 steps of a round width that cover [low, high].
HeatmapScale scale_for(double low, double high);
// About 60 steps between powers of ten; of values that reach down to zero or below, the six powers of ten
// below `high`.
HeatmapScale logarithmic_scale_for(double low, double high);

struct AccumulatorSettings {
  CalculationKind kind = CalculationKind::count;
  HeatmapScale scale;           // heatmap
  bool only_one_group = false;  // whatever the data
  // concurrency
  TimeRange range;
  std::optional<Nanoseconds> step;
};

// Kinds that can be read from the same state: sum and average, minimum and maximum, all percentiles.
CalculationKind family_of(CalculationKind kind);
std::unique_ptr<Accumulator> make_accumulator(const AccumulatorSettings& settings);

// Calls visit(row, number) for every selected row that has a number; int64_t or double as stored, never NaN.
template <typename Visit>
void for_each_number(const GranuleRows& rows, Visit&& visit) {
  for (const Piece& piece : *rows.column) {
    const store::ColumnData& data = *piece.data;
    if (data.integers.empty() && data.floats.empty()) continue;
    Selection part = rows.selection;
    part.intersect(piece.mask());
    if (!data.integers.empty()) {
      const int64_t* values = data.integers.data();
      for_each_row(part, [&](uint32_t row) { visit(row, values[row]); });
    } else {
      const double* values = data.floats.data();
      for_each_row(part, [&](uint32_t row) {
        if (values[row] == values[row]) visit(row, values[row]);
      });
    }
  }
}

}  // namespace clew::query
