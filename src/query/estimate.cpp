#include "query/estimate.h"

#include <set>
#include <vector>

#include "query/related_spans.h"
#include "query/scan.h"

namespace clew::query {
namespace {

void collect(const Filter& filter, NameList& names) {
  if (filter.kind == Filter::Kind::comparison) names.add(filter.column);
  for (const Filter& child : filter.children) collect(child, names);
}

// The columns of the rows that all parts of the plan together are worked out from.
Result<std::vector<ColumnName>> columns_of(const Plan& plan) {
  NameList asked;
  collect(plan.filter, asked);
  for (const ColumnName& column : plan.group_by) asked.add(column);
  for (const Calculation& calculation : plan.calculations) {
    if (calculation.column) asked.add(*calculation.column);
    collect(calculation.filter, asked);
  }
  if (plan.rows) {
    for (const ColumnName& column : plan.rows->columns) asked.add(column);
  }
  NameList stored;
  for (const ColumnName& name : asked.names()) {
    const CalculatedField* field = find_field(name, plan.fields);
    if (field == nullptr) {
      stored.add({name.name, name.scope});
      continue;
    }
    CLEW_ASSIGN(const CompiledField compiled, compile_field(*field, plan.fields));
    for (const ColumnName& input : compiled.inputs) stored.add(input);
  }
  return stored.names();
}

// Of one segment, in the order of their numbers.
std::set<uint32_t> columns_in(const SegmentScan& scan, const Plan& plan,
                              const std::vector<ColumnName>& names) {
  std::set<uint32_t> columns;
  const bool every_column = plan.rows && plan.rows->columns.empty();
  for (uint32_t i = 0; every_column && i < scan.segment->columns().size(); ++i) columns.insert(i);
  for (const ColumnName& name : names) {
    for (const Candidate& candidate : bind(name, *scan.segment)) {
      columns.insert(candidate.column);
      if (candidate.source) columns.insert(*candidate.source);
    }
  }
  if (scan.time) columns.insert(*scan.time);
  if (scan.sample_rate && plan.weighting == Weighting::sample_rate && !plan.rows)
    columns.insert(*scan.sample_rate);
  return columns;
}

}  // namespace

Result<Estimate> estimate(const Plan& plan, const store::Snapshot& snapshot) {
  CLEW_TRY(validate(plan));
  NameList names;
  ScanWanted wanted{.range = plan.range, .signal = plan.signal, .names = {}, .filters = {}, .fields = {}};
  // Conditions on other spans leave rows out only once these have been read.
  const Filter own = has_misplaced_relation(plan.filter) ? Filter() : split(plan.filter).own;
  CLEW_ASSIGN(CompiledFilter filter, compile(own, names));
  wanted.filters.push_back(std::move(filter));
  wanted.names = names.names();
  CLEW_TRY(add_fields(plan.fields, wanted));
  CLEW_ASSIGN(const std::vector<ColumnName> columns, columns_of(plan));

  Scan scan(wanted, snapshot);
  // Without a condition the newest (or oldest) rows are found in the first granules that hold enough of them.
  const bool takes_first =
      plan.rows && own.matches_everything() && plan.rows->order_by_time == Direction::descending;
  if (takes_first) scan.order_newest_first();
  Estimate estimated;
  for (const auto& segment : snapshot.segments) estimated.granules_pruned += segment->granules().size();
  std::vector<std::set<uint32_t>> of_segment;
  for (const Scan::Granule& granule : scan.granules()) {
    if (takes_first && estimated.rows >= plan.limit) break;
    const SegmentScan& segment = scan.segment(granule.segment);
    if (of_segment.size() <= granule.segment) of_segment.resize(granule.segment + 1);
    std::set<uint32_t>& read = of_segment[granule.segment];
    if (read.empty()) read = columns_in(segment, plan, columns);
    for (const uint32_t column : read) {
      if (segment.segment->zone_map(granule.granule, column))
        estimated.bytes += segment.segment->stored_bytes(granule.granule, column);
    }
    estimated.rows += granule.info->rows;
    ++estimated.granules;
  }
  estimated.granules_pruned -= estimated.granules;
  return estimated;
}

}  // namespace clew::query
