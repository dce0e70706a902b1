#include "query/specification_faults.h"

#include <algorithm>

#include <fmt/format.h>

#include "query/calculated_field.h"
#include "query/related_spans.h"

namespace clew::query {
namespace {

Status wrong(std::string_view field, std::string_view what) {
  return {ErrorKind::bad_input, fmt::format("{}: {}", field, what)};
}

bool has_relation(const Filter& filter) {
  return !split(filter).related.empty() || has_misplaced_relation(filter);
}

Status find_in_calculations(const Plan& plan, size_t count) {
  constexpr std::string_view kOwn = "a calculation is over the rows themselves, not over related spans";
  for (size_t i = 0; i < std::min(count, plan.calculations.size()); ++i) {
    const Calculation& calculation = plan.calculations[i];
    if (calculation.column && calculation.column->relation != Relation::own)
      return wrong(fmt::format("calculations[{}].column", i), kOwn);
    if (has_relation(calculation.filter)) return wrong(fmt::format("calculations[{}].filters", i), kOwn);
  }
  return {};
}

Status find_in_formulas(const Plan& plan, size_t count) {
  for (size_t i = count; i < plan.calculations.size(); ++i) {
    const Calculation& formula = plan.calculations[i];
    if (formula.kind != CalculationKind::formula) continue;
    const std::string field = fmt::format("formulas[{}].expression", i - count);
    const Result<CompiledField> compiled = compile_field({formula.alias, formula.expression}, {});
    if (!compiled.ok()) return wrong(field, compiled.status().message());
    for (const ColumnName& input : compiled->inputs) {
      const auto named = std::find_if(plan.calculations.begin(), plan.calculations.end(),
                                      [&](const Calculation& one) { return name_of(one) == input.name; });
      if (named == plan.calculations.end())
        return wrong(field, fmt::format("{} is not among the calculations", input.name));
      if (named->kind == CalculationKind::formula || named->kind == CalculationKind::heatmap)
        return wrong(field, fmt::format("{} is no number", input.name));
    }
  }
  return {};
}

bool is_heatmap(const Plan& plan, size_t calculation) {
  return calculation < plan.calculations.size() &&
         plan.calculations[calculation].kind == CalculationKind::heatmap;
}

}  // namespace

Status find_fault(const Plan& plan, size_t calculations) {
  if (has_misplaced_relation(plan.filter))
    return wrong("filter_combination",
                 "filters on root., parent., child., any. and none. must all hold: AND");
  CLEW_TRY(find_in_calculations(plan, calculations));
  CLEW_TRY(find_in_formulas(plan, calculations));
  for (size_t i = 0; i < plan.group_by.size(); ++i) {
    if (plan.group_by[i].relation == Relation::none)
      return wrong(fmt::format("breakdowns[{}]", i), "none. stands in conditions only");
  }
  for (size_t i = 0; i < plan.having.size(); ++i) {
    if (plan.having[i].op > Operator::less_or_equal)
      return wrong(fmt::format("havings[{}].op", i),
                   fmt::format("must be one of: = != > >= < <=, got {}", info_of(plan.having[i].op).name));
    if (is_heatmap(plan, plan.having[i].calculation))
      return wrong(fmt::format("havings[{}].calculate_op", i), "HEATMAP is no number");
  }
  for (size_t i = 0; i < plan.orders.size(); ++i) {
    if (plan.orders[i].by == Order::By::calculation && is_heatmap(plan, plan.orders[i].position))
      return wrong(fmt::format("orders[{}].op", i), "HEATMAP has no order");
  }
  return {};
}

}  // namespace clew::query
