#include "query/span_rows.h"

#include <optional>

#include "telemetry/semantic_names.h"

namespace clew::query {
namespace {

using store::ColumnData;

// One of the columns of span ids at the granule's rows; nothing when no row of the granule has it.
Result<std::optional<ColumnData>> read_ids(const TraceGranule& granule, std::string_view name) {
  const std::span<const store::ColumnInfo> columns = granule.segment->columns();
  for (uint32_t column = 0; column < columns.size(); ++column) {
    const store::ColumnInfo& info = columns[column];
    const bool is_meant = info.scope == store::Scope::intrinsic && info.type == store::ColumnType::span_id &&
                          info.name == name && granule.segment->zone_map(granule.granule, column);
    if (!is_meant) continue;
    CLEW_ASSIGN(ColumnData data, granule.segment->read_rows(granule.granule, column, granule.rows));
    return std::optional(std::move(data));
  }
  return std::optional<ColumnData>();
}

}  // namespace

Status keep_rows_of_span(std::vector<TraceGranule>& granules, const SpanId& id) {
  for (TraceGranule& granule : granules) {
    CLEW_ASSIGN(const std::optional<ColumnData> ids, read_ids(granule, names::kSpanId));
    CLEW_ASSIGN(const std::optional<ColumnData> owners, read_ids(granule, names::kParentId));
    std::vector<uint32_t> rows, traces;
    for (uint32_t at = 0; at < granule.rows.size(); ++at) {
      // What has an id is a span; the owner of other rows stands where spans have their parent.
      const bool is_span = ids && ids->has(at);
      const bool is_meant = is_span ? ids->string_at(at) == id.view()
                                    : owners && owners->has(at) && owners->string_at(at) == id.view();
      if (!is_meant) continue;
      rows.push_back(granule.rows[at]);
      if (!granule.traces.empty()) traces.push_back(granule.traces[at]);
    }
    granule.rows = std::move(rows);
    granule.traces = std::move(traces);
  }
  std::erase_if(granules, [](const TraceGranule& granule) { return granule.rows.empty(); });
  return {};
}

}  // namespace clew::query
