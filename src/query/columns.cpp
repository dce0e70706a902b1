#include "query/columns.h"

#include <algorithm>
#include <map>

#include "query/derived_columns.h"
#include "telemetry/semantic_names.h"

namespace clew::query {
namespace {

template <typename T>
void add_once(std::vector<T>& list, const T& item) {
  auto at = std::lower_bound(list.begin(), list.end(), item);
  if (at == list.end() || *at != item) list.insert(at, item);
}

}  // namespace

Result<std::vector<ColumnDescription>> list_columns(const store::Snapshot& snapshot, const TimeRange& range) {
  std::map<std::string, ColumnDescription> found;
  for (const auto& segment : snapshot.segments) {
    std::span<const store::GranuleInfo> granules = segment->granules();
    std::span<const store::ColumnInfo> columns = segment->columns();
    for (uint32_t column = 0; column < columns.size(); ++column) {
      if (columns[column].name == names::kOrigin) continue;
      uint64_t rows = 0;
      for (uint32_t granule = 0; granule < granules.size(); ++granule) {
        if (range != TimeRange{} && !range.overlaps(granules[granule].first, granules[granule].last))
          continue;
        if (auto zone = segment->zone_map(granule, column)) rows += zone->present;
      }
      if (rows == 0) continue;
      ColumnDescription& description = found[columns[column].name];
      add_once(description.scopes, columns[column].scope);
      add_once(description.types, columns[column].type);
      description.rows += rows;
    }
  }
  for (const DerivedColumn& derived : derived_columns()) {
    auto source = found.find(std::string(derived.source));
    if (source == found.end()) continue;
    uint64_t rows = source->second.rows;
    ColumnDescription& description = found[std::string(derived.name)];
    add_once(description.scopes, store::Scope::intrinsic);
    add_once(description.types, derived.type);
    description.derived = true;
    description.help = derived.help;
    description.rows += rows;
  }
  std::vector<ColumnDescription> list;
  for (auto& [name, description] : found) {
    description.name = name;
    list.push_back(std::move(description));
  }
  return list;
}

Result<std::vector<ValueCount>> list_values(const ColumnName& column, const std::string& part, size_t limit,
                                            const TimeRange& range, const store::Snapshot& snapshot,
                                            const RunOptions& options) {
  Plan plan;
  plan.range = range;
  plan.filter = part.empty() ? comparison(column, Operator::exists, {})
                             : comparison(column, Operator::contains, {Value(part)});
  plan.group_by = {column};
  plan.calculations = {{.kind = CalculationKind::count, .column = {}, .alias = {}, .filter = {}}};
  plan.weighting = Weighting::stored_rows;
  plan.limit = std::clamp<size_t>(limit, 1, kMostRows);
  CLEW_ASSIGN(ResultTable table, run(plan, snapshot, options));
  std::vector<ValueCount> values;
  for (size_t row = 0; row < table.row_count; ++row) {
    values.push_back({.value = std::move(table.columns[0].values[row]),
                      .rows = static_cast<uint64_t>(std::get<int64_t>(table.columns[1].values[row]))});
  }
  return values;
}

}  // namespace clew::query
