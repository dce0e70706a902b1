#include "query/testing/naive_evaluator.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "query/accumulator.h"
#include "query/calculated_field.h"
#include "query/formulas.h"
#include "query/related_spans.h"
#include "query/testing/naive_rows.h"
#include "telemetry/semantic_names.h"

namespace clew::query::testing {
namespace {

using store::ColumnType;
using store::Scope;

struct LessValue {
  bool operator()(const Value& a, const Value& b) const { return compare(a, b) < 0; }
};
struct LessCells {
  bool operator()(const std::vector<Value>& a, const std::vector<Value>& b) const {
    return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end(), LessValue());
  }
};

int64_t time_of(const TableRow& row) {
  const Cell* cell = find_intrinsic(row, names::kTime);
  return cell ? std::get<int64_t>(cell->value) : 0;
}

Scalar scalar_of(const Value& value) {
  if (const auto* boolean = std::get_if<bool>(&value)) return Scalar::of(*boolean);
  if (const auto* integer = std::get_if<int64_t>(&value)) return Scalar::of(*integer);
  if (const auto* real = std::get_if<double>(&value)) return Scalar::of(*real);
  if (const auto* text = std::get_if<std::string>(&value)) return Scalar::of(std::string_view(*text));
  if (const auto* at = std::get_if<UnixNanos>(&value)) return Scalar::of_time(at->count);
  return {};
}

std::optional<Cell> cell_of(const std::string& name, const Scalar& scalar) {
  switch (scalar.kind) {
    case Scalar::Kind::null:
      return std::nullopt;
    case Scalar::Kind::boolean:
      return attribute(name, scalar.boolean);
    case Scalar::Kind::integer:
      return attribute(name, scalar.integer);
    case Scalar::Kind::real:
      return attribute(name, scalar.real);
    case Scalar::Kind::text:
      return attribute(name, std::string(scalar.view()));
    case Scalar::Kind::time:
      return Cell{{Scope::attribute, ColumnType::time, name}, scalar.integer};
  }
  return std::nullopt;
}

// A column that a calculated field hides goes by its name with this behind it: who names a scope means it.
constexpr char kHidden = '\x01';

void name_hidden(Filter& filter, const std::vector<CalculatedField>& fields) {
  if (filter.kind == Filter::Kind::comparison && filter.column.scope &&
      find_field({filter.column.name, {}}, fields) != nullptr)
    filter.column.name += kHidden;
  for (Filter& child : filter.children) name_hidden(child, fields);
}

Plan with_hidden_names(Plan plan) {
  name_hidden(plan.filter, plan.fields);
  for (Calculation& calculation : plan.calculations) name_hidden(calculation.filter, plan.fields);
  return plan;
}

// Calculated fields become attributes, in the place of whatever has their names. What a function gives is not
// the business of this evaluator (functions_test.cpp has it written down), but which values it is given is.
std::vector<TableRow> with_fields(const Plan& plan, const std::vector<TableRow>& rows) {
  std::vector<TableRow> extended = rows;
  for (const CalculatedField& field : plan.fields) {
    const auto compiled = compile_field(field, plan.fields);
    if (!compiled.ok()) continue;
    for (size_t i = 0; i < rows.size(); ++i) {
      std::vector<Value> values;
      std::vector<Scalars> inputs;
      for (const ColumnName& input : compiled->inputs)
        values.push_back(naive_value(input, rows[i], plan.signal));
      for (const Value& value : values) inputs.push_back({{scalar_of(value)}, false});
      TextArena arena;
      const Scalars result = evaluate(compiled->root, 1, inputs, arena);
      for (Cell& cell : extended[i]) {
        if (cell.column.name == field.name) cell.column.name += kHidden;
      }
      if (auto cell = cell_of(field.name, result.of(0))) extended[i].push_back(std::move(*cell));
    }
  }
  return extended;
}

class NaiveRun {
 public:
  NaiveRun(const Plan& plan, const std::vector<TableRow>& given)
      : plan_(with_hidden_names(plan)), rows_(with_fields(plan, given)) {
    for (const TableRow& row : rows_) {
      bool in_range = plan.range == TimeRange{} || plan.range.contains({time_of(row)});
      if (in_range && naive_matches(split(plan_.filter).own, row, plan.signal) && related_match(row))
        matching_.push_back(&row);
    }
    for (const Calculation& calculation : plan.calculations) {
      scales_.push_back(scale_of(calculation));
      bounds_.push_back(bounds_of(calculation));
    }
  }

