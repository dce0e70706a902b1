#include "query/group_run.h"

#include <algorithm>
#include <numeric>

#include "query/concurrency_accumulator.h"
#include "query/related_spans.h"

namespace clew::query {
namespace {

bool same_state(const StatePlan::State& a, const StatePlan::State& b) {
  return a.family == b.family && a.name == b.name && a.filter == b.filter &&
         a.family != CalculationKind::heatmap;
}

void merge_tables(GroupStatesTable& into, const GroupStatesTable& from) {
  std::vector<uint32_t> to(from.keys.size());
  for (uint32_t group = 0; group < to.size(); ++group) to[group] = into.keys.adopt(from.keys, group);
  for (size_t i = 0; i < into.states.size(); ++i)
    into.states[i]->merge(*from.states[i], to, into.keys.size());
}

}  // namespace

Result<std::unique_ptr<GroupRun>> GroupRun::prepare(const Plan& plan, const store::Snapshot& snapshot,
                                                    const RelatedSpans* related) {
  std::unique_ptr<GroupRun> run(new GroupRun(plan));
  run->wanted_.range = plan.range;
  run->wanted_.signal = plan.signal;
  run->wanted_.related = related;
  CLEW_TRY(run->add_calculations());
  run->scan_ = std::make_unique<Scan>(run->wanted_, snapshot);
  return run;
}

Status GroupRun::add_calculations() {
  NameList names;
  CLEW_ASSIGN(CompiledFilter filter, compile(split(plan_.filter).own, names));
  wanted_.filters.push_back(std::move(filter));
  for (const ColumnName& column : plan_.group_by) group_names_.push_back(names.add(column));
  std::vector<const Filter*> sources{nullptr};  // of wanted_.filters
  for (const Calculation& calculation : plan_.calculations) {
    if (calculation.kind == CalculationKind::formula) {
      states_.calculation_states.push_back(StatePlan::kNoState);
      continue;
    }
    StatePlan::State state{.family = family_of(calculation.kind), .name = {}, .scale = {}};
    if (calculation.column) state.name = names.add(*calculation.column);
    if (calculation.kind == CalculationKind::concurrency)
      state.name = names.add({std::string(kConcurrencyColumn), {}});
    if (!calculation.filter.matches_everything()) {
      auto known = std::find_if(sources.begin() + 1, sources.end(),
                                [&](const Filter* source) { return *source == calculation.filter; });
      state.filter = static_cast<size_t>(known - sources.begin());
      if (known == sources.end()) {
        CLEW_ASSIGN(CompiledFilter own, compile(calculation.filter, names));
        wanted_.filters.push_back(std::move(own));
        sources.push_back(&calculation.filter);
      }
    }
    auto shared = std::find_if(states_.states.begin(), states_.states.end(),
                               [&](const StatePlan::State& other) { return same_state(state, other); });
    states_.calculation_states.push_back(static_cast<size_t>(shared - states_.states.begin()));
    if (shared == states_.states.end()) states_.states.push_back(state);
  }
  wanted_.names = names.names();
  return add_fields(plan_.fields, wanted_);
}

GroupStatesTable GroupRun::new_table() const {
  GroupStatesTable table{.keys = GroupKeys(group_names_, plan_.granularity), .states = {}};
  bool only_one_group = group_names_.empty() && !plan_.granularity;
  for (const StatePlan::State& state : states_.states) {
    table.states.push_back(make_accumulator({.kind = state.family,
                                             .scale = state.scale,
                                             .only_one_group = only_one_group,
                                             .range = plan_.range,
                                             .step = plan_.granularity}));
  }
  return table;
}

Result<GroupStatesTable> GroupRun::execute(const RunOptions& options, QueryLimits& limits) {
  std::vector<GroupStatesTable> tables;
  size_t workers = scan_->workers(options);
  for (size_t i = 0; i < workers; ++i) tables.push_back(new_table());
  std::vector<uint64_t> weights(workers);
  Scan::Visitor visitor;
  visitor.visit = [&](const GranuleScan& scan) {
    return visit(tables[scan.worker], weights[scan.worker], scan);
  };
  visitor.bytes_held = [&](size_t worker) {
    size_t bytes = tables[worker].keys.bytes();
    for (const auto& state : tables[worker].states) bytes += state->bytes();
    return bytes;
  };
  CLEW_TRY(scan_->run(options, limits, visitor));
  weight_matched_ = std::accumulate(weights.begin(), weights.end(), uint64_t{0});
  for (size_t i = 1; i < workers; ++i) {
    merge_tables(tables[0], tables[i]);
    CLEW_TRY(limits.check());
  }
  return std::move(tables[0]);
}

Status GroupRun::visit(GroupStatesTable& table, uint64_t& weight, const GranuleScan& scan) const {
  std::vector<uint64_t> weights;
  if (plan_.weighting == Weighting::sample_rate) {
    CLEW_ASSIGN(weights, weights_of(scan.segment, scan.reader));
  }
  if (weights.empty()) {
    weight += scan.selection.count();
  } else {
    for_each_row(scan.selection, [&](uint32_t row) { weight += weights[row]; });
  }
  CLEW_ASSIGN(const uint32_t* groups,
              table.keys.assign(scan.reader, scan.segment.columns, scan.segment.time, scan.selection));
  for (size_t i = 0; i < states_.states.size(); ++i) {
    const StatePlan::State& state = states_.states[i];
    Selection selection = scan.selection;
    if (state.filter != 0) CLEW_TRY(scan.segment.filters[state.filter].narrow(scan.reader, selection));
    ResolvedColumn column;
    if (state.name) {
      CLEW_ASSIGN(column, scan.reader.resolve(scan.segment.columns[*state.name]));
    }
    const int64_t* times = nullptr;
    if (state.family == CalculationKind::concurrency && scan.segment.time) {
      CLEW_ASSIGN(const store::ColumnData* data, scan.reader.read(*scan.segment.time));
      times = data->integers.data();
    }
    table.states[i]->add({.segment = *scan.segment.segment,
                          .selection = selection,
                          .groups = groups,
                          .group_count = table.keys.size(),
                          .weights = weights.empty() ? nullptr : weights.data(),
                          .column = state.name ? &column : nullptr,
                          .times = times});
  }
  return {};
}

Cost GroupRun::cost() const {
  Cost cost = scan_->cost();
  cost.weight_matched = weight_matched_;
  return cost;
}

}  // namespace clew::query
