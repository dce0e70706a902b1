#include "query/group_result.h"

#include <algorithm>
#include <numeric>
#include <tuple>

#include <fmt/format.h>

#include "query/changes.h"
#include "query/concurrency_accumulator.h"
#include "query/formulas.h"

namespace clew::query {
namespace {

using States = std::vector<std::unique_ptr<Accumulator>>;

// Points of a series in which something runs, over all rows.
constexpr size_t kMostRunningPoints = 2'000'000;

// The states of `from`, group g added to group to[g].
States roll_up(const States& from, std::span<const uint32_t> to, size_t group_count) {
  States rolled;
  for (const auto& state : from) {
    rolled.push_back(state->fresh());
    rolled.back()->merge(*state, to, group_count);
  }
  return rolled;
}

void finish(States& states) {
  for (auto& state : states) state->finish();
}

class Assembly {
 public:
  Assembly(const Plan& plan, const StatePlan& state_plan, GroupStatesTable table)
      : plan_(plan),
        state_plan_(state_plan),
        keys_(std::move(table.keys)),
        states_(std::move(table.states)),
        formulas_(plan),
        has_rates_(std::any_of(plan.calculations.begin(), plan.calculations.end(),
                               [](const Calculation& calculation) { return is_rate(calculation.kind); })) {}

  Result<ResultTable> assemble() {
    roll_up_rows();
    if (plan_.totals) CLEW_TRY(add_totals());
    finish(row_states_ ? *row_states_ : states_);
    if (row_states_) finish(states_);
    if (has_rates_) add_rates_of_rows();
    order_rows();
    add_columns();
    if (has_series()) CLEW_TRY(add_series());
    if (plan_.others) add_others();
    return std::move(result_);
  }

 private:
  bool has_series() const { return plan_.granularity && plan_.buckets == TimeBuckets::series; }
  // Keys that make a row, without the bucket of a series.
  size_t first_key() const { return has_series() ? 1 : 0; }
  const States& row_states() const { return row_states_ ? *row_states_ : states_; }

  // Of what can be read from the states: a rate is what it is the change of, a formula is nothing.
  Value read(const States& states, uint32_t group, size_t calculation) const {
    const Calculation& wanted = plan_.calculations[calculation];
    const size_t state = state_plan_.calculation_states[calculation];
    if (state == StatePlan::kNoState) return {};
    return states[state]->result(group, changing_kind_of(wanted.kind), wanted.quantile);
  }
  std::vector<Value> read_all(const States& states, uint32_t group) const {
    std::vector<Value> values;
    for (size_t i = 0; i < plan_.calculations.size(); ++i) values.push_back(read(states, group, i));
    return values;
  }
  // Of a row of the result.
  Value calculate_row(uint32_t row, size_t calculation) const {
    const CalculationKind kind = plan_.calculations[calculation].kind;
    if (is_rate(kind)) return rates_of_rows_[row].mean(calculation);
    if (kind != CalculationKind::formula) return read(row_states(), row, calculation);
    return formulas_.value(calculation, [&](size_t input) { return calculate_row(row, input); });
  }
  // Of many rows together; `rates` is null where there are no steps of time.
  std::vector<Value> calculate_all(const States& states, uint32_t group, const Changes* rates) const {
    std::vector<Value> values = read_all(states, group);
    for (size_t i = 0; i < values.size(); ++i) {
      if (is_rate(plan_.calculations[i].kind)) values[i] = rates == nullptr ? Value() : rates->mean(i);
    }
    formulas_.fill(values);
    return values;
  }

