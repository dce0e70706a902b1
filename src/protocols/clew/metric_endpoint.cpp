// The metrics that have data points.

#include "protocols/clew/endpoints.h"
#include "protocols/clew/parameters.h"
#include "protocols/clew/values.h"
#include "telemetry/semantic_names.h"

namespace clew::api {
namespace {

query::ColumnName intrinsic(std::string_view name) {
  return {std::string(name), store::Scope::intrinsic};
}

query::Plan plan_of_metrics(const TimeRange& range, const std::string& prefix, size_t limit) {
  query::Plan plan;
  plan.signal = Signal::metrics;
  plan.range = range;
  plan.filter = prefix.empty() ? query::comparison(intrinsic(names::kMetricName), query::Operator::exists, {})
                               : query::comparison(intrinsic(names::kMetricName),
                                                   query::Operator::starts_with, {prefix});
  plan.group_by = {intrinsic(names::kMetricName), intrinsic(names::kMetricKind),
                   intrinsic(names::kMetricUnit)};
  query::Calculation points;
  query::Calculation last;
  last.kind = query::CalculationKind::maximum;
  last.column = intrinsic(names::kTime);
  plan.calculations = {points, last};
  plan.orders = {{query::Order::By::group_column, 0, query::Direction::ascending}};
  plan.limit = limit;
  plan.weighting = query::Weighting::stored_rows;
  return plan;
}

int64_t integer_in(const query::Value& value) {
  if (const auto* integer = std::get_if<int64_t>(&value)) return *integer;
  if (const auto* number = std::get_if<double>(&value)) return static_cast<int64_t>(*number);
  if (const auto* time = std::get_if<UnixNanos>(&value)) return time->count;
  return 0;
}

}  // namespace

net::Response answer_metrics(const Call& call) {
  Parameters parameters(call);
  const TimeRange range = parameters.range();
  const std::string prefix = parameters.text("prefix").value_or(std::string());
  const size_t limit = parameters.limit(1000, 10'000);
  if (!parameters.ok()) return parameters.refusal();
  Watch watch(call);
  Result<query::ResultTable> table =
      query::run(plan_of_metrics(range, prefix, limit), call.snapshot(Signal::metrics), watch.run_options());
  if (!table.ok()) return refusal(table.status());

  JsonWriter writer;
  write_range(writer.begin_object(), range);
  writer.key("metrics").begin_array();
  for (size_t row = 0; row < table->row_count; ++row) {
    const auto cell = [&](size_t column) -> const query::Value& {
      return table->columns[column].values[row];
    };
    write_value(writer.begin_object().key("name"), cell(0));
    write_value(writer.key("kind"), cell(1));
    write_value(writer.key("unit"), cell(2));
    writer.key("points").integer(integer_in(cell(3)));
    writer.time_members("last_seen", UnixNanos{integer_in(cell(4))}).end_object();
  }
  writer.end_array();
  write_cost(writer, table->cost);
  return json(std::move(writer.end_object()));
}

}  // namespace clew::api
