// Log records, the newest first.

#include <algorithm>

#include "base/base64.h"
#include "protocols/clew/endpoints.h"
#include "protocols/clew/parameters.h"
#include "protocols/clew/values.h"
#include "query/columns.h"
#include "telemetry/semantic_names.h"

namespace clew::api {
namespace {

// The columns asked for, in this order; then those of the attributes.
enum Field : size_t {
  time,
  severity,
  severity_text,
  body,
  event_name,
  trace_id,
  parent_id,
  span_id,
  service,
  count_
};

constexpr std::string_view kFields[] = {
    names::kTime,    names::kSeverity, names::kSeverityText, names::kBody,   names::kEventName,
    names::kTraceId, names::kParentId, names::kSpanId,       "service.name",
};
static_assert(std::size(kFields) == Field::count_);

// A column of attributes, and what is known of its values beyond what a result says.
struct AttributeColumn {
  std::string name;
  store::Scope scope;
  std::optional<store::ColumnType> only_type;
};

std::vector<AttributeColumn> attribute_columns(const std::vector<query::ColumnDescription>& columns) {
  std::vector<AttributeColumn> found;
  for (const query::ColumnDescription& column : columns) {
    for (const store::Scope scope : column.scopes) {
      if (scope != store::Scope::attribute && scope != store::Scope::resource) continue;
      AttributeColumn attribute{column.name, scope, std::nullopt};
      if (column.types.size() == 1) attribute.only_type = column.types[0];
      found.push_back(std::move(attribute));
    }
  }
  return found;
}

class LogTable {
 public:
  LogTable(const query::ResultTable& table, const std::vector<AttributeColumn>& attributes)
      : table_(table), attributes_(attributes) {}

  void write(JsonWriter& json, size_t row) const {
    const query::Value& at = cell(Field::time, row);
    const auto* moment = std::get_if<UnixNanos>(&at);
    json.begin_object().time_members("time", moment == nullptr ? UnixNanos{} : *moment);
    write_value(json.key("severity"), cell(Field::severity, row));
    write_if_present(json, "severity_text", cell(Field::severity_text, row));
    write_body(json.key("body"), cell(Field::body, row));
    write_if_present(json, "event_name", cell(Field::event_name, row));
    write_value(json.key("service"), cell(Field::service, row));
    write_value(json.key("trace_id"), cell(Field::trace_id, row));
    const query::Value& owner = cell(Field::parent_id, row);
    write_value(json.key("span_id"), query::is_null(owner) ? cell(Field::span_id, row) : owner);
    write_attributes(json.key("attributes"), row, store::Scope::attribute);
    write_attributes(json.key("resource"), row, store::Scope::resource);
    json.end_object();
  }

 private:
  const query::Value& cell(size_t column, size_t row) const { return table_.columns[column].values[row]; }

  static void write_if_present(JsonWriter& json, std::string_view name, const query::Value& value) {
    if (!query::is_null(value)) write_value(json.key(name), value);
  }

  static void write_body(JsonWriter& json, const query::Value& value) {
    const std::optional<store::ColumnType> type = type_of(value);
    if (!type) {
      json.null();
      return;
    }
    write_value(json.begin_object().key("type").string(name_of(*type)).key("value"), value);
    json.end_object();
  }

  void write_attributes(JsonWriter& json, size_t row, store::Scope scope) const {
    json.begin_array();
    for (size_t i = 0; i < attributes_.size(); ++i) {
      const AttributeColumn& column = attributes_[i];
      const query::Value& value = cell(Field::count_ + i, row);
      const std::optional<store::ColumnType> seen = type_of(value);
      if (column.scope != scope || !seen) continue;
      const store::ColumnType type = column.only_type.value_or(*seen);
      json.begin_object().key("key").string(column.name).key("type").string(name_of(type)).key("value");
      const auto* bytes = std::get_if<std::string>(&value);
      if (type == store::ColumnType::bytes && bytes != nullptr) {
        json.string(base64_encode(*bytes));
      } else {
        write_value(json, value);
      }
      json.end_object();
    }
    json.end_array();
  }

  const query::ResultTable& table_;
  const std::vector<AttributeColumn>& attributes_;
};

}  // namespace

net::Response answer_logs(const Call& call) {
  Parameters parameters(call);
  query::Plan plan;
  plan.signal = Signal::logs;
  const std::optional<TraceId> trace = parameters.trace_id();
  plan.range = parameters.range(trace ? RangeDefault::everything : RangeDefault::last_hour);
  plan.limit = parameters.limit(100, query::kMostRows);
  std::vector<query::Filter> conditions;
  if (trace) {
    conditions.push_back(
        query::comparison(std::string(names::kTraceId), query::Operator::equal, trace->to_hex()));
  }
  if (const auto name = parameters.text("service")) {
    conditions.push_back(query::comparison("service.name", query::Operator::equal, *name));
  }
  if (query::Filter condition = parameters.condition(); !condition.matches_everything()) {
    conditions.push_back(std::move(condition));
  }
  plan.filter = query::all_of(std::move(conditions));
  if (!parameters.ok()) return parameters.refusal();

  const store::Snapshot snapshot = call.snapshot(Signal::logs);
  Result<std::vector<query::ColumnDescription>> columns = query::list_columns(snapshot, plan.range);
  if (!columns.ok()) return refusal(columns.status());
  const std::vector<AttributeColumn> attributes = attribute_columns(*columns);
  query::RowsWanted wanted;
  for (const std::string_view field : kFields) {
    const bool is_attribute = field == kFields[Field::service];
    wanted.columns.push_back(
        {std::string(field), is_attribute ? std::nullopt : std::optional(store::Scope::intrinsic)});
  }
  for (const AttributeColumn& column : attributes) wanted.columns.push_back({column.name, column.scope});
  plan.rows = std::move(wanted);

  Watch watch(call);
  Result<query::ResultTable> table = query::run(plan, snapshot, watch.run_options());
  if (!table.ok()) return refusal(table.status());

  JsonWriter writer;
  write_range(writer.begin_object(), plan.range);
  writer.key("logs").begin_array();
  const LogTable logs(*table, attributes);
  for (size_t row = 0; row < table->row_count; ++row) logs.write(writer, row);
  writer.end_array().key("total").integer(table->cost.rows_matched);
  write_partial(writer, table->cost);
  write_cost(writer, table->cost);
  return json(std::move(writer.end_object()));
}

}  // namespace clew::api