  void add_rates_of_rows() {
    std::vector<std::pair<UnixNanos, uint32_t>> groups;
    for (uint32_t group = 0; group < keys_.size(); ++group)
      groups.emplace_back(std::get<UnixNanos>(keys_.value(group, 0)), group);
    std::sort(groups.begin(), groups.end());
    rates_of_rows_.assign(row_count_, Changes(plan_.calculations.size()));
    for (const auto& [time, group] : groups) {
      std::vector<Value> values = read_all(states_, group);
      rates_of_rows_[row_of_group_[group]].step(plan_, values);
    }
  }
  std::vector<ResultColumn> calculation_columns() const {
    std::vector<ResultColumn> columns;
    for (const Calculation& calculation : plan_.calculations)
      columns.push_back({name_of(calculation), ColumnRole::calculation, {}});
    return columns;
  }

  void roll_up_rows() {
    if (!has_series()) {
      row_group_.resize(keys_.size());
      std::iota(row_group_.begin(), row_group_.end(), 0);
      row_count_ = keys_.size();
    } else {
      TupleTable rows(keys_.width() - 1);
      for (uint32_t group = 0; group < keys_.size(); ++group) {
        row_of_group_.push_back(rows.find_or_add(keys_.ids(group).subspan(1)));
        if (rows.size() > row_group_.size()) row_group_.push_back(group);
      }
      row_count_ = rows.size();
      row_states_ = roll_up(states_, row_of_group_, row_count_);
    }
    bool one_row_always = plan_.group_by.empty() && (!plan_.granularity || has_series());
    if (one_row_always) row_count_ = 1;
  }

  Status add_totals() {
    std::vector<uint32_t> to(keys_.size(), 0);
    States totals = roll_up(states_, to, 1);
    finish(totals);
    if (!has_series()) {
      result_.totals = calculate_all(totals, 0, nullptr);
      return {};
    }
    TupleTable buckets(1);
    std::vector<uint32_t> bucket_group;
    for (uint32_t group = 0; group < to.size(); ++group) {
      to[group] = buckets.find_or_add(keys_.ids(group).first(1));
      if (buckets.size() > bucket_group.size()) bucket_group.push_back(group);
    }
    States by_bucket = roll_up(states_, to, buckets.size());
    finish(by_bucket);
    std::vector<SeriesPoint> points;
    for (uint32_t bucket = 0; bucket < buckets.size(); ++bucket)
      points.push_back({std::get<UnixNanos>(keys_.value(bucket_group[bucket], 0)), 0, bucket});
    std::vector<Changes> changes(1, Changes(plan_.calculations.size()));
    const Whole whole{totals, std::vector<uint32_t>{0}};
    CLEW_TRY(add_running(whole, points));
    result_.totals_series = series_of(std::move(points), by_bucket, whole, changes);
    result_.totals = calculate_all(totals, 0, &changes[0]);
    return {};
  }

  bool satisfies_having(uint32_t row) const {
    return std::all_of(plan_.having.begin(), plan_.having.end(), [&](const Having& having) {
      Value value = calculate_row(row, having.calculation);
      if (is_null(value)) return false;
      auto order = compare(value, number_value(having.value));
      switch (having.op) {
        case Operator::equal:
          return order == 0;
        case Operator::not_equal:
          return order != 0;
        case Operator::greater:
          return order > 0;
        case Operator::greater_or_equal:
          return order >= 0;
        case Operator::less:
          return order < 0;
        default:
          return order <= 0;
      }
    });
  }

  std::vector<Order> all_orders() const {
    std::vector<Order> orders = plan_.orders;
    if (!plan_.calculations.empty() && plan_.calculations[0].kind != CalculationKind::heatmap)
      orders.push_back({.by = Order::By::calculation, .position = 0, .direction = Direction::descending});
    return orders;
  }

  // Positions of the keys in GroupKeys: the plan's group columns may have the bucket before them.
  size_t key_of_group_column(size_t position) const { return position + (plan_.granularity ? 1 : 0); }