  ResultTable run() {
    if (plan_.rows) return raw_rows();
    using Rows = std::vector<const TableRow*>;
    std::map<std::vector<Value>, Rows, LessCells> groups;
    bool in_rows = plan_.granularity && plan_.buckets == TimeBuckets::rows;
    if (plan_.group_by.empty() && !in_rows) groups[{}];
    for (const TableRow* row : matching_) {
      std::vector<Value> key;
      if (in_rows) key.push_back(bucket_of(*row));
      for (const ColumnName& name : plan_.group_by) key.push_back(value_in(name, *row));
      groups[key].push_back(row);
    }
    struct Group {
      std::vector<Value> key;
      std::vector<Value> values;
      Rows rows;
    };
    std::vector<Group> kept;
    for (auto& [key, rows] : groups) {
      Group group{key, calculate_all(rows), rows};
      if (satisfies_having(group.values)) kept.push_back(std::move(group));
    }
    // The map is in the order of the groups already, and the sort is stable.
    std::stable_sort(kept.begin(), kept.end(), [&](const Group& a, const Group& b) {
      if (in_rows && plan_.orders.empty()) {
        if (auto order = compare(a.key[0], b.key[0]); order != 0) return order < 0;
      }
      for (const Order& order : orders()) {
        bool by_group = order.by == Order::By::group_column;
        const Value& x = by_group ? a.key[order.position + (in_rows ? 1 : 0)] : a.values[order.position];
        const Value& y = by_group ? b.key[order.position + (in_rows ? 1 : 0)] : b.values[order.position];
        if (is_null(x) != is_null(y)) return is_null(y);
        if (auto way = compare(x, y); way != 0) return (way < 0) == (order.direction == Direction::ascending);
      }
      return false;
    });
    ResultTable result;
    result.groups_in_all = kept.size();
    if (plan_.totals) result.totals = calculate_all(matching_);
    if (plan_.others && kept.size() > plan_.limit) {
      Rows others;
      for (size_t i = plan_.limit; i < kept.size(); ++i)
        others.insert(others.end(), kept[i].rows.begin(), kept[i].rows.end());
      result.others = calculate_all(others);
      for (size_t i = 0; i < result.others.size(); ++i) {
        if (is_rate(plan_.calculations[i].kind)) result.others[i] = Value();
      }
      fill_formulas(result.others);
    }
    if (kept.size() > plan_.limit) kept.resize(plan_.limit);
    result.row_count = kept.size();
    if (in_rows) result.columns.push_back({"time", ColumnRole::time, {}});
    for (const ColumnName& name : plan_.group_by)
      result.columns.push_back({full_name(name), ColumnRole::group, {}});
    for (const ResultColumn& column : calculation_columns()) result.columns.push_back(column);
    for (const Group& group : kept) {
      for (size_t i = 0; i < result.columns.size(); ++i)
        result.columns[i].values.push_back(i < group.key.size() ? group.key[i]
                                                                : group.values[i - group.key.size()]);
    }
    if (plan_.granularity && !in_rows) {
      std::vector<Rows> rows;
      for (const Group& group : kept) rows.push_back(group.rows);
      result.series = series_of(rows);
      if (plan_.totals) result.totals_series = series_of({matching_});
    }
    return result;
  }

 private:
  static Value id_of(const TableRow& row, std::string_view name) {
    const Cell* cell = find_intrinsic(row, name);
    return cell ? Value(std::get<std::string>(cell->value)) : Value();
  }
  static bool is_span(const TableRow& row) {
    return find_intrinsic(row, names::kSpanId) && !find_intrinsic(row, names::kAnnotationType);
  }

  // The span that a relation of this row leads to; null when there is none.
  const TableRow* related_span(Relation relation, const TableRow& row) const {
    Filter filter;
    for (const auto& [known, conditions] : split(plan_.filter).related) {
      if (known == relation) filter = conditions;
    }
    const Value trace = id_of(row, names::kTraceId);
    if (is_null(trace)) return nullptr;
    const TableRow* best = nullptr;
    const auto rank = [&](const TableRow& span) {
      return std::tuple(relation == Relation::root && find_intrinsic(span, names::kParentId) != nullptr,
                        time_of(span), std::get<std::string>(id_of(span, names::kSpanId)));
    };
    for (const TableRow& span : rows_) {
      if (!is_span(span) || id_of(span, names::kTraceId) != trace) continue;
      if (plan_.range != TimeRange{} &&
          (time_of(span) < plan_.range.from.count - RelatedSpans::kMargin.count ||
           time_of(span) >= plan_.range.to.count + RelatedSpans::kMargin.count))
        continue;
      if (relation == Relation::parent && (is_null(id_of(row, names::kParentId)) ||
                                           id_of(span, names::kSpanId) != id_of(row, names::kParentId)))
        continue;
      if (relation == Relation::child && (is_null(id_of(row, names::kSpanId)) ||
                                          id_of(span, names::kParentId) != id_of(row, names::kSpanId)))
        continue;
      if (relation != Relation::root && !naive_matches(filter, span, Signal::traces)) continue;
      if (best == nullptr || rank(span) < rank(*best)) best = &span;
    }
    return best != nullptr && naive_matches(filter, *best, Signal::traces) ? best : nullptr;
  }

