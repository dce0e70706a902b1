#include "query/testing/naive_relations.h"

#include <string_view>
#include <tuple>

#include "telemetry/semantic_names.h"

namespace clew::query::testing {
namespace {

// Empty when it has none.
std::string_view id_of(const TableRow& row, std::string_view name) {
  const Cell* cell = find_intrinsic(row, name);
  return cell ? std::string_view(std::get<std::string>(cell->value)) : std::string_view();
}

bool is_span(const TableRow& row) {
  return find_intrinsic(row, names::kSpanId) && !find_intrinsic(row, names::kAnnotationType);
}

// Whether the id under one name in a row is the id under another name in another row.
bool names_the_same(const TableRow& a, std::string_view name_in_a, const TableRow& b,
                    std::string_view name_in_b) {
  const std::string_view id = id_of(a, name_in_a);
  return !id.empty() && id == id_of(b, name_in_b);
}

}  // namespace

NaiveRelations::NaiveRelations(const Plan& plan, const std::vector<TableRow>& rows)
    : plan_(plan), rows_(rows), filter_(split(plan.filter)) {}

bool NaiveRelations::satisfies(const TableRow& row) const {
  if (!naive_matches(filter_.own, row, plan_.signal)) return false;
  for (const auto& [relation, conditions] : filter_.related) {
    if ((related_span(relation, row) != nullptr) == (relation == Relation::none)) return false;
  }
  return true;
}

Value NaiveRelations::value_of(const ColumnName& name, const TableRow& row) const {
  if (name.relation == Relation::own) return naive_value(name, row, plan_.signal);
  const TableRow* span = related_span(name.relation, row);
  ColumnName own = name;
  own.relation = Relation::own;
  return span == nullptr ? Value() : naive_value(own, *span, plan_.signal);
}

const TableRow* NaiveRelations::related_span(Relation relation, const TableRow& row) const {
  Filter filter;
  for (const auto& [known, conditions] : filter_.related) {
    if (known == relation) filter = conditions;
  }
  const TableRow* best = nullptr;
  const auto rank = [&](const TableRow& span) {
    return std::tuple(relation == Relation::root && find_intrinsic(span, names::kParentId) != nullptr,
                      time_of(span), id_of(span, names::kSpanId));
  };
  for (const TableRow& span : rows_) {
    if (!is_span(span) || !names_the_same(row, names::kTraceId, span, names::kTraceId)) continue;
    if (plan_.range != TimeRange{} && (time_of(span) < plan_.range.from.count - RelatedSpans::kMargin.count ||
                                       time_of(span) >= plan_.range.to.count + RelatedSpans::kMargin.count))
      continue;
    if (relation == Relation::parent && !names_the_same(row, names::kParentId, span, names::kSpanId))
      continue;
    if (relation == Relation::child && !names_the_same(row, names::kSpanId, span, names::kParentId)) continue;
    if (relation != Relation::root && !naive_matches(filter, span, Signal::traces)) continue;
    if (best == nullptr || rank(span) < rank(*best)) best = &span;
  }
  return best != nullptr && naive_matches(filter, *best, Signal::traces) ? best : nullptr;
}

}  // namespace clew::query::testing
