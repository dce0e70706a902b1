// The oracle: executes a plan row by row, in the plainest way, sharing no code with the engine but the plan,
// the comparison of values and the parsing of literals.
#pragma once

#include <vector>

#include "query/plan.h"
#include "query/result_table.h"
#include "query/testing/naive_rows.h"

namespace clew::query::testing {

// The plan must be valid. The cost stays empty.
ResultTable naive_run(const Plan& plan, const std::vector<TableRow>& rows);

}  // namespace clew::query::testing
