// The rows that match a plan, as they are stored.
#pragma once

#include "query/plan.h"
#include "query/query_limits.h"
#include "query/result_table.h"
#include "query/run.h"

namespace clew::query {

// For a plan with Plan::rows.
Result<ResultTable> run_rows(const Plan& plan, const store::Snapshot& snapshot, const RunOptions& options,
                             QueryLimits& limits);

}  // namespace clew::query