  bool related_match(const TableRow& row) const {
    for (const auto& [relation, conditions] : split(plan_.filter).related) {
      if ((related_span(relation, row) != nullptr) == (relation == Relation::none)) return false;
    }
    return true;
  }

  Value value_in(const ColumnName& name, const TableRow& row) const {
    if (name.relation == Relation::own) return naive_value(name, row, plan_.signal);
    const TableRow* span = related_span(name.relation, row);
    ColumnName own = name;
    own.relation = Relation::own;
    return span == nullptr ? Value() : naive_value(own, *span, plan_.signal);
  }

  Value bucket_of(const TableRow& row) const { return bucket_at(time_of(row)); }
  Value bucket_at(int64_t at) const {
    const int64_t width = plan_.granularity->count;
    int64_t remainder = (at % width + width) % width;
    return UnixNanos{at - remainder};
  }

  std::vector<Order> orders() const {
    std::vector<Order> orders = plan_.orders;
    if (plan_.calculations[0].kind != CalculationKind::heatmap)
      orders.push_back({Order::By::calculation, 0, Direction::descending});
    return orders;
  }

  std::vector<ResultColumn> calculation_columns() const {
    std::vector<ResultColumn> columns;
    for (const Calculation& calculation : plan_.calculations)
      columns.push_back({name_of(calculation), ColumnRole::calculation, {}});
    return columns;
  }

  Series series_of(const std::vector<std::vector<const TableRow*>>& groups) const {
    std::map<std::pair<int64_t, uint32_t>, std::vector<const TableRow*>> points;
    std::map<std::pair<uint32_t, size_t>, std::vector<Run>> runs;  // by group and calculation
    for (uint32_t i = 0; i < groups.size(); ++i) {
      for (const TableRow* row : groups[i])
        points[{std::get<UnixNanos>(bucket_of(*row)).count, i}].push_back(row);
      for (size_t k = 0; k < plan_.calculations.size(); ++k) {
        if (plan_.calculations[k].kind != CalculationKind::concurrency) continue;
        const int64_t width = plan_.granularity->count;
        runs[{i, k}] = runs_of(plan_.calculations[k], groups[i]);
        for (const Run& run : runs[{i, k}]) {
          for (int64_t at = std::get<UnixNanos>(bucket_at(run.start)).count; at < run.end; at += width)
            points[{at, i}];
        }
      }
    }
    Series series{.times = {}, .rows = {}, .calculations = calculation_columns()};
    std::map<std::pair<uint32_t, size_t>, std::optional<double>> last;
    for (const auto& [key, rows] : points) {
      series.times.push_back({key.first});
      series.rows.push_back(key.second);
      std::vector<Value> values = calculate_all(rows);
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
      fill_formulas(values);
      for (size_t i = 0; i < values.size(); ++i) series.calculations[i].values.push_back(values[i]);
    }
    return series;
  }

  uint64_t weight_of(const TableRow& row) const {
    if (plan_.weighting == Weighting::stored_rows) return 1;
    const Cell* rate = find_intrinsic(row, names::kSampleRate);
    if (!rate) return 1;
    return static_cast<uint64_t>(std::clamp<int64_t>(std::get<int64_t>(rate->value), 1, int64_t{1} << 32));
  }

  std::vector<const TableRow*> rows_of(const Calculation& calculation,
                                       const std::vector<const TableRow*>& rows) const {
    std::vector<const TableRow*> kept;
    for (const TableRow* row : rows) {
      if (naive_matches(calculation.filter, *row, plan_.signal)) kept.push_back(row);
    }
    return kept;
  }

