// Columns: those that data has, and what people said of them.
#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "protocols/honeycomb/dataset_query.h"
#include "protocols/honeycomb/dataset_scope.h"
#include "protocols/honeycomb/event_to_otlp.h"
#include "protocols/honeycomb/operations.h"
#include "protocols/honeycomb/resources.h"
#include "protocols/honeycomb/short_id.h"
#include "query/columns.h"

namespace clew::honeycomb {
namespace {

constexpr std::string_view kTypes = "string float integer boolean histogram";
// For the columns of one dataset; after that all of its environment are listed.
constexpr Nanoseconds kLongestSearch = seconds(5);

std::string id_of(const Call& call, const std::string& name) {
  return short_id_of(fmt::format("{}\n{}", call.segment("dataset"), name));
}

std::string kind_of(const Call& call) {
  return record_kind("columns", call.segment("dataset"));
}

std::string_view type_of(const query::ColumnDescription& column) {
  for (const store::ColumnType type : column.types) {
    switch (type) {
      case store::ColumnType::int64:
      case store::ColumnType::duration:
        return "integer";
      case store::ColumnType::float64:
        return "float";
      case store::ColumnType::boolean:
        return "boolean";
      default:
        return "string";
    }
  }
  return "string";
}

// By name; what was said of a column comes before what its data tell.
Result<std::map<std::string, JsonValue>> all_columns(const Call& call) {
  CLEW_ASSIGN(const DatasetScope scope, scope_of(*call.options().storage, call.context.datasets,
                                                 call.environment(), call.segment("dataset")));
  query::RunOptions options = call.run_options();
  options.time_limit = std::min(options.time_limit, kLongestSearch);
  CLEW_ASSIGN(const auto described,
              query::list_columns_of(scope.filter, scope.snapshot, scope.range, options));
  std::map<std::string, JsonValue> all;
  const std::string at = to_rfc3339(call.now);
  for (const query::ColumnDescription& one : described) {
    if (one.name == kDatasetAttribute || one.name == "time" || tells_sample_rate(one.name)) continue;
    JsonValue column;
    column["id"] = JsonValue(id_of(call, one.name));
    column["key_name"] = JsonValue(one.name);
    column["type"] = JsonValue(one.derived && one.name == "duration_ms" ? "float" : type_of(one));
    column["description"] = JsonValue(one.help.substr(0, 255));
    column["hidden"] = JsonValue(false);
    column["last_written"] = JsonValue(at);
    column["created_at"] = JsonValue(at);
    column["updated_at"] = JsonValue(at);
    all.emplace(one.name, std::move(column));
  }
  CLEW_ASSIGN(const auto records, read_resources(*call.options().records, call.environment(), kind_of(call)));
  for (const JsonValue& record : records) {
    JsonValue& column = all[text_in(record, "key_name")];
    for (const JsonValue::Member& member : *record.object()) column[member.name] = member.value;
  }
  return all;
}

void check(const JsonValue& given, JsonValue& column, Faults& faults) {
  if (const JsonValue* type = given.find("type"); type != nullptr && !type->is_null()) {
    if (type->string() == nullptr || type->string()->empty() ||
        kTypes.find(*type->string()) == std::string_view::npos) {
      faults.push_back({"type", "invalid", "must be one of: string, float, integer, boolean, histogram"});
    } else {
      column["type"] = *type;
    }
  }
  if (const JsonValue* description = given.find("description");
      description != nullptr && !description->is_null()) {
    if (description->string() == nullptr || description->string()->size() > 255) {
      faults.push_back({"description", "invalid", "must be a string of at most 255 characters"});
    } else {
      column["description"] = *description;
    }
  }
  if (const JsonValue* hidden = given.find("hidden"); hidden != nullptr && !hidden->is_null()) {
    if (hidden->boolean() == nullptr) {
      faults.push_back({"hidden", "incorrect_type", "must be a boolean"});
    } else {
      column["hidden"] = *hidden;
    }
  }
}

Answer keep(const Call& call, int status, JsonValue column) {
  column["updated_at"] = JsonValue(to_rfc3339(call.now));
  const Status put =
      call.options().records->put(call.environment(), kind_of(call), text_in(column, "id"), column.text());
  if (!put.ok()) return problem_of(put);
  return json_answer(status, column);
}

Result<std::optional<JsonValue>> column_in(const Call& call) {
  CLEW_ASSIGN(auto all, all_columns(call));
  for (auto& [name, column] : all) {
    if (text_in(column, "id") == call.segment("id")) return std::optional(std::move(column));
  }
  return std::optional<JsonValue>();
}

}  // namespace

Answer list_columns(const Call& call) {
  auto all = all_columns(call);
  if (!all.ok()) return problem_of(all.status());
  if (const auto wanted = call.request.parameter("key_name")) {
    const auto found = all->find(*wanted);
    if (found == all->end()) return not_found("Column not found");
    return json_answer(200, found->second);
  }
  JsonValue::Array list;
  for (auto& [name, column] : *all) list.push_back(std::move(column));
  return json_answer(200, JsonValue(std::move(list)));
}

Answer create_column(const Call& call) {
  auto given = body_of(call);
  if (auto* refused = std::get_if<Answer>(&given)) return std::move(*refused);
  const JsonValue& body = std::get<JsonValue>(given);
  const std::string name = text_in(body, "key_name");
  if (name.empty()) return error_answer(400, "Key name cannot be blank");
  if (name.size() > 255) return invalid({{"key_name", "invalid", "must have at most 255 characters"}});
  const auto all = all_columns(call);
  if (!all.ok()) return problem_of(all.status());
  if (all->contains(name)) return conflict("A resource by that name already exists.");
  JsonValue column;
  column["id"] = JsonValue(id_of(call, name));
  column["key_name"] = JsonValue(name);
  column["type"] = JsonValue("string");
  column["description"] = JsonValue("");
  column["hidden"] = JsonValue(false);
  column["created_at"] = JsonValue(to_rfc3339(call.now));
  Faults faults;
  check(body, column, faults);
  if (!faults.empty()) return invalid(faults);
  return keep(call, 201, std::move(column));
}

Answer get_column(const Call& call) {
  const auto column = column_in(call);
  if (!column.ok()) return problem_of(column.status());
  if (!*column) return not_found("Column not found");
  return json_answer(200, **column);
}

Answer update_column(const Call& call) {
  auto given = body_of(call);
  if (auto* refused = std::get_if<Answer>(&given)) return std::move(*refused);
  auto column = column_in(call);
  if (!column.ok()) return problem_of(column.status());
  if (!*column) return not_found("Column not found");
  Faults faults;
  check(std::get<JsonValue>(given), **column, faults);
  if (!faults.empty()) return invalid(faults);
  return keep(call, 200, std::move(**column));
}

// What was said of it is forgotten; the values that data have stay.
Answer remove_column(const Call& call) {
  const auto column = column_in(call);
  if (!column.ok()) return problem_of(column.status());
  if (!*column) return not_found("Column not found");
  const auto removed = call.options().records->remove(call.environment(), kind_of(call), call.segment("id"));
  if (!removed.ok()) return problem_of(removed.status());
  return empty_answer(204);
}

}  // namespace clew::honeycomb
