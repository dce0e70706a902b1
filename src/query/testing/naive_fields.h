// What the naive evaluator knows of calculated fields: they become attributes, in the place of whatever has
// their names. What a function gives is not its business (the tests of the functions have it written down),
// but which values it is given is.
#pragma once

#include <vector>

#include "query/plan.h"
#include "query/testing/memory_table.h"

namespace clew::query::testing {

std::vector<TableRow> with_fields(const Plan& plan, const std::vector<TableRow>& rows);
// For a run over such rows: who names the scope of a column means the column that a field hides.
Plan with_hidden_names(Plan plan);
// Whether a column of such a row is one that a field hides.
bool is_hidden(const Cell& cell);

}  // namespace clew::query::testing
