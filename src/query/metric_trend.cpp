#include "query/metric_trend.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "query/beside_damage.h"
#include "query/metric_measurements.h"
#include "query/query_limits.h"
#include "telemetry/semantic_names.h"

namespace clew::query {
namespace {

struct Column {
  std::string_view name;
  std::optional<double> (*of)(const Measured&);
};

std::vector<Column> columns_of(MetricForm form) {
  const Column count{"count", [](const Measured& m) { return std::optional(m.count); }};
  const Column mean{"mean",
                    [](const Measured& m) { return m.count > 0 ? std::optional(m.mean()) : std::nullopt; }};
  const auto sum = [](const Measured& m) { return std::optional(m.sum.total()); };
  switch (form) {
    case MetricForm::gauge:
      return {mean,
              {"min", [](const Measured& m) { return std::optional(m.least); }},
              {"max", [](const Measured& m) { return std::optional(m.most); }}};
    case MetricForm::increase:
      return {{"increase", sum}};
    case MetricForm::value:
      return {{"value", sum}};
    case MetricForm::histogram:
      return {count,
              mean,
              {"P50", [](const Measured& m) { return m.quantile(0.5); }},
              {"P90", [](const Measured& m) { return m.quantile(0.9); }},
              {"P99", [](const Measured& m) { return m.quantile(0.99); }}};
    case MetricForm::summary:
      break;
  }
  return {count, mean};
}

// By what groups are ordered: how much there is of them.
double size_of(MetricForm form, const Measured& measured) {
  return form == MetricForm::gauge                                   ? measured.most
         : form == MetricForm::increase || form == MetricForm::value ? measured.sum.total()
                                                                     : measured.count;
}

Value value_of(const std::optional<double>& number) {
  return number && std::isfinite(*number) ? Value(*number) : Value();
}

// Over the range; of a value that rises and falls, its mean over the steps.
Measured over_all(MetricForm form, const std::vector<const Measured*>& steps) {
  Measured all;
  for (const Measured* step : steps) all.add(*step);
  if (form == MetricForm::value && !steps.empty())
    all.sum = {all.sum.total() / static_cast<double>(steps.size()), 0};
  return all;
}

ResultTable table_of(const MetricQuestion& question, MetricForm form, const GroupKeys& keys,
                     const std::map<GroupAndStep, Measured>& measured) {
  struct Group {
    uint32_t number;
    Value name;
    Measured all;
  };
  std::vector<Group> groups;
  for (auto at = measured.begin(); at != measured.end();) {
    const uint32_t group = at->first.first;
    std::vector<const Measured*> steps;
    for (; at != measured.end() && at->first.first == group; ++at) steps.push_back(&at->second);
    groups.push_back({group, question.by ? keys.value(group, 0) : Value(), over_all(form, steps)});
  }
  std::sort(groups.begin(), groups.end(), [form](const Group& a, const Group& b) {
    const double left = size_of(form, a.all), right = size_of(form, b.all);
    return left != right ? left > right : to_text(a.name) < to_text(b.name);
  });
  ResultTable table;
  table.groups_in_all = groups.size();
  if (groups.size() > question.limit) groups.resize(question.limit);
  table.row_count = groups.size();

  const std::vector<Column> columns = columns_of(form);
  if (question.by) table.columns.push_back({full_name(*question.by), ColumnRole::group, {}});
  for (const Column& column : columns) {
    table.columns.push_back({std::string(column.name), ColumnRole::calculation, {}});
    table.series.calculations.push_back(table.columns.back());
  }
  std::map<std::pair<int64_t, uint32_t>, const Measured*> points;  // by step and row
  for (uint32_t row = 0; row < groups.size(); ++row) {
    size_t at = 0;
    if (question.by) table.columns[at++].values.push_back(groups[row].name);
    for (const Column& column : columns)
      table.columns[at++].values.push_back(value_of(column.of(groups[row].all)));
    for (auto step = measured.lower_bound({groups[row].number, INT64_MIN});
         step != measured.end() && step->first.first == groups[row].number; ++step)
      points[{step->first.second, row}] = &step->second;
  }
  for (const auto& [at, point] : points) {
    table.series.times.push_back({at.first});
    table.series.rows.push_back(at.second);
    for (size_t i = 0; i < columns.size(); ++i)
      table.series.calculations[i].values.push_back(value_of(columns[i].of(*point)));
  }
  return table;
}

Plan plan_of(const MetricQuestion& question, MetricForm form) {
  Plan plan;
  plan.signal = Signal::metrics;
  plan.range = question.range;
  plan.granularity = question.step;
  plan.limit = question.limit;
  if (question.by) plan.group_by = {*question.by};
  for (const Column& column : columns_of(form)) {
    Calculation calculation;
    calculation.kind = CalculationKind::sum;
    calculation.alias = column.name;
    plan.calculations.push_back(std::move(calculation));
  }
  return plan;
}

Result<MetricTrend> trend_of(const MetricQuestion& question, const store::Snapshot& snapshot,
                             const RunOptions& options) {
  NameList names;
  ScanWanted wanted;
  wanted.range = question.range;
  wanted.signal = Signal::metrics;
  const Filter points = all_of({comparison({std::string(names::kMetricName), store::Scope::intrinsic},
                                           Operator::equal, {question.metric}),
                                question.filter});
  CLEW_ASSIGN(CompiledFilter filter, compile(points, names));
  wanted.filters.push_back(std::move(filter));
  NameList of_points;
  add_point_columns(of_points);
  wanted.names = names.names();
  const size_t first_column = wanted.names.size();
  for (const ColumnName& name : of_points.names()) wanted.names.push_back(name);
  std::vector<size_t> by;
  if (question.by) {
    by.push_back(wanted.names.size());
    wanted.names.push_back(*question.by);
  }

  Scan scan(wanted, snapshot);
  QueryLimits limits(options);
  std::vector<MetricMeasurements> read;
  for (size_t i = 0; i < scan.workers(options); ++i) read.emplace_back(question.step, by);
  Scan::Visitor visitor;
  visitor.visit = [&](const GranuleScan& granule) {
    return read[granule.worker].visit(granule, first_column);
  };
  visitor.bytes_held = [&](size_t worker) { return read[worker].bytes(); };
  CLEW_TRY(scan.run(options, limits, visitor));
  for (size_t i = 1; i < read.size(); ++i) {
    read[0].merge(read[i]);
    CLEW_TRY(limits.check());
  }
  const MetricForm form = read[0].commonest();
  const std::map<GroupAndStep, Measured> measured = read[0].of(form, question.range.from);
  MetricTrend trend{.plan = plan_of(question, form),
                    .table = table_of(question, form, read[0].keys(), measured)};
  trend.table.cost = scan.cost();
  trend.table.cost.elapsed = limits.elapsed();
  trend.table.cost.rows_set_aside = store::rows_set_aside(snapshot, question.range.from, question.range.to);
  return trend;
}

}  // namespace

Result<MetricTrend> metric_trend(const MetricQuestion& question, const store::Snapshot& snapshot,
                                 const RunOptions& options) {
  return run_beside_damage(snapshot, options, [&](const store::Snapshot& sound, const RunOptions& rest) {
    return trend_of(question, sound, rest);
  });
}

}  // namespace clew::query
