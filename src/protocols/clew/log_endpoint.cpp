// Log records, the newest first.
#include "protocols/clew/endpoints.h"
#include "protocols/clew/log_columns.h"
#include "protocols/clew/parameters.h"
#include "protocols/clew/values.h"

namespace clew::api {

net::Response answer_logs(const Call& call) {
  Parameters parameters(call);
  query::Plan plan = log_plan(parameters);
  plan.limit = parameters.limit(100, query::kMostRows);
  if (!parameters.ok()) return parameters.refusal();

  const store::Snapshot snapshot = call.snapshot(Signal::logs);
  const Result<LogColumns> columns = LogColumns::list(snapshot, plan.range);
  if (!columns.ok()) return refusal(columns.status());
  plan.rows = columns->wanted(query::Direction::descending);

  Watch watch(call);
  Result<query::ResultTable> table = query::run(plan, snapshot, watch.run_options());
  if (!table.ok()) return refusal(table.status());

  JsonWriter writer;
  write_range(writer.begin_object(), plan.range);
  writer.key("logs").begin_array();
  for (size_t row = 0; row < table->row_count; ++row) columns->write(writer, *table, row);
  writer.end_array().key("total").integer(table->cost.rows_matched);
  write_partial(writer, table->cost);
  write_cost(writer, table->cost);
  return json(std::move(writer.end_object()));
}

}  // namespace clew::api