  void order_rows() {
    for (uint32_t row = 0; row < row_count_; ++row) {
      if (satisfies_having(row)) rows_.push_back(row);
    }
    result_.groups_in_all = rows_.size();
    std::vector<Order> orders = all_orders();
    std::vector<std::vector<Value>> calculated(orders.size());  // by order, then row
    for (size_t i = 0; i < orders.size(); ++i) {
      if (orders[i].by != Order::By::calculation) continue;
      calculated[i].resize(row_count_);
      for (uint32_t row : rows_) calculated[i][row] = calculate_row(row, orders[i].position);
    }
    bool time_first = plan_.granularity && !has_series() && plan_.orders.empty();
    auto before = [&](uint32_t a, uint32_t b) {
      if (time_first) {
        if (auto order = compare_keys(a, b, 0); order != 0) return order < 0;
      }
      for (size_t i = 0; i < orders.size(); ++i) {
        bool by_group = orders[i].by == Order::By::group_column;
        size_t key = by_group ? key_of_group_column(orders[i].position) : 0;
        bool a_is_null = by_group ? key_is_null(a, key) : is_null(calculated[i][a]);
        bool b_is_null = by_group ? key_is_null(b, key) : is_null(calculated[i][b]);
        if (a_is_null != b_is_null) return b_is_null;
        auto order = by_group ? compare_keys(a, b, key) : compare(calculated[i][a], calculated[i][b]);
        if (order != 0) return (order < 0) == (orders[i].direction == Direction::ascending);
      }
      for (size_t key = first_key(); key < keys_.width(); ++key) {
        if (auto order = compare_keys(a, b, key); order != 0) return order < 0;
      }
      return false;
    };
    size_t kept = std::min(rows_.size(), plan_.limit);
    std::partial_sort(rows_.begin(), rows_.begin() + static_cast<ptrdiff_t>(kept), rows_.end(), before);
    cut_off_.assign(rows_.begin() + static_cast<ptrdiff_t>(kept), rows_.end());
    rows_.resize(kept);
  }

  bool key_is_null(uint32_t row, size_t key) const {
    return keys_.ids(row_group_[row])[key] == ValueInterner::kNull;
  }
  std::strong_ordering compare_keys(uint32_t a, uint32_t b, size_t key) const {
    return keys_.values(key).compare(keys_.ids(row_group_[a])[key], keys_.ids(row_group_[b])[key]);
  }

  void add_columns() {
    result_.row_count = rows_.size();
    for (size_t key = first_key(); key < keys_.width(); ++key) {
      bool is_time = plan_.granularity && key == 0;
      ResultColumn column{
          .name = is_time ? "time" : full_name(plan_.group_by[key - (plan_.granularity ? 1 : 0)]),
          .role = is_time ? ColumnRole::time : ColumnRole::group,
          .values = {}};
      for (uint32_t row : rows_) column.values.push_back(keys_.value(row_group_[row], key));
      result_.columns.push_back(std::move(column));
    }
    std::vector<ResultColumn> columns = calculation_columns();
    for (size_t i = 0; i < columns.size(); ++i) {
      for (uint32_t row : rows_) columns[i].values.push_back(calculate_row(row, i));
      result_.columns.push_back(std::move(columns[i]));
    }
  }

  struct SeriesPoint {
    UnixNanos time;
    uint32_t row;
    uint32_t group;  // kNoGroup: no row of the data, but spans that run
    auto key() const { return std::tuple(time, row, group); }
    bool operator==(const SeriesPoint& other) const { return time == other.time && row == other.row; }
  };

  // The states of whole series, which know what runs in all of their steps.
  struct Whole {
    const States& states;
    std::vector<uint32_t> groups;  // by row
  };

  const ConcurrencyAccumulator* concurrency_in(const States& states, size_t calculation) const {
    if (plan_.calculations[calculation].kind != CalculationKind::concurrency) return nullptr;
    return static_cast<const ConcurrencyAccumulator*>(
        states[state_plan_.calculation_states[calculation]].get());
  }

