#include "store/columnar/row_order.h"

#include <algorithm>
#include <map>
#include <unordered_map>

#include "store/columnar/string_dictionary.h"
#include "telemetry/semantic_names.h"

namespace clew::store {
namespace {

constexpr int64_t kDayNanoseconds = days(1).count;

// Reads an intrinsic column; nothing when no row has it.
Result<std::optional<ColumnData>> read_intrinsic(const RowSource& source, std::string_view name,
                                                 ColumnType type) {
  const auto columns = source.segment->columns();
  for (uint32_t column = 0; column < source.segment->kept_columns(); ++column) {
    if (columns[column].scope != Scope::intrinsic || columns[column].type != type ||
        columns[column].name != name)
      continue;
    if (!source.segment->zone_map(source.granule, column)) break;
    CLEW_ASSIGN(ColumnData data, source.segment->read(source.granule, column));
    return std::optional(std::move(data));
  }
  return std::optional<ColumnData>();
}

// Gives the same number to equal strings of all sources.
class SharedCodes {
 public:
  // The shared code of each row of a column; `missing` where it has no value.
  std::vector<uint32_t> of(const std::optional<ColumnData>& data, uint32_t rows) {
    std::vector<uint32_t> codes(rows, kMissing);
    if (!data) return codes;
    std::vector<uint32_t> translate(data->is_dictionary() ? data->dictionary.size() : 0, kMissing);
    for (uint32_t row = 0; row < rows; ++row) {
      if (!data->has(row)) continue;
      if (!data->is_dictionary()) {
        codes[row] = dictionary_.code_of(data->strings[row]);
        continue;
      }
      uint32_t& code = translate[data->codes[row]];
      if (code == kMissing) code = dictionary_.code_of(data->dictionary[data->codes[row]]);
      codes[row] = code;
    }
    return codes;
  }

 private:
  static constexpr uint32_t kMissing = UINT32_MAX;
  StringDictionary dictionary_;
};

// A cluster number for each row of each source.
Result<std::vector<std::vector<uint32_t>>> find_clusters(std::span<const RowSource> sources, Signal signal) {
  std::vector<std::vector<uint32_t>> clusters;
  SharedCodes traces, metric_names, origins;
  std::unordered_map<uint64_t, uint32_t> series;
  for (const RowSource& source : sources) {
    const uint32_t rows = source.rows();
    switch (signal) {
      case Signal::traces: {
        CLEW_ASSIGN(const auto ids, read_intrinsic(source, names::kTraceId, ColumnType::trace_id));
        clusters.push_back(traces.of(ids, rows));
        break;
      }
      case Signal::metrics: {
        CLEW_ASSIGN(const auto name, read_intrinsic(source, names::kMetricName, ColumnType::string));
        CLEW_ASSIGN(const auto origin, read_intrinsic(source, names::kOrigin, ColumnType::bytes));
        std::vector<uint32_t> of_name = metric_names.of(name, rows);
        const std::vector<uint32_t> of_origin = origins.of(origin, rows);
        for (uint32_t row = 0; row < rows; ++row) {
          const uint64_t key = uint64_t{of_name[row]} << 32 | of_origin[row];
          of_name[row] = series.emplace(key, static_cast<uint32_t>(series.size())).first->second;
        }
        clusters.push_back(std::move(of_name));
        break;
      }
      case Signal::logs:
        clusters.emplace_back(rows, 0);
        break;
    }
  }
  return clusters;
}

struct Row {
  int64_t time;
  uint32_t cluster;
  RowReference reference;
};

// Clusters by their first row, rows of a cluster by time. Two linear passes instead of one large sort.
OrderedRows order_by_cluster(std::vector<Row> rows) {
  std::unordered_map<uint32_t, std::pair<int64_t, uint32_t>> first;  // cluster -> first time, rows
  first.reserve(rows.size() / 8);
  for (const Row& row : rows) {
    auto [known, is_new] = first.try_emplace(row.cluster, row.time, 0);
    known->second.first = std::min(known->second.first, row.time);
    ++known->second.second;
  }
  std::vector<std::pair<int64_t, uint32_t>> by_time;  // first time, cluster
  by_time.reserve(first.size());
  for (const auto& [cluster, entry] : first) by_time.emplace_back(entry.first, cluster);
  std::sort(by_time.begin(), by_time.end());
  uint32_t next = 0;
  for (const auto& [time, cluster] : by_time) {
    auto& entry = first[cluster];
    const uint32_t count = entry.second;
    entry.second = next;  // from here on: where the cluster's next row goes
    next += count;
  }
  std::vector<Row> placed(rows.size());
  for (const Row& row : rows) placed[first[row.cluster].second++] = row;
  for (size_t begin = 0; begin < placed.size();) {
    size_t end = begin + 1;
    while (end < placed.size() && placed[end].cluster == placed[begin].cluster) ++end;
    std::stable_sort(placed.begin() + static_cast<ptrdiff_t>(begin),
                     placed.begin() + static_cast<ptrdiff_t>(end),
                     [](const Row& a, const Row& b) { return a.time < b.time; });
    begin = end;
  }
  OrderedRows ordered;
  ordered.rows.reserve(placed.size());
  ordered.clusters.reserve(placed.size());
  for (const Row& row : placed) {
    ordered.rows.push_back(row.reference);
    ordered.clusters.push_back(row.cluster);
  }
  return ordered;
}

}  // namespace

int32_t day_of(UnixNanos at) {
  const int64_t day = at.count / kDayNanoseconds;
  return static_cast<int32_t>(at.count % kDayNanoseconds < 0 ? day - 1 : day);
}

Result<std::vector<DayRows>> order_rows(std::span<const RowSource> sources, Signal signal, int32_t first_day,
                                        int32_t last_day) {
  CLEW_ASSIGN(const auto clusters, find_clusters(sources, signal));
  std::map<int32_t, std::vector<Row>> by_day;
  for (uint32_t s = 0; s < sources.size(); ++s) {
    CLEW_ASSIGN(const auto times, read_intrinsic(sources[s], names::kTime, ColumnType::time));
    std::vector<Row>* day_rows = nullptr;
    int32_t current = 0;
    for (uint32_t row = 0; row < sources[s].rows(); ++row) {
      const int64_t time = times ? times->integers[row] : 0;
      const int32_t day = std::clamp(day_of({time}), first_day, last_day);
      if (day_rows == nullptr || day != current) {
        day_rows = &by_day[day];
        current = day;
      }
      day_rows->push_back({time, clusters[s][row], {s, row}});
    }
  }
  std::vector<DayRows> result;
  for (auto& [day, rows] : by_day) result.push_back({day, order_by_cluster(std::move(rows))});
  return result;
}

std::vector<std::vector<RowReference>> cut_granules(const OrderedRows& ordered, uint32_t most_rows) {
  // A granule may end this much early to keep a cluster whole.
  const size_t slack = most_rows / 4;
  std::vector<std::vector<RowReference>> granules;
  for (size_t begin = 0; begin < ordered.rows.size();) {
    size_t end = std::min(begin + most_rows, ordered.rows.size());
    if (end < ordered.rows.size()) {
      size_t cut = end;
      while (cut > end - slack && ordered.clusters[cut] == ordered.clusters[cut - 1]) --cut;
      if (cut > end - slack) end = cut;
    }
    granules.emplace_back(ordered.rows.begin() + static_cast<ptrdiff_t>(begin),
                          ordered.rows.begin() + static_cast<ptrdiff_t>(end));
    begin = end;
  }
  return granules;
}

}  // namespace clew::store
