#include "query/columns.h"

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <tuple>

#include "query/beside_damage.h"
#include "query/derived_columns.h"
#include "query/related_spans.h"
#include "query/scan.h"
#include "telemetry/semantic_names.h"

namespace clew::query {
namespace {

template <typename T>
void add_once(std::vector<T>& list, const T& item) {
  auto at = std::lower_bound(list.begin(), list.end(), item);
  if (at == list.end() || *at != item) list.insert(at, item);
}

using ColumnKey = std::tuple<store::Scope, store::ColumnType, std::string>;
ColumnKey key_of(const store::ColumnInfo& column) {
  return {column.scope, column.type, column.name};
}

std::vector<ColumnDescription> describe(const store::Snapshot& snapshot, const TimeRange& range,
                                        const std::function<bool(const store::ColumnInfo&)>& is_wanted) {
  std::map<std::string, ColumnDescription> found;
  bool has_logs = false;
  for (const auto& segment : snapshot.segments) {
    has_logs |= signal_of(*segment, Signal::traces) == Signal::logs;
    std::span<const store::GranuleInfo> granules = segment->granules();
    std::span<const store::ColumnInfo> columns = segment->columns();
    for (uint32_t column = 0; column < columns.size(); ++column) {
      if (columns[column].name == names::kOrigin || !is_wanted(columns[column])) continue;
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
    if (source == found.end() || (derived.derivation == Derivation::log_of_span && !has_logs)) continue;
    uint64_t rows = source->second.rows;
    ColumnDescription& description = found[std::string(derived.name)];
    add_once(description.scopes, store::Scope::intrinsic);
    add_once(description.types, derived.type);
    description.derived = true;
    description.help = derived.help;
    description.rows =
        derived.derivation == Derivation::zero ? std::max(description.rows, rows) : description.rows + rows;
  }
  std::vector<ColumnDescription> list;
  for (auto& [name, description] : found) {
    description.name = name;
    list.push_back(std::move(description));
  }
  return list;
}

// Which columns have a value in a row that matches. What one granule shows need not be read in another.
class ColumnsOfRows {
 public:
  Status look_at(const GranuleScan& scan) {
    const store::Segment& segment = *scan.segment.segment;
    const uint32_t granule = scan.reader.granule();
    const bool whole = scan.selection.count() == segment.granules()[granule].rows;
    for (uint32_t i = 0; i < segment.columns().size(); ++i) {
      const ColumnKey key = key_of(segment.columns()[i]);
      if (found_.contains(key)) continue;
      const auto zone = segment.zone_map(granule, i);
      if (!zone || zone->present == 0) continue;
      bool has_value = whole;
      if (!has_value) {
        CLEW_ASSIGN(const store::ColumnData* data, scan.reader.read(i));
        Selection rows = scan.selection;
        rows.intersect(data->present);
        has_value = !rows.empty();
      }
      if (has_value) found_.insert(key);
    }
    return {};
  }
  bool has(const store::ColumnInfo& column) const { return found_.contains(key_of(column)); }

 private:
  std::set<ColumnKey> found_;
};

}  // namespace

Result<std::vector<ColumnDescription>> list_columns(const store::Snapshot& snapshot, const TimeRange& range) {
  return describe(snapshot, range, [](const store::ColumnInfo&) { return true; });
}

Result<std::vector<ColumnDescription>> list_columns_of(const Filter& rows, const store::Snapshot& snapshot,
                                                       const TimeRange& range, const RunOptions& options) {
  if (rows.matches_everything()) return list_columns(snapshot, range);
  return run_beside_damage(
      snapshot, options,
      [&](const store::Snapshot& sound, const RunOptions& rest) -> Result<std::vector<ColumnDescription>> {
        NameList names;
        ScanWanted wanted{.range = range, .names = {}, .filters = {}, .fields = {}};
        RunOptions alone = rest;
        alone.pool = nullptr;
        QueryLimits limits(alone);
        CLEW_ASSIGN(const std::unique_ptr<RelatedSpans> related,
                    RelatedSpans::gather(rows, range, sound, alone, limits));
        wanted.related = related.get();
        CLEW_ASSIGN(CompiledFilter filter, compile(split(rows).own, names));
        wanted.filters.push_back(std::move(filter));
        wanted.names = names.names();
        Scan scan(wanted, sound);
        ColumnsOfRows columns;
        Scan::Visitor visitor;
        visitor.visit = [&](const GranuleScan& granule) { return columns.look_at(granule); };
        const Status status = scan.run(alone, limits, visitor);
        if (!status.ok() && status.kind() == ErrorKind::exhausted) return list_columns(sound, range);
        if (!status.ok()) return status;
        return describe(sound, range, [&](const store::ColumnInfo& column) { return columns.has(column); });
      });
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
