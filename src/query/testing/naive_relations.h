// The other spans of a trace that a plan speaks of, found by looking at every row.
#pragma once

#include <vector>

#include "query/plan.h"
#include "query/related_spans.h"
#include "query/testing/naive_rows.h"

namespace clew::query::testing {

class NaiveRelations {
 public:
  // Both must outlive this.
  NaiveRelations(const Plan& plan, const std::vector<TableRow>& rows);

  // Whether a row satisfies what the plan's filter says of itself and of the spans around it.
  bool satisfies(const TableRow& row) const;
  // The value of a name in the row, or in the span that its relation leads to.
  Value value_of(const ColumnName& name, const TableRow& row) const;

 private:
  // Null when there is none.
  const TableRow* related_span(Relation relation, const TableRow& row) const;

  const Plan& plan_;
  const std::vector<TableRow>& rows_;
  const FilterByRelation filter_;
};

}  // namespace clew::query::testing
