#include "query/testing/naive_calculations.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <utility>

#include "telemetry/semantic_names.h"

namespace clew::query::testing {

NaiveCalculations::NaiveCalculations(const Plan& plan, const Rows& matching) : plan_(plan), formulas_(plan) {
  for (const Calculation& calculation : plan.calculations) {
    scales_.push_back(scale_of(calculation, matching));
    bounds_.push_back(bounds_of(calculation, matching));
  }
}

std::vector<Value> NaiveCalculations::of(const Rows& rows) const {
  std::vector<Value> values;
  for (size_t i = 0; i < plan_.calculations.size(); ++i) {
    const Calculation& calculation = plan_.calculations[i];
    if (calculation.kind == CalculationKind::concurrency)
      values.push_back(concurrency_in(runs_of(calculation, rows), bounds_[i], bounds_[i]));
    else if (is_rate(calculation.kind))
      values.push_back(mean_change(calculation, rows));
    else
      values.push_back(calculate(calculation, scales_[i], rows));
  }
  formulas_.fill(values);
  return values;
}

std::vector<Value> NaiveCalculations::of_others(const Rows& rows) const {
  std::vector<Value> values = of(rows);
  for (size_t i = 0; i < values.size(); ++i) {
    if (is_rate(plan_.calculations[i].kind)) values[i] = Value();
  }
  formulas_.fill(values);
  return values;
}

Series NaiveCalculations::series_of(const std::vector<Rows>& groups) const {
  std::map<std::pair<int64_t, uint32_t>, Rows> points;
  std::map<std::pair<uint32_t, size_t>, std::vector<Run>> runs;  // by group and calculation
  for (uint32_t i = 0; i < groups.size(); ++i) {
    for (const TableRow* row : groups[i])
      points[{naive_bucket(time_of(*row), *plan_.granularity).count, i}].push_back(row);
    for (size_t k = 0; k < plan_.calculations.size(); ++k) {
      if (plan_.calculations[k].kind != CalculationKind::concurrency) continue;
      const int64_t width = plan_.granularity->count;
      runs[{i, k}] = runs_of(plan_.calculations[k], groups[i]);
      for (const Run& run : runs[{i, k}]) {
        for (int64_t at = naive_bucket(run.start, *plan_.granularity).count; at < run.end; at += width)
          points[{at, i}];
      }
    }
  }
  Series series{.times = {}, .rows = {}, .calculations = columns()};
  std::map<std::pair<uint32_t, size_t>, std::optional<double>> last;
  for (const auto& [key, rows] : points) {
    series.times.push_back({key.first});
    series.rows.push_back(key.second);
    std::vector<Value> values = of(rows);
    for (size_t i = 0; i < values.size(); ++i) {
      if (plan_.calculations[i].kind == CalculationKind::concurrency)
        values[i] = concurrency_in(runs[{key.second, i}],
                                   {{key.first}, UnixNanos{key.first} + *plan_.granularity}, bounds_[i]);
      if (!is_rate(plan_.calculations[i].kind)) continue;
      const auto now = number_in(changing_value(plan_.calculations[i], rows));
      auto& before = last[{key.second, i}];
      values[i] = now && before ? number_value(*now - *before) : Value();
      if (now) before = now;
    }
    formulas_.fill(values);
    for (size_t i = 0; i < values.size(); ++i) series.calculations[i].values.push_back(values[i]);
  }
  return series;
}

std::vector<ResultColumn> NaiveCalculations::columns() const {
  std::vector<ResultColumn> columns;
  for (const Calculation& calculation : plan_.calculations)
    columns.push_back({name_of(calculation), ColumnRole::calculation, {}});
  return columns;
}

Rows NaiveCalculations::rows_of(const Calculation& calculation, const Rows& rows) const {
  Rows kept;
  for (const TableRow* row : rows) {
    if (naive_matches(calculation.filter, *row, plan_.signal)) kept.push_back(row);
  }
  return kept;
}

std::vector<WeightedNumber> NaiveCalculations::numbers_of(const Calculation& calculation,
                                                          const Rows& rows) const {
  std::vector<WeightedNumber> numbers;
  for (const TableRow* row : rows_of(calculation, rows)) {
    Value value = naive_value(*calculation.column, *row, plan_.signal);
    double real;
    if (const auto* at = std::get_if<UnixNanos>(&value)) {
      real = static_cast<double>(at->count);
    } else if (auto number = number_in(value)) {
      real = *number;
    } else {
      continue;
    }
    if (!std::isnan(real)) numbers.push_back({value, real, weight_of(*row)});
  }
  return numbers;
}

std::vector<NaiveCalculations::Run> NaiveCalculations::runs_of(const Calculation& calculation,
                                                               const Rows& rows) const {
  std::vector<Run> runs;
  for (const TableRow* row : rows_of(calculation, rows)) {
    const auto ms = number_in(naive_value({"duration_ms", {}}, *row, plan_.signal));
    if (!ms || std::isnan(*ms)) continue;
    const auto length = static_cast<int64_t>(std::round(std::clamp(*ms * 1e6, 0.0, 1e18)));
    runs.push_back({time_of(*row), std::min(time_of(*row) + length, plan_.range.to.count), weight_of(*row)});
  }
  return runs;
}

uint64_t NaiveCalculations::weight_of(const TableRow& row) const {
  if (plan_.weighting == Weighting::stored_rows) return 1;
  const Cell* rate = find_intrinsic(row, names::kSampleRate);
  if (!rate) return 1;
  return static_cast<uint64_t>(std::clamp<int64_t>(std::get<int64_t>(rate->value), 1, int64_t{1} << 32));
}

Value NaiveCalculations::calculate(const Calculation& calculation, const HeatmapScale& scale,
                                   const Rows& rows) const {
  if (calculation.kind == CalculationKind::formula) return {};
  if (calculation.kind == CalculationKind::count || calculation.kind == CalculationKind::count_distinct)
    return count(calculation, rows);
  return naive_calculate(calculation, scale, numbers_of(calculation, rows));
}

Value NaiveCalculations::count(const Calculation& calculation, const Rows& rows) const {
  uint64_t weight = 0;
  std::set<Value, LessValue> distinct;
  for (const TableRow* row : rows_of(calculation, rows)) {
    Value value = calculation.column ? naive_value(*calculation.column, *row, plan_.signal) : Value(true);
    if (is_null(value)) continue;
    weight += weight_of(*row);
    distinct.insert(value);
  }
  bool wants_distinct = calculation.kind == CalculationKind::count_distinct;
  return static_cast<int64_t>(wants_distinct ? distinct.size() : weight);
}

Value NaiveCalculations::mean_change(const Calculation& calculation, const Rows& rows) const {
  std::map<int64_t, Rows> buckets;
  for (const TableRow* row : rows)
    buckets[naive_bucket(time_of(*row), *plan_.granularity).count].push_back(row);
  std::optional<double> first, last;
  int64_t changes = -1;
  for (const auto& [time, in_bucket] : buckets) {
    const auto number = number_in(changing_value(calculation, in_bucket));
    if (!number) continue;
    if (!first) first = number;
    last = number;
    ++changes;
  }
  if (changes < 1) return {};
  return number_value((*last - *first) / static_cast<double>(changes));
}

// What a rate is the change of.
Value NaiveCalculations::changing_value(Calculation calculation, const Rows& rows) const {
  calculation.kind = changing_kind_of(calculation.kind);
  return calculate(calculation, {}, rows);
}

// The sum of the parts of a time in which spans run, by the length of that time.
Value NaiveCalculations::concurrency_in(const std::vector<Run>& runs, TimeRange part, TimeRange whole) {
  if (runs.empty()) return {};
  part = {std::max(part.from, whole.from), std::min(part.to, whole.to)};
  if (part.to <= part.from) return number_value(0);
  double sum = 0;
  for (const Run& run : runs) {
    const int64_t from = std::max(run.start, part.from.count), to = std::min(run.end, part.to.count);
    if (from < to) sum += static_cast<double>(to - from) * static_cast<double>(run.weight);
  }
  return number_value(sum / static_cast<double>((part.to - part.from).count));
}

HeatmapScale NaiveCalculations::scale_of(const Calculation& calculation, const Rows& matching) const {
  if (calculation.kind != CalculationKind::heatmap) return {};
  double low = INFINITY, high = -INFINITY;
  bool any = false;
  for (const WeightedNumber& number : numbers_of(calculation, matching)) {
    if (std::holds_alternative<UnixNanos>(number.value)) continue;
    any = true;
    low = std::min(low, number.real);
    high = std::max(high, number.real);
  }
  if (!any) return {};
  return plan_.heatmap_steps == HeatmapSteps::logarithmic ? logarithmic_scale_for(low, high)
                                                          : scale_for(low, high);
}

// The range, or from the first start to the last end where it has no bounds.
TimeRange NaiveCalculations::bounds_of(const Calculation& calculation, const Rows& matching) const {
  if (calculation.kind != CalculationKind::concurrency || plan_.range != TimeRange{}) return plan_.range;
  TimeRange whole{{INT64_MAX}, {INT64_MIN}};
  for (const Run& run : runs_of(calculation, matching)) {
    whole.from = std::min(whole.from, UnixNanos{run.start});
    whole.to = std::max(whole.to, UnixNanos{run.end});
  }
  return whole;
}

}  // namespace clew::query::testing
