// RelatedSpans: what relational names ask of other spans of the trace: root.name, parent.name, child.name,
// any.name, none.name. All spans are looked at once before the rows are, to find for each relation the span
// that each trace, parent or child is represented by.
#pragma once

#include <memory>
#include <vector>

#include "query/computed_column.h"
#include "query/plan.h"
#include "query/query_limits.h"
#include "query/scan.h"
#include "query/shared_spans.h"
#include "query/span_keys.h"

namespace clew::query {

// The conditions of a filter, by the span they are about. All must hold.
struct FilterByRelation {
  Filter own;
  std::vector<std::pair<Relation, Filter>> related;
};
FilterByRelation split(const Filter& filter);
// Whether the filter has relational names where they are not understood: elsewhere than in conditions that
// must all hold.
bool has_misplaced_relation(const Filter& filter);
Status check_relations(const Filter& filter);

class RelatedSpans {
 public:
  // Spans this long before and after the range are looked at too.
  static constexpr Nanoseconds kMargin = seconds(300);

  // Null when the plan has no relational names.
  static Result<std::unique_ptr<RelatedSpans>> gather(const Plan& plan, const store::Snapshot& snapshot,
                                                      const RunOptions& options, QueryLimits& limits);

  // For a question that is a condition alone; one that cannot be understood is an error.
  static Result<std::unique_ptr<RelatedSpans>> gather(const Filter& filter, const TimeRange& range,
                                                      const store::Snapshot& snapshot,
                                                      const RunOptions& options, QueryLimits& limits);

  // Drops the rows whose related spans do not match.
  Status narrow(GranuleReader& reader, Selection& selection) const;
  // Of a relational name of the plan.
  std::unique_ptr<ComputedColumn> column(const ColumnName& name) const;

 private:
  friend class RelatedColumn;
  friend class Gathering;

  // One relation of the plan.
  struct Side {
    Relation relation = Relation::root;
    bool filters = false;             // rows, and does not only give values
    std::vector<ColumnName> columns;  // as names of the related span's own
    KeyNumberTable numbers;           // of traces, of spans, or of parents: what the relation goes by
    std::vector<uint8_t> matched;     // by number
    std::vector<uint32_t> values;     // by number, then column: ids of `scalars`
    std::vector<Scalar> scalars;
  };
  const Side* side_of(Relation relation) const;
  // Of all rows of the granule.
  Result<SpanKeys> keys_of(GranuleReader& reader) const;
  // What a row is looked up by; 0 when it has nothing to be looked up by.
  static uint64_t key_of_row(Relation relation, const SpanKeys& keys, uint32_t row);

  std::vector<Side> sides_;
  SharedSpans shared_;
  TextArena arena_;
};

}  // namespace clew::query
