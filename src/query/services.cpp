#include "query/services.h"

#include "telemetry/semantic_names.h"

namespace clew::query {

Result<std::vector<ServiceSummary>> list_services(const store::Snapshot& snapshot, const TimeRange& range,
                                                  const RunOptions& options) {
  using Kind = CalculationKind;
  ColumnName duration{"duration_ms", store::Scope::intrinsic};
  Plan plan;
  plan.range = range;
  plan.filter = all_of({comparison(std::string(names::kSpanId), Operator::exists),
                        comparison("service.name", Operator::exists)});
  plan.group_by = {{"service.name", {}}};
  plan.calculations = {
      {.kind = Kind::count, .column = {}, .alias = {}, .filter = {}},
      {.kind = Kind::count,
       .column = {},
       .alias = {},
       .filter = comparison(std::string(names::kError), Operator::equal, true)},
      {.kind = Kind::percentile, .quantile = 0.5, .column = duration, .alias = {}, .filter = {}},
      {.kind = Kind::percentile, .quantile = 0.95, .column = duration, .alias = {}, .filter = {}},
      {.kind = Kind::maximum,
       .column = ColumnName{std::string(names::kTime), store::Scope::intrinsic},
       .alias = {},
       .filter = {}}};
  plan.orders = {{.by = Order::By::group_column, .position = 0, .direction = Direction::ascending}};
  plan.limit = kMostRows;
  CLEW_ASSIGN(ResultTable table, run(plan, snapshot, options));
  std::vector<ServiceSummary> services;
  for (size_t row = 0; row < table.row_count; ++row) {
    auto cell = [&](size_t column) -> const Value& { return table.columns[column].values[row]; };
    const auto* last_seen = std::get_if<UnixNanos>(&cell(5));
    services.push_back({.name = to_text(cell(0)),
                        .spans = static_cast<uint64_t>(std::get<int64_t>(cell(1))),
                        .errors = static_cast<uint64_t>(std::get<int64_t>(cell(2))),
                        .p50_milliseconds = number_in(cell(3)),
                        .p95_milliseconds = number_in(cell(4)),
                        .last_seen = last_seen ? *last_seen : UnixNanos{}});
  }
  return services;
}

}  // namespace clew::query
