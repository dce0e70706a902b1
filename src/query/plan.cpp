#include "query/plan.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "query/calculated_field.h"
#include "query/related_spans.h"

namespace clew::query {
namespace {

constexpr size_t kMostFilterDepth = 64;
constexpr size_t kMostCalculations = 100;
constexpr size_t kMostGroupColumns = 100;

Status invalid(std::string message) {
  return {ErrorKind::bad_input, std::move(message)};
}

Status validate_comparison(const Filter& filter) {
  const OperatorInfo& info = info_of(filter.op);
  if (filter.column.name.empty()) return invalid("a filter has a column without a name");
  if (info.operands == Operands::none && !filter.values.empty())
    return invalid(fmt::format("filter on {}: {} takes no value", filter.column.name, info.name));
  if (info.operands == Operands::one && filter.values.size() != 1)
    return invalid(fmt::format("filter on {}: {} takes one value, got {}", filter.column.name, info.name,
                               filter.values.size()));
  if (info.operands == Operands::many && filter.values.empty())
    return invalid(fmt::format("filter on {}: {} takes at least one value", filter.column.name, info.name));
  for (const Value& value : filter.values) {
    if (is_null(value) || std::holds_alternative<Histogram>(value))
      return invalid(
          fmt::format("filter on {}: null is no value; ask exists or does-not-exist", filter.column.name));
  }
  return {};
}

Status validate_filter(const Filter& filter, size_t depth) {
  if (depth > kMostFilterDepth)
    return invalid(fmt::format("filters are nested deeper than {}", kMostFilterDepth));
  if (filter.kind == Filter::Kind::comparison) return validate_comparison(filter);
  for (const Filter& child : filter.children) CLEW_TRY(validate_filter(child, depth + 1));
  return {};
}

Status validate_formula(const Plan& plan, const Calculation& formula) {
  if (formula.alias.empty()) return invalid("a formula needs a name");
  if (formula.column || !formula.filter.matches_everything())
    return invalid(fmt::format("the formula {} takes no column and no filter", formula.alias));
  CLEW_ASSIGN(const CompiledField compiled, compile_field({formula.alias, formula.expression}, {}));
  for (const ColumnName& input : compiled.inputs) {
    const auto named = std::find_if(plan.calculations.begin(), plan.calculations.end(),
                                    [&](const Calculation& one) { return name_of(one) == input.name; });
    if (named == plan.calculations.end())
      return invalid(fmt::format("the formula {} uses {}, which is not among the calculations", formula.alias,
                                 input.name));
    if (named->kind == CalculationKind::formula || named->kind == CalculationKind::heatmap)
      return invalid(fmt::format("the formula {} uses {}, which is no number", formula.alias, input.name));
  }
  return {};
}

Status validate_relations(const Plan& plan) {
  const auto is_related = [](const ColumnName& name) { return name.relation != Relation::own; };
  bool any = !split(plan.filter).related.empty();
  CLEW_TRY(check_relations(plan.filter));
  for (const Calculation& calculation : plan.calculations) {
    if ((calculation.column && is_related(*calculation.column)) ||
        !split(calculation.filter).related.empty() || has_misplaced_relation(calculation.filter))
      return invalid(fmt::format("{}: a calculation is over the rows themselves, not over related spans",
                                 name_of(calculation)));
  }
  std::vector<ColumnName> columns = plan.group_by;
  if (plan.rows) columns.insert(columns.end(), plan.rows->columns.begin(), plan.rows->columns.end());
  for (const ColumnName& column : columns) {
    any |= is_related(column);
    if (column.relation == Relation::none)
      return invalid(fmt::format("{}: none. stands in conditions only", full_name(column)));
  }
  if (any && plan.signal == Signal::metrics)
    return invalid("metrics belong to no trace: root. and the like need spans");
  return {};
}

Status validate_concurrency(const Plan& plan, const Calculation& calculation) {
  if (calculation.column) return invalid("CONCURRENCY takes no column");
  if (plan.signal == Signal::metrics) return invalid("CONCURRENCY needs spans, metrics have no duration");
  if (plan.granularity && plan.buckets == TimeBuckets::rows)
    return invalid("CONCURRENCY is of spans that run beyond the step they start in: ask EVERY without ROWS");
  return validate_filter(calculation.filter, 0);
}

Status validate_calculation(const Plan& plan, const Calculation& calculation) {
  if (calculation.kind == CalculationKind::formula) return validate_formula(plan, calculation);
  if (is_rate(calculation.kind) && (!plan.granularity || plan.buckets == TimeBuckets::rows))
    return invalid(
        fmt::format("{} is a change over time: it needs steps, such as EVERY 60s", name_of(calculation)));
  if (calculation.kind == CalculationKind::concurrency) return validate_concurrency(plan, calculation);
  if (calculation.kind != CalculationKind::count && !calculation.column)
    return invalid(fmt::format("{} needs a column", name_of(calculation.kind, calculation.quantile)));
  if (calculation.column && calculation.column->name.empty())
    return invalid("a calculation has a column without a name");
  if (calculation.kind == CalculationKind::percentile &&
      !(calculation.quantile >= 0 && calculation.quantile <= 1))
    return invalid(fmt::format("a percentile must be from 0 to 1, got {}", calculation.quantile));
  return validate_filter(calculation.filter, 0);
}

bool orders_numbers(Operator op) {
  return op <= Operator::less_or_equal;
}

Status validate_having(const Plan& plan) {
  for (const Having& having : plan.having) {
    if (having.calculation >= plan.calculations.size())
      return invalid("having refers to a calculation that is not there");
    if (!orders_numbers(having.op))
      return invalid(fmt::format("having takes = != > >= < <=, not {}", info_of(having.op).name));
    if (plan.calculations[having.calculation].kind == CalculationKind::heatmap)
      return invalid("having does not work on HEATMAP");
  }
  return {};
}

Status validate_orders(const Plan& plan) {
  for (const Order& order : plan.orders) {
    bool by_group = order.by == Order::By::group_column;
    if (order.position >= (by_group ? plan.group_by.size() : plan.calculations.size()))
      return invalid("order refers to a column that is not there");
    if (!by_group && plan.calculations[order.position].kind == CalculationKind::heatmap)
      return invalid("order does not work on HEATMAP");
  }
  return {};
}

}  // namespace

Filter comparison(std::string column, Operator op, Value value) {
  std::vector<Value> values;
  if (!is_null(value)) values.push_back(std::move(value));
  return comparison(ColumnName{std::move(column), {}}, op, std::move(values));
}

Filter comparison(ColumnName column, Operator op, std::vector<Value> values) {
  return {.kind = Filter::Kind::comparison,
          .children = {},
          .column = std::move(column),
          .op = op,
          .values = std::move(values)};
}

Filter all_of(std::vector<Filter> children) {
  return {.kind = Filter::Kind::all, .children = std::move(children)};
}
Filter any_of(std::vector<Filter> children) {
  return {.kind = Filter::Kind::any, .children = std::move(children)};
}
Filter none_of(std::vector<Filter> children) {
  return {.kind = Filter::Kind::none, .children = std::move(children)};
}

Plan earlier(const Plan& plan) {
  Plan before = plan;
  before.compare_offset.reset();
  if (plan.compare_offset)
    before.range = {plan.range.from - *plan.compare_offset, plan.range.to - *plan.compare_offset};
  return before;
}

std::string name_of(const Calculation& calculation) {
  if (!calculation.alias.empty()) return calculation.alias;
  std::string op = name_of(calculation.kind, calculation.quantile);
  return calculation.column ? fmt::format("{}({})", op, full_name(*calculation.column)) : op;
}

Status validate(const Plan& plan) {
  CLEW_TRY(validate_filter(plan.filter, 0));
  for (const CalculatedField& field : plan.fields) {
    if (field.name.empty()) return invalid("a calculated field has no name");
  }
  const size_t most = plan.rows ? kMostRowsRead : kMostRows;
  CLEW_TRY(validate_relations(plan));
  if (plan.compare_offset && plan.compare_offset->count <= 0) return invalid("compare needs a time above 0");
  if (plan.limit == 0 || plan.limit > most)
    return invalid(fmt::format("limit must be from 1 to {}, got {}", most, plan.limit));
  if (plan.granularity && plan.granularity->count <= 0) return invalid("granularity must be positive");
  if (plan.rows) {
    if (!plan.calculations.empty() || !plan.group_by.empty() || !plan.having.empty() || !plan.orders.empty())
      return invalid("a plan for raw rows has no calculations, groups, having or orders");
    return {};
  }
  if (plan.calculations.empty()) return invalid("a plan needs a calculation, or asks for rows");
  if (plan.calculations.size() > kMostCalculations)
    return invalid(
        fmt::format("at most {} calculations, got {}", kMostCalculations, plan.calculations.size()));
  if (plan.group_by.size() > kMostGroupColumns)
    return invalid(fmt::format("at most {} group columns, got {}", kMostGroupColumns, plan.group_by.size()));
  for (const ColumnName& column : plan.group_by) {
    if (column.name.empty()) return invalid("a group column has no name");
  }
  for (const Calculation& calculation : plan.calculations) CLEW_TRY(validate_calculation(plan, calculation));
  CLEW_TRY(validate_having(plan));
  return validate_orders(plan);
}

}  // namespace clew::query
