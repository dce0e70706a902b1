// estimate(): what a plan would cost, told from what is known without reading a column.
#pragma once

#include <cstdint>

#include "base/result.h"
#include "query/plan.h"
#include "store/storage.h"

namespace clew::query {

// Never less than run() comes to, but for plans with relational names, whose other spans are not in it.
struct Estimate {
  uint64_t rows = 0;             // of the granules that may hold something
  uint64_t bytes = 0;            // of the columns asked for in these, on disk
  uint64_t granules = 0;         // that have to be looked at
  uint64_t granules_pruned = 0;  // that time range and zone maps leave out
};

Result<Estimate> estimate(const Plan& plan, const store::Snapshot& snapshot);

}  // namespace clew::query
