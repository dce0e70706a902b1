#include "query/testing/naive_evaluator.h"

#include <algorithm>
#include <map>
#include <set>

#include "query/testing/naive_calculations.h"
#include "query/testing/naive_fields.h"
#include "query/testing/naive_relations.h"
#include "query/testing/naive_rows.h"

namespace clew::query::testing {
namespace {

struct LessCells {
  bool operator()(const std::vector<Value>& a, const std::vector<Value>& b) const {
    return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end(), LessValue());
  }
};

class NaiveRun {
 public:
  NaiveRun(const Plan& plan, const std::vector<TableRow>& given)
      : plan_(with_hidden_names(plan)),
        rows_(with_fields(plan, given)),
        relations_(plan_, rows_),
        matching_(rows_that_match()),
        calculations_(plan_, matching_) {}

  ResultTable run() const {
    if (plan_.rows) return raw_rows();
    std::vector<Group> groups = kept_groups();
    // They are in the order of their keys already, and the sort is stable.
    std::stable_sort(groups.begin(), groups.end(),
                     [this](const Group& a, const Group& b) { return is_before(a, b); });
    ResultTable result;
    result.groups_in_all = groups.size();
    if (plan_.totals) result.totals = calculations_.of(matching_);
    if (plan_.others && groups.size() > plan_.limit) {
      Rows others;
      for (size_t i = plan_.limit; i < groups.size(); ++i)
        others.insert(others.end(), groups[i].rows.begin(), groups[i].rows.end());
      result.others = calculations_.of_others(others);
    }
    if (groups.size() > plan_.limit) groups.resize(plan_.limit);
    fill_columns(result, groups);
    if (plan_.granularity && !in_rows_) {
      std::vector<Rows> rows;
      for (const Group& group : groups) rows.push_back(group.rows);
      result.series = calculations_.series_of(rows);
      if (plan_.totals) result.totals_series = calculations_.series_of({matching_});
    }
    return result;
  }

 private:
  struct Group {
    std::vector<Value> key;  // of a time series told in rows, time first
    std::vector<Value> values;
    Rows rows;
  };

  Rows rows_that_match() const {
    Rows matching;
    for (const TableRow& row : rows_) {
      const bool in_range = plan_.range == TimeRange{} || plan_.range.contains({time_of(row)});
      if (in_range && relations_.satisfies(row)) matching.push_back(&row);
    }
    return matching;
  }

  // By their keys.
  std::vector<Group> kept_groups() const {
    std::map<std::vector<Value>, Rows, LessCells> groups;
    if (plan_.group_by.empty() && !in_rows_) groups[{}];
    for (const TableRow* row : matching_) {
      std::vector<Value> key;
      if (in_rows_) key.push_back(naive_bucket(time_of(*row), *plan_.granularity));
      for (const ColumnName& name : plan_.group_by) key.push_back(relations_.value_of(name, *row));
      groups[key].push_back(row);
    }
    std::vector<Group> kept;
    for (const auto& [key, rows] : groups) {
      Group group{key, calculations_.of(rows), rows};
      if (satisfies_having(group.values)) kept.push_back(std::move(group));
    }
    return kept;
  }

  bool is_before(const Group& a, const Group& b) const {
    if (in_rows_ && plan_.orders.empty()) {
      if (auto order = compare(a.key[0], b.key[0]); order != 0) return order < 0;
    }
    std::vector<Order> orders = plan_.orders;
    if (plan_.calculations[0].kind != CalculationKind::heatmap)
      orders.push_back({Order::By::calculation, 0, Direction::descending});
    for (const Order& order : orders) {
      const bool by_group = order.by == Order::By::group_column;
      const size_t position = order.position + (by_group && in_rows_ ? 1 : 0);
      const Value& x = by_group ? a.key[position] : a.values[position];
      const Value& y = by_group ? b.key[position] : b.values[position];
      if (is_null(x) != is_null(y)) return is_null(y);
      if (auto way = compare(x, y); way != 0) return (way < 0) == (order.direction == Direction::ascending);
    }
    return false;
  }

  void fill_columns(ResultTable& result, const std::vector<Group>& groups) const {
    result.row_count = groups.size();
    if (in_rows_) result.columns.push_back({"time", ColumnRole::time, {}});
    for (const ColumnName& name : plan_.group_by)
      result.columns.push_back({full_name(name), ColumnRole::group, {}});
    for (const ResultColumn& column : calculations_.columns()) result.columns.push_back(column);
    for (const Group& group : groups) {
      for (size_t i = 0; i < result.columns.size(); ++i)
        result.columns[i].values.push_back(i < group.key.size() ? group.key[i]
                                                                : group.values[i - group.key.size()]);
    }
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
          if (!is_hidden(cell)) names.insert(cell.column.name);
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
      for (const ColumnName& name : columns) cells.cells.push_back(relations_.value_of(name, *row));
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
  const bool in_rows_ = plan_.granularity && plan_.buckets == TimeBuckets::rows;
  const std::vector<TableRow> rows_;
  const NaiveRelations relations_;
  const Rows matching_;
  const NaiveCalculations calculations_;
};

}  // namespace

ResultTable naive_run(const Plan& plan, const std::vector<TableRow>& rows) {
  return NaiveRun(plan, rows).run();
}

}  // namespace clew::query::testing
