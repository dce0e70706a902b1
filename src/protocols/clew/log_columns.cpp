#include "protocols/clew/log_columns.h"

#include "base/base64.h"
#include "protocols/clew/values.h"
#include "query/columns.h"
#include "telemetry/semantic_names.h"

namespace clew::api {
namespace {

constexpr std::string_view kFields[] = {
    names::kTime,    names::kSeverity, names::kSeverityText, names::kBody,   names::kEventName,
    names::kTraceId, names::kParentId, names::kSpanId,       "service.name",
};
constexpr size_t kFieldCount = std::size(kFields);
static_assert(kFieldCount == static_cast<size_t>(LogField::service) + 1);

void write_if_present(JsonWriter& json, std::string_view name, const query::Value& value) {
  if (!query::is_null(value)) write_value(json.key(name), value);
}

void write_body(JsonWriter& json, const query::Value& value) {
  const std::optional<store::ColumnType> type = type_of(value);
  if (!type) {
    json.null();
    return;
  }
  write_value(json.begin_object().key("type").string(name_of(*type)).key("value"), value);
  json.end_object();
}

}  // namespace

Result<LogColumns> LogColumns::list(const store::Snapshot& snapshot, const TimeRange& range) {
  CLEW_ASSIGN(const std::vector<query::ColumnDescription> described, query::list_columns(snapshot, range));
  LogColumns columns;
  for (const query::ColumnDescription& column : described) {
    for (const store::Scope scope : column.scopes) {
      if (scope != store::Scope::attribute && scope != store::Scope::resource) continue;
      AttributeColumn attribute{column.name, scope, std::nullopt};
      if (column.types.size() == 1) attribute.only_type = column.types[0];
      columns.attributes_.push_back(std::move(attribute));
    }
  }
  return columns;
}

query::RowsWanted LogColumns::wanted(query::Direction direction) const {
  query::RowsWanted wanted{.columns = {}, .order_by_time = direction};
  for (const std::string_view field : kFields) {
    const bool is_attribute = field == kFields[static_cast<size_t>(LogField::service)];
    wanted.columns.push_back(
        {std::string(field), is_attribute ? std::nullopt : std::optional(store::Scope::intrinsic)});
  }
  for (const AttributeColumn& column : attributes_) wanted.columns.push_back({column.name, column.scope});
  return wanted;
}

const query::Value& LogColumns::cell(const query::ResultTable& table, LogField field, size_t row) {
  return table.columns[static_cast<size_t>(field)].values[row];
}

void LogColumns::write(JsonWriter& json, const query::ResultTable& table, size_t row) const {
  const auto at_row = [&](LogField field) -> const query::Value& { return cell(table, field, row); };
  const auto* moment = std::get_if<UnixNanos>(&at_row(LogField::time));
  json.begin_object().time_members("time", moment == nullptr ? UnixNanos{} : *moment);
  write_value(json.key("severity"), at_row(LogField::severity));
  write_if_present(json, "severity_text", at_row(LogField::severity_text));
  write_body(json.key("body"), at_row(LogField::body));
  write_if_present(json, "event_name", at_row(LogField::event_name));
  write_value(json.key("service"), at_row(LogField::service));
  write_value(json.key("trace_id"), at_row(LogField::trace_id));
  const query::Value& owner = at_row(LogField::parent_id);
  write_value(json.key("span_id"), query::is_null(owner) ? at_row(LogField::span_id) : owner);
  write_attributes(json.key("attributes"), table, row, store::Scope::attribute);
  write_attributes(json.key("resource"), table, row, store::Scope::resource);
  json.end_object();
}

void LogColumns::write_attributes(JsonWriter& json, const query::ResultTable& table, size_t row,
                                  store::Scope scope) const {
  json.begin_array();
  for (size_t i = 0; i < attributes_.size(); ++i) {
    const AttributeColumn& column = attributes_[i];
    const query::Value& value = table.columns[kFieldCount + i].values[row];
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

query::Plan log_plan(Parameters& parameters) {
  query::Plan plan;
  plan.signal = Signal::logs;
  const std::optional<TraceId> trace = parameters.trace_id();
  plan.range = parameters.range(trace ? RangeDefault::everything : RangeDefault::last_hour);
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
  return plan;
}

}  // namespace clew::api