  struct Number {
    Value value;
    double real;
    uint64_t weight;
  };
  std::vector<Number> numbers_of(const Calculation& calculation,
                                 const std::vector<const TableRow*>& rows) const {
    std::vector<Number> numbers;
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

  // From when to when a span runs within the range.
  struct Run {
    int64_t start, end;
    uint64_t weight;
  };
  std::vector<Run> runs_of(const Calculation& calculation, const std::vector<const TableRow*>& rows) const {
    std::vector<Run> runs;
    for (const TableRow* row : rows_of(calculation, rows)) {
      const auto ms = number_in(naive_value({"duration_ms", {}}, *row, plan_.signal));
      if (!ms || std::isnan(*ms)) continue;
      const auto length = static_cast<int64_t>(std::round(std::clamp(*ms * 1e6, 0.0, 1e18)));
      runs.push_back(
          {time_of(*row), std::min(time_of(*row) + length, plan_.range.to.count), weight_of(*row)});
    }
    return runs;
  }

  // The range, or from the first start to the last end where it has no bounds.
  TimeRange bounds_of(const Calculation& calculation) const {
    if (calculation.kind != CalculationKind::concurrency || plan_.range != TimeRange{}) return plan_.range;
    TimeRange whole{{INT64_MAX}, {INT64_MIN}};
    for (const Run& run : runs_of(calculation, matching_)) {
      whole.from = std::min(whole.from, UnixNanos{run.start});
      whole.to = std::max(whole.to, UnixNanos{run.end});
    }
    return whole;
  }

  // The sum of the parts of a time in which spans run, by the length of that time.
  static Value concurrency_in(const std::vector<Run>& runs, TimeRange part, TimeRange whole) {
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

  HeatmapScale scale_of(const Calculation& calculation) const {
    if (calculation.kind != CalculationKind::heatmap) return {};
    double low = INFINITY, high = -INFINITY;
    bool any = false;
    for (const Number& number : numbers_of(calculation, matching_)) {
      if (std::holds_alternative<UnixNanos>(number.value)) continue;
      any = true;
      low = std::min(low, number.real);
      high = std::max(high, number.real);
    }
    if (!any) return {};
    return plan_.heatmap_steps == HeatmapSteps::logarithmic ? logarithmic_scale_for(low, high)
                                                            : scale_for(low, high);
  }

  std::vector<Value> calculate_all(const std::vector<const TableRow*>& rows) const {
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
    fill_formulas(values);
    return values;
  }

  void fill_formulas(std::vector<Value>& values) const { Formulas(plan_).fill(values); }

  // What a rate is the change of.
  Value changing_value(Calculation calculation, const std::vector<const TableRow*>& rows) const {
    calculation.kind = changing_kind_of(calculation.kind);
    return calculate(calculation, {}, rows);
  }

  Value mean_change(const Calculation& calculation, const std::vector<const TableRow*>& rows) const {
    std::map<int64_t, std::vector<const TableRow*>> buckets;
    for (const TableRow* row : rows) buckets[std::get<UnixNanos>(bucket_of(*row)).count].push_back(row);
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

  Value calculate(const Calculation& calculation, const HeatmapScale& scale,
                  const std::vector<const TableRow*>& rows) const {
    if (calculation.kind == CalculationKind::formula) return {};
    if (calculation.kind == CalculationKind::count || calculation.kind == CalculationKind::count_distinct)
      return calculate_count(calculation, rows);
    std::vector<Number> numbers = numbers_of(calculation, rows);
    if (numbers.empty()) return {};
    switch (calculation.kind) {
      case CalculationKind::sum:
      case CalculationKind::average: {
        long double sum = 0;
        uint64_t weight = 0;
        for (const Number& number : numbers) {
          sum += static_cast<long double>(number.real) * static_cast<long double>(number.weight);
          weight += number.weight;
        }
        auto total = static_cast<double>(sum);
        return number_value(calculation.kind == CalculationKind::sum ? total
                                                                     : total / static_cast<double>(weight));
      }
      case CalculationKind::minimum:
      case CalculationKind::maximum:
        return extreme_of(calculation, numbers);
      case CalculationKind::percentile:
        return percentile_of(calculation.quantile, numbers);
      default:
        return histogram_of(scale, numbers);
    }
  }

  Value calculate_count(const Calculation& calculation, const std::vector<const TableRow*>& rows) const {
    uint64_t count = 0;
    std::set<Value, LessValue> distinct;
    for (const TableRow* row : rows_of(calculation, rows)) {
      Value value = calculation.column ? naive_value(*calculation.column, *row, plan_.signal) : Value(true);
      if (is_null(value)) continue;
      count += weight_of(*row);
      distinct.insert(value);
    }
    bool wants_distinct = calculation.kind == CalculationKind::count_distinct;
    return static_cast<int64_t>(wants_distinct ? distinct.size() : count);
  }

  // Numbers before times, when a name has both.
  static Value extreme_of(const Calculation& calculation, const std::vector<Number>& numbers) {
    bool wants_low = calculation.kind == CalculationKind::minimum;
    Value best;
    for (const Number& number : numbers) {
      if (is_null(best)) {
        best = number.value;
        continue;
      }
      bool best_is_time = std::holds_alternative<UnixNanos>(best);
      bool is_time = std::holds_alternative<UnixNanos>(number.value);
      if (best_is_time != is_time) {
        if (best_is_time) best = number.value;
        continue;
      }
      if ((compare(number.value, best) < 0) == wants_low) best = number.value;
    }
    return best;
  }

  static Value percentile_of(double quantile, std::vector<Number> numbers) {
    std::sort(numbers.begin(), numbers.end(),
              [](const Number& a, const Number& b) { return a.real < b.real; });
    uint64_t total = 0;
    for (const Number& number : numbers) total += number.weight;
    auto value_at = [&](uint64_t rank) {
      for (const Number& number : numbers) {
        if (rank < number.weight) return number.real;
        rank -= number.weight;
      }
      return numbers.back().real;
    };
    double position = quantile * static_cast<double>(total - 1);
    double rank = std::floor(position);
    double low = value_at(static_cast<uint64_t>(rank)), high = value_at(static_cast<uint64_t>(rank) + 1);
    if (position == rank || low == high) return number_value(low);
    return number_value(low + (high - low) * (position - rank));
  }

  static Value histogram_of(const HeatmapScale& scale, const std::vector<Number>& numbers) {
    Histogram histogram{.counts = std::vector<double>(scale.steps),
                        .minimum = scale.minimum,
                        .step = scale.step,
                        .logarithmic = scale.logarithmic};
    for (const Number& number : numbers)
      histogram.counts[scale.step_of(number.real)] += static_cast<double>(number.weight);
    return histogram;
  }

  bool satisfies_having(const std::vector<Value>& values) const {
    return std::all_of(plan_.having.begin(), plan_.having.end(), [&](const Having& having) {
      const Value& value = values[having.calculation];
      if (is_null(value)) return false;
      auto order = compare(value, Value(having.value));
      return having.op == Operator::not_equal ? order != 0 : compares(having.op, order);
    });
  }

  ResultTable raw_rows() const {
    std::vector<ColumnName> columns = plan_.rows->columns;
    bool all_columns = columns.empty();
    std::set<std::string> names;
    if (all_columns) {
      for (const TableRow* row : matching_) {
        for (const Cell& cell : *row) {
          if (!cell.column.name.ends_with(kHidden)) names.insert(cell.column.name);
        }
      }
      for (const std::string& name : names) columns.push_back({name, {}});
    }
    struct Row {
      int64_t time;
      std::vector<Value> cells;
    };
    std::vector<Row> rows;
    for (const TableRow* row : matching_) {
      Row cells{time_of(*row), {}};
      for (const ColumnName& name : columns) cells.cells.push_back(value_in(name, *row));
      rows.push_back(std::move(cells));
    }
    std::sort(rows.begin(), rows.end(), [&](const Row& a, const Row& b) {
      if (a.time != b.time) return (a.time < b.time) == (plan_.rows->order_by_time == Direction::ascending);
      return LessCells()(a.cells, b.cells);
    });
    if (rows.size() > plan_.limit) rows.resize(plan_.limit);
    ResultTable result;
    result.row_count = rows.size();
    for (size_t i = 0; i < columns.size(); ++i) {
      ResultColumn column{full_name(columns[i]), ColumnRole::row, {}};
      bool any = !all_columns;
      for (const Row& row : rows) {
        column.values.push_back(row.cells[i]);
        any |= !is_null(row.cells[i]);
      }
      if (any) result.columns.push_back(std::move(column));
    }
    return result;
  }

  const Plan plan_;
  const std::vector<TableRow> rows_;
  std::vector<const TableRow*> matching_;
  std::vector<HeatmapScale> scales_;
  std::vector<TimeRange> bounds_;  // of concurrency, by calculation
};

}  // namespace

ResultTable naive_run(const Plan& plan, const std::vector<TableRow>& rows) {
  return NaiveRun(plan, rows).run();
}

}  // namespace clew::query::testing
