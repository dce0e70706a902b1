// Plan: what to ask of the data. Every query language compiles to this one form, and run.h executes it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/time.h"
#include "query/calculations.h"
#include "query/column_name.h"
#include "query/operators.h"
#include "query/value.h"
#include "telemetry/batch.h"

namespace clew::query {

// A tree of conditions on one row. The default matches every row.
//
// A comparison is strict about types: a string never equals a number. Numbers compare by value whatever their
// type; a string compares with a time if it reads as one (parse_time), with a duration likewise ("250ms"),
// and with a trace or span id in any spelling. Positive operators never match a row without a value; negative
// ones are their exact opposite.
struct Filter {
  enum class Kind : uint8_t {
    comparison,
    all,   // every child matches; without children: true
    any,   // some child matches; without children: false
    none,  // no child matches
  };
  Kind kind = Kind::all;
  std::vector<Filter> children;  // all, any, none
  ColumnName column;             // comparison, as the following
  Operator op = Operator::exists;
  std::vector<Value> values;  // as many as the operator takes

  bool matches_everything() const { return kind == Kind::all && children.empty(); }
  bool operator==(const Filter&) const = default;
};
Filter comparison(std::string column, Operator op, Value value = {});
Filter comparison(ColumnName column, Operator op, std::vector<Value> values);
Filter all_of(std::vector<Filter> children);
Filter any_of(std::vector<Filter> children);
Filter none_of(std::vector<Filter> children);

// A column that is computed row by row, in the language of expressions/expression.h.
struct CalculatedField {
  std::string name;
  std::string expression;
  bool operator==(const CalculatedField&) const = default;
};

struct Calculation {
  CalculationKind kind = CalculationKind::count;
  double quantile = 0;  // percentile only: 0.95
  // All but count and concurrency; count with a column counts the rows that have a value.
  std::optional<ColumnName> column;
  std::string alias;  // empty: name_of() names it
  Filter filter;      // rows that do not match are left out of this calculation
  // formula only: an expression over the names of calculations that are no formulas, $errors / $all. It needs
  // an alias.
  std::string expression = {};
  bool operator==(const Calculation&) const = default;
};
// The alias, else "P95(duration_ms)".
std::string name_of(const Calculation& calculation);

// A condition on a row of the result; a calculation without a value does not satisfy it.
struct Having {
  size_t calculation = 0;           // position in Plan::calculations
  Operator op = Operator::greater;  // one of the six that order
  double value = 0;
  bool operator==(const Having&) const = default;
};

enum class Direction : uint8_t { ascending, descending };

struct Order {
  enum class By : uint8_t { group_column, calculation };
  By by = By::calculation;
  size_t position = 0;  // in Plan::group_by or Plan::calculations
  Direction direction = Direction::ascending;
  bool operator==(const Order&) const = default;
};

// Asks for stored rows themselves instead of calculations.
struct RowsWanted {
  // Empty: every column that some returned row has a value in, in the order of their names.
  std::vector<ColumnName> columns;
  // By time; rows of the same time in the order of their cells.
  Direction order_by_time = Direction::descending;
  bool operator==(const RowsWanted&) const = default;
};

enum class TimeBuckets : uint8_t {
  series,  // beside the summary rows: ResultTable::series
  rows,    // the bucket is the first group column, "time"
};

enum class Weighting : uint8_t {
  sample_rate,  // a row counts as often as meta.sample_rate says
  stored_rows,  // every row counts once
};

// How wide the steps of a heatmap are.
enum class HeatmapSteps : uint8_t {
  equal,
  logarithmic,  // each the same factor above the one before: for values that span powers of ten
};

constexpr size_t kMostRows = 10'000;
// Of stored rows that are read to be worked on, not to be answered with.
constexpr size_t kMostRowsRead = 100'000;

struct Plan {
  // Which data: run() itself is given a snapshot and only reads `range` and `filter`.
  EnvironmentId environment = kDefaultEnvironment;
  Signal signal = Signal::traces;
  TimeRange range;
  Filter filter;
  // Names that stand for expressions wherever a column may stand; the first of a name counts, and it hides a
  // stored column of that name. Those that nothing refers to cost nothing.
  std::vector<CalculatedField> fields;

  std::optional<RowsWanted> rows;  // when set, calculations and all that groups must be empty

  std::vector<ColumnName> group_by;
  std::vector<Calculation> calculations;
  std::vector<Having> having;  // all must hold
  // Rows without a value come last in either direction. Ties are broken, and a plan without orders is
  // ordered, by time (when the bucket is a group column), then by the first calculation, descending, then by
  // group.
  std::vector<Order> orders;
  size_t limit = 1000;

  // Width of a time bucket; buckets start at multiples of it since 1970. nullopt: no buckets.
  std::optional<Nanoseconds> granularity;
  TimeBuckets buckets = TimeBuckets::series;

  HeatmapSteps heatmap_steps = HeatmapSteps::equal;

  Weighting weighting = Weighting::sample_rate;
  bool totals = false;  // ResultTable::totals: over all groups, before having and limit
  // Asks for the same of a range that begins this much earlier; see earlier().
  std::optional<Nanoseconds> compare_offset;
  bool others = false;  // ResultTable::others: over the groups that limit cut off

  bool operator==(const Plan&) const = default;
};

// The plan that a plan with a compare_offset is compared with.
Plan earlier(const Plan& plan);

// What is wrong with a plan that no parser made: empty names, positions out of range, numbers of values.
Status validate(const Plan& plan);

}  // namespace clew::query
