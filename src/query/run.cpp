#include "query/run.h"

#include "base/counters.h"
#include "query/beside_damage.h"
#include "query/group_result.h"
#include "query/group_run.h"
#include "query/related_spans.h"
#include "query/row_run.h"

namespace clew::query {
namespace {

// A heatmap counts in steps between the extremes of what matches, which must be known first.
Status scale_heatmaps(const Plan& plan, const store::Snapshot& snapshot, const RelatedSpans* related,
                      const RunOptions& options, QueryLimits& limits, StatePlan& state_plan) {
  for (size_t i = 0; i < plan.calculations.size(); ++i) {
    const Calculation& heatmap = plan.calculations[i];
    if (heatmap.kind != CalculationKind::heatmap) continue;
    Plan extremes;
    extremes.signal = plan.signal;
    extremes.range = plan.range;
    extremes.filter = plan.filter;
    extremes.fields = plan.fields;
    for (CalculationKind kind : {CalculationKind::minimum, CalculationKind::maximum})
      extremes.calculations.push_back(
          {.kind = kind, .column = heatmap.column, .alias = {}, .filter = heatmap.filter});
    CLEW_ASSIGN(std::unique_ptr<GroupRun> run, GroupRun::prepare(extremes, snapshot, related));
    CLEW_ASSIGN(GroupStatesTable table, run->execute(options, limits));
    CLEW_ASSIGN(ResultTable result, assemble(extremes, run->state_plan(), std::move(table)));
    std::optional<double> low = number_in(result.columns[0].values[0]);
    std::optional<double> high = number_in(result.columns[1].values[0]);
    if (!low || !high) continue;
    state_plan.states[state_plan.calculation_states[i]].scale =
        plan.heatmap_steps == HeatmapSteps::logarithmic ? logarithmic_scale_for(*low, *high)
                                                        : scale_for(*low, *high);
  }
  return {};
}

Result<ResultTable> run_calculations(const Plan& plan, const store::Snapshot& snapshot,
                                     const RunOptions& options, QueryLimits& limits) {
  CLEW_ASSIGN(const std::unique_ptr<RelatedSpans> related,
              RelatedSpans::gather(plan, snapshot, options, limits));
  CLEW_ASSIGN(std::unique_ptr<GroupRun> run, GroupRun::prepare(plan, snapshot, related.get()));
  CLEW_TRY(scale_heatmaps(plan, snapshot, related.get(), options, limits, run->state_plan()));
  CLEW_ASSIGN(GroupStatesTable table, run->execute(options, limits));
  CLEW_TRY(limits.check());
  CLEW_ASSIGN(ResultTable result, assemble(plan, run->state_plan(), std::move(table)));
  CLEW_TRY(limits.check());
  result.cost = run->cost();
  return result;
}

Result<ResultTable> run_counted(const Plan& plan, const store::Snapshot& snapshot,
                                const RunOptions& options) {
  CLEW_TRY(validate(plan));
  QueryLimits limits(options);
  auto result = plan.rows ? run_rows(plan, snapshot, options, limits)
                          : run_calculations(plan, snapshot, options, limits);
  if (result.ok()) result->cost.elapsed = limits.elapsed();
  return result;
}

}  // namespace

Result<ResultTable> run(const Plan& plan, const store::Snapshot& snapshot, const RunOptions& options) {
  auto result =
      run_beside_damage(snapshot, options, [&](const store::Snapshot& sound, const RunOptions& rest) {
        auto answer = run_counted(plan, sound, rest);
        if (answer.ok())
          answer->cost.rows_set_aside = store::rows_set_aside(sound, plan.range.from, plan.range.to);
        return answer;
      });
  count(Counter::queries);
  if (!result.ok())
    count(result.status().kind() == ErrorKind::cancelled ? Counter::queries_cancelled
                                                         : Counter::queries_failed);
  return result;
}

}  // namespace clew::query
