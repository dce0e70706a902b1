// Random tables and random plans over them, by seed.
#pragma once

#include <random>

#include "query/plan.h"
#include "query/testing/memory_table.h"

namespace clew::query::testing {

using Random = std::mt19937_64;

std::vector<TableRow> random_rows(Random& random, size_t count);
Plan random_plan(Random& random);
Layout random_layout(Random& random);

}  // namespace clew::query::testing
