// What a question may be about: names and values, to complete what is being typed.

#include "protocols/clew/endpoints.h"
#include "protocols/clew/parameters.h"
#include "protocols/clew/values.h"
#include "query/columns.h"

namespace clew::api {
namespace {

void write_column(JsonWriter& json, const query::ColumnDescription& column) {
  json.begin_object().key("name").string(column.name).key("types").begin_array();
  for (const store::ColumnType type : column.types) json.string(name_of(type));
  json.end_array().key("scopes").begin_array();
  for (const store::Scope scope : column.scopes) json.string(name_of(scope));
  json.end_array().key("derived").boolean(column.derived).key("rows").integer(column.rows);
  if (!column.help.empty()) json.key("help").string(column.help);
  json.end_object();
}

}  // namespace

net::Response answer_columns(const Call& call) {
  Parameters parameters(call);
  const Signal signal = parameters.signal();
  const std::string prefix = parameters.text("prefix").value_or(std::string());
  const TimeRange range = parameters.range(RangeDefault::everything);
  const size_t limit = parameters.limit(1000, 10'000);
  if (!parameters.ok()) return parameters.refusal();
  Result<std::vector<query::ColumnDescription>> columns = query::list_columns(call.snapshot(signal), range);
  if (!columns.ok()) return refusal(columns.status());

  JsonWriter writer;
  writer.begin_object().key("signal").string(clew::name_of(signal)).key("columns").begin_array();
  size_t total = 0;
  for (const query::ColumnDescription& column : *columns) {
    if (!column.name.starts_with(prefix)) continue;
    if (++total <= limit) write_column(writer, column);
  }
  return json(std::move(writer.end_array().key("total").integer(total).end_object()));
}

net::Response answer_values(const Call& call) {
  Parameters parameters(call);
  const std::string column = parameters.required_text("column");
  const Signal signal = parameters.signal();
  const std::string part = parameters.text("part").value_or(std::string());
  const TimeRange range = parameters.range();
  const size_t limit = parameters.limit(20, 1000);
  if (!parameters.ok()) return parameters.refusal();
  Watch watch(call);
  const UnixNanos began = now();
  Result<std::vector<query::ValueCount>> values = query::list_values(
      {column, std::nullopt}, part, limit, range, call.snapshot(signal), watch.run_options());
  if (!values.ok()) return refusal(values.status());

  JsonWriter writer;
  write_range(writer.begin_object(), range);
  writer.key("column").string(column).key("values").begin_array();
  query::Cost cost;
  for (const query::ValueCount& entry : *values) {
    const std::optional<store::ColumnType> type = type_of(entry.value);
    if (!type || entry.rows == 0) continue;
    write_value(writer.begin_object().key("type").string(name_of(*type)).key("value"), entry.value);
    writer.key("rows").integer(entry.rows).end_object();
    cost.rows_matched += entry.rows;
  }
  writer.end_array();
  cost.rows_scanned = cost.rows_matched;
  cost.elapsed = now() - began;
  write_cost(writer, cost);
  return json(std::move(writer.end_object()));
}

}  // namespace clew::api
