#include "query/metric_points.h"

#include <iterator>

#include "telemetry/semantic_names.h"

namespace clew::query {
namespace {

using store::ColumnData;
using store::ColumnType;

constexpr uint64_t kNoRecordedValue = 1;  // of flags

MetricKind kind_named(std::string_view name) {
  if (name == "sum") return MetricKind::sum;
  if (name == "histogram") return MetricKind::histogram;
  if (name == "exponential_histogram") return MetricKind::exponential_histogram;
  return name == "summary" ? MetricKind::summary : MetricKind::gauge;
}

double number_at(const ColumnData& data, uint32_t row) {
  return data.type == ColumnType::float64 ? data.floats[row]
         : data.integers.empty()          ? 0
                                          : static_cast<double>(data.integers[row]);
}
int64_t integer_at(const ColumnData& data, uint32_t row) {
  return data.integers.empty() ? 0 : data.integers[row];
}
std::string_view text_at(const ColumnData& data, uint32_t row) {
  return is_stringlike(data.type) ? data.string_at(row) : std::string_view();
}

struct PointColumn {
  std::string_view name;
  void (*take)(MetricPoint& point, const ColumnData& data, uint32_t row);
};

constexpr PointColumn kColumns[] = {
    {names::kTime, [](MetricPoint& p, const ColumnData& d, uint32_t row) { p.time = integer_at(d, row); }},
    {names::kMetricKind,
     [](MetricPoint& p, const ColumnData& d, uint32_t row) { p.kind = kind_named(text_at(d, row)); }},
    {names::kMetricTemporality, [](MetricPoint& p, const ColumnData& d,
                                   uint32_t row) { p.is_cumulative = text_at(d, row) == "cumulative"; }},
    {names::kMetricMonotonic,
     [](MetricPoint& p, const ColumnData& d, uint32_t row) {
       p.is_monotonic = d.type == ColumnType::boolean && d.booleans[row] != 0;
     }},
    {names::kMetricStart,
     [](MetricPoint& p, const ColumnData& d, uint32_t row) { p.start = integer_at(d, row); }},
    {names::kMetricSeries,
     [](MetricPoint& p, const ColumnData& d, uint32_t row) { p.series = integer_at(d, row); }},
    {names::kFlags,
     [](MetricPoint& p, const ColumnData& d, uint32_t row) {
       p.has_no_value = (static_cast<uint64_t>(integer_at(d, row)) & kNoRecordedValue) != 0;
     }},
    {names::kMetricValue,
     [](MetricPoint& p, const ColumnData& d, uint32_t row) { p.value = number_at(d, row); }},
    {names::kMetricCount,
     [](MetricPoint& p, const ColumnData& d, uint32_t row) { p.count = number_at(d, row); }},
    {names::kMetricSum, [](MetricPoint& p, const ColumnData& d, uint32_t row) { p.sum = number_at(d, row); }},
    {names::kMetricMin,
     [](MetricPoint& p, const ColumnData& d, uint32_t row) { p.least = number_at(d, row); }},
    {names::kMetricMax,
     [](MetricPoint& p, const ColumnData& d, uint32_t row) { p.most = number_at(d, row); }},
    {names::kMetricPoint,
     [](MetricPoint& p, const ColumnData& d, uint32_t row) { p.rest = text_at(d, row); }},
};

}  // namespace

void add_point_columns(NameList& names) {
  for (const PointColumn& column : kColumns) names.add({std::string(column.name), store::Scope::intrinsic});
}

Result<std::vector<MetricPoint>> read_points(const GranuleScan& scan, size_t first) {
  std::vector<MetricPoint> points(scan.reader.rows());
  for (size_t i = 0; i < std::size(kColumns); ++i) {
    CLEW_ASSIGN(const ResolvedColumn column, scan.reader.resolve(scan.segment.columns[first + i]));
    for (const Piece& piece : column) {
      Selection part = scan.selection;
      part.intersect(piece.mask());
      for_each_row(part, [&](uint32_t row) { kColumns[i].take(points[row], *piece.data, row); });
    }
  }
  return points;
}

}  // namespace clew::query
