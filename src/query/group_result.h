// From the states of all groups to the rows, series and totals of a result.
#pragma once

#include "query/group_run.h"
#include "query/result_table.h"

namespace clew::query {

// Leaves ResultTable::cost to the caller. Fails when a series has more points than can be answered with.
Result<ResultTable> assemble(const Plan& plan, const StatePlan& state_plan, GroupStatesTable table);

}  // namespace clew::query
