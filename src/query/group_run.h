// GroupRun: executes the calculations of a plan over a snapshot, up to the states of all groups.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "query/accumulator.h"
#include "query/group_keys.h"
#include "query/plan.h"
#include "query/query_limits.h"
#include "query/run.h"
#include "query/scan.h"

namespace clew::query {

// Groups and, for each group, the states of the calculations.
struct GroupStatesTable {
  GroupKeys keys;
  std::vector<std::unique_ptr<Accumulator>> states;
};

// Calculations that can share a state do; `calculation_states` says which state each reads.
struct StatePlan {
  struct State {
    CalculationKind family = CalculationKind::count;
    std::optional<size_t> name;  // in ScanWanted::names
    size_t filter = 0;           // in ScanWanted::filters; 0: no filter of its own
    HeatmapScale scale;
  };
  std::vector<State> states;
  static constexpr size_t kNoState = SIZE_MAX;  // a formula, which is computed from the others
  std::vector<size_t> calculation_states;
};

class GroupRun {
 public:
  // `related`: of the plan, or null when it has no relational names.
  static Result<std::unique_ptr<GroupRun>> prepare(const Plan& plan, const store::Snapshot& snapshot,
                                                   const RelatedSpans* related);

  // The groups of all workers, merged; the time bucket, when the plan has one, is the first key.
  Result<GroupStatesTable> execute(const RunOptions& options, QueryLimits& limits);

  // The scale of a heatmap must be known before execute().
  StatePlan& state_plan() { return states_; }
  Cost cost() const;

 private:
  explicit GroupRun(const Plan& plan) : plan_(plan) {}

  Status add_calculations();
  GroupStatesTable new_table() const;
  Status visit(GroupStatesTable& table, uint64_t& weight, const GranuleScan& scan) const;

  const Plan& plan_;
  ScanWanted wanted_;
  std::vector<size_t> group_names_;
  StatePlan states_;
  std::unique_ptr<Scan> scan_;
  uint64_t weight_matched_ = 0;
};

}  // namespace clew::query
