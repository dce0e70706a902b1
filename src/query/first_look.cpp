#include "query/first_look.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "query/related_spans.h"
#include "telemetry/semantic_names.h"

namespace clew::query {
namespace {

bool asks_about_other_spans(const Plan& plan) {
  const auto is_relational = [](const ColumnName& column) { return column.relation != Relation::own; };
  return has_misplaced_relation(plan.filter) || !(split(plan.filter).own == plan.filter) ||
         std::any_of(plan.group_by.begin(), plan.group_by.end(), is_relational) ||
         std::any_of(plan.calculations.begin(), plan.calculations.end(),
                     [&](const Calculation& one) { return one.column && is_relational(*one.column); });
}

}  // namespace

std::optional<FirstLook> first_look(const Plan& plan, const store::Snapshot& snapshot, uint64_t rows) {
  if (plan.rows || plan.compare_offset || asks_about_other_spans(plan)) return std::nullopt;

  std::vector<store::GranuleInfo> newest_first;
  for (const auto& segment : snapshot.segments) {
    for (const store::GranuleInfo& granule : segment->granules())
      if (granule.rows > 0 && plan.range.overlaps(granule.first, granule.last))
        newest_first.push_back(granule);
  }
  std::sort(newest_first.begin(), newest_first.end(),
            [](const store::GranuleInfo& a, const store::GranuleInfo& b) { return a.last > b.last; });
  uint64_t wanted = 0;
  size_t taken = 0;
  UnixNanos from = plan.range.to;
  for (; taken < newest_first.size() && wanted < rows; ++taken) {
    wanted += newest_first[taken].rows;
    from = std::min(from, newest_first[taken].first);
  }
  // Older ones that reach into the same time are read too.
  uint64_t read = wanted;
  for (size_t i = taken; i < newest_first.size() && newest_first[i].last >= from; ++i)
    read += newest_first[i].rows;
  if (from <= plan.range.from || read > 2 * rows) return std::nullopt;

  FirstLook look{.plan = plan, .from = from};
  const ColumnName time{std::string(names::kTime), store::Scope::intrinsic};
  look.plan.filter =
      all_of({plan.filter, comparison(time, Operator::greater_or_equal, std::vector<Value>{from.count})});
  return look;
}

}  // namespace clew::query