  // A span runs in steps in which nothing starts, too.
  Status add_running(const Whole& whole, std::vector<SeriesPoint>& points) const {
    std::vector<UnixNanos> steps;
    size_t left = kMostRunningPoints;
    for (size_t i = 0; i < plan_.calculations.size(); ++i) {
      const ConcurrencyAccumulator* concurrency = concurrency_in(whole.states, i);
      if (concurrency == nullptr) continue;
      for (uint32_t row = 0; row < whole.groups.size(); ++row) {
        steps.clear();
        if (!concurrency->append_steps(whole.groups[row], left, steps))
          return {
              ErrorKind::exhausted,
              fmt::format("CONCURRENCY: spans run in more than {} steps of time; ask for wider steps or a "
                          "shorter range",
                          kMostRunningPoints)};
        left -= steps.size();
        for (const UnixNanos time : steps) points.push_back({time, row, kNoGroup});
      }
    }
    return {};
  }

  // `changes` by row: where rates stand before the first point, and after the last.
  Series series_of(std::vector<SeriesPoint> points, const States& states, const Whole& whole,
                   std::vector<Changes>& changes) const {
    std::sort(points.begin(), points.end(),
              [](const SeriesPoint& a, const SeriesPoint& b) { return a.key() < b.key(); });
    // Of those of the same time and row the first has a group, if one has.
    points.erase(std::unique(points.begin(), points.end()), points.end());
    Series series{.times = {}, .rows = {}, .calculations = calculation_columns()};
    for (const SeriesPoint& point : points) {
      series.times.push_back(point.time);
      series.rows.push_back(point.row);
      std::vector<Value> values = read_all(states, point.group);
      for (size_t i = 0; i < values.size(); ++i) {
        if (const ConcurrencyAccumulator* concurrency = concurrency_in(whole.states, i))
          values[i] = concurrency->result_at(whole.groups[point.row], point.time);
      }
      if (has_rates_) changes[point.row].step(plan_, values);
      formulas_.fill(values);
      for (size_t i = 0; i < plan_.calculations.size(); ++i)
        series.calculations[i].values.push_back(std::move(values[i]));
    }
    return series;
  }

  Status add_series() {
    std::vector<uint32_t> position(row_count_, kNoGroup);
    for (uint32_t i = 0; i < rows_.size(); ++i) position[rows_[i]] = i;
    std::vector<SeriesPoint> points;
    for (uint32_t group = 0; group < keys_.size(); ++group) {
      uint32_t row = position[row_of_group_[group]];
      if (row != kNoGroup) points.push_back({std::get<UnixNanos>(keys_.value(group, 0)), row, group});
    }
    const Whole whole{row_states(), rows_};
    CLEW_TRY(add_running(whole, points));
    std::vector<Changes> changes(rows_.size(), Changes(plan_.calculations.size()));
    result_.series = series_of(std::move(points), states_, whole, changes);
    return {};
  }

  void add_others() {
    if (cut_off_.empty()) return;
    std::vector<uint32_t> to(row_count_, kNoGroup);
    for (uint32_t row : cut_off_) to[row] = 0;
    States others = roll_up(row_states(), to, 1);
    finish(others);
    result_.others = calculate_all(others, 0, nullptr);
  }

  const Plan& plan_;
  const StatePlan& state_plan_;
  GroupKeys keys_;
  States states_;                     // by group: bucket and row
  std::optional<States> row_states_;  // by row, when that is something else
  const Formulas formulas_;
  const bool has_rates_;
  std::vector<Changes> rates_of_rows_;
  std::vector<uint32_t> row_of_group_;
  std::vector<uint32_t> row_group_;  // a group of each row, for its keys
  size_t row_count_ = 0;
  std::vector<uint32_t> rows_;     // of the result, in order
  std::vector<uint32_t> cut_off_;  // by the limit
  ResultTable result_;
};

}  // namespace

Result<ResultTable> assemble(const Plan& plan, const StatePlan& state_plan, GroupStatesTable table) {
  return Assembly(plan, state_plan, std::move(table)).assemble();
}

}  // namespace clew::query
