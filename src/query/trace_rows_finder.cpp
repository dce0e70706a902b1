#include "query/trace_rows_finder.h"

#include <algorithm>
#include <map>
#include <unordered_map>

#include "telemetry/semantic_names.h"

namespace clew::query {
namespace {

using store::ColumnData;

struct HashId {
  size_t operator()(const TraceId& id) const {
    // Ids are random, so some of their bytes are hash enough; the last ones, as some vendors begin with the
    // time.
    uint64_t bytes;
    __builtin_memcpy(&bytes, id.bytes.data() + 8, sizeof(bytes));
    return bytes;
  }
};
using Numbers = std::unordered_map<TraceId, uint32_t, HashId>;

std::optional<uint32_t> trace_column(const store::Segment& segment) {
  std::span<const store::ColumnInfo> columns = segment.columns();
  for (uint32_t i = 0; i < columns.size(); ++i) {
    if (columns[i].scope == store::Scope::intrinsic && columns[i].type == store::ColumnType::trace_id &&
        columns[i].name == names::kTraceId)
      return i;
  }
  return std::nullopt;
}

void add_row(TraceGranule& found, const Numbers& numbers, std::string_view id, uint32_t row) {
  auto number = numbers.find(*TraceId::from_bytes(id));
  if (number == numbers.end()) return;
  found.rows.push_back(row);
  found.traces.push_back(number->second);
}

// With a dictionary, the few codes that are wanted are found first.
void search_codes(const ColumnData& data, const Numbers& numbers, TraceGranule& found) {
  std::vector<uint8_t> wanted(data.dictionary.size());
  bool any = false;
  if (numbers.size() == 1) {
    std::string_view only = numbers.begin()->first.view();
    for (size_t code = 0; code < wanted.size(); ++code)
      any |= (wanted[code] = data.dictionary[code] == only) != 0;
  } else {
    for (size_t code = 0; code < wanted.size(); ++code) {
      auto id = TraceId::from_bytes(data.dictionary[code]);
      any |= (wanted[code] = id && numbers.contains(*id)) != 0;
    }
  }
  if (!any) return;
  for (uint32_t row = 0; row < data.rows; ++row) {
    if (wanted[data.codes[row]] != 0 && data.has(row))
      add_row(found, numbers, data.dictionary[data.codes[row]], row);
  }
}

void search_plain(const ColumnData& data, const Numbers& numbers, TraceGranule& found) {
  for (uint32_t row = 0; row < data.rows; ++row) {
    std::string_view id = data.strings[row];
    if (id.size() != sizeof(TraceId) || !data.has(row)) continue;
    if (numbers.size() == 1 && id != numbers.begin()->first.view()) continue;
    add_row(found, numbers, id, row);
  }
}

}  // namespace

Result<std::vector<TraceGranule>> find_trace_rows(std::span<const TraceId> ids,
                                                  const store::Snapshot& snapshot, const TimeRange& range,
                                                  QueryLimits& limits, Cost& cost) {
  Numbers numbers;
  for (uint32_t i = 0; i < ids.size(); ++i) numbers.emplace(ids[i], i);
  std::vector<TraceGranule> all;
  for (const auto& segment : snapshot.segments) {
    std::optional<uint32_t> column = trace_column(*segment);
    if (!column) continue;
    std::vector<uint32_t> granules;
    for (const TraceId& id : ids) {
      std::vector<uint32_t> of_trace = segment->granules_of_trace(id);
      granules.insert(granules.end(), of_trace.begin(), of_trace.end());
    }
    std::sort(granules.begin(), granules.end());
    granules.erase(std::unique(granules.begin(), granules.end()), granules.end());
    cost.granules_pruned += segment->granules().size() - granules.size();
    for (uint32_t granule : granules) {
      const store::GranuleInfo& info = segment->granules()[granule];
      bool worth_reading = (range == TimeRange{} || range.overlaps(info.first, info.last)) &&
                           segment->zone_map(granule, *column).has_value();
      if (!worth_reading) {
        ++cost.granules_pruned;
        continue;
      }
      CLEW_ASSIGN(ColumnData data, segment->read(granule, *column));
      TraceGranule found{.segment = segment, .granule = granule, .rows = {}, .traces = {}};
      if (data.is_dictionary()) {
        search_codes(data, numbers, found);
      } else {
        search_plain(data, numbers, found);
      }
      uint64_t bytes = segment->stored_bytes(granule, *column);
      ++cost.granules_read;
      cost.rows_scanned += info.rows;
      cost.rows_matched += found.rows.size();
      cost.bytes_read += bytes;
      CLEW_TRY(limits.account(info.rows, bytes, 0));
      if (!found.rows.empty()) all.push_back(std::move(found));
    }
  }
  return all;
}

}  // namespace clew::query
