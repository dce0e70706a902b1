// The operations about lookup tables.
#include <algorithm>

#include <fmt/format.h>

#include "protocols/cloudwatch_logs/errors.h"
#include "protocols/cloudwatch_logs/lookup_table.h"
#include "protocols/cloudwatch_logs/lookup_tables.h"
#include "protocols/cloudwatch_logs/operations.h"
#include "protocols/cloudwatch_logs/queries.h"
#include "protocols/cloudwatch_logs/tag_input.h"

namespace clew::cloudwatch_logs {
namespace {

LookupTables tables_of(const Call& call) {
  return {call.records(), call.environment};
}

aws::Error error_of_table(const Status& failure) {
  if (failure.kind() == ErrorKind::bad_input) return validation_failed(std::string(failure.message()));
  if (failure.kind() == ErrorKind::exhausted) return limit_exceeded("Resource limit exceeded.");
  return error_of(failure);
}

void append_field(std::string& line, std::string_view value) {
  if (!line.empty()) line += ',';
  if (value.find_first_of(",\"\r\n") == std::string_view::npos && !value.empty()) {
    line += value;
    return;
  }
  line += '"';
  for (const char c : value) line.append(c == '"' ? 2 : 1, c);
  line += '"';
}

// The results of a query as CSV: a column for each field, in the order in which they first appear.
std::string csv_of(const insights::Output& output) {
  std::vector<std::string> columns;
  for (const auto& row : output.rows)
    for (const auto& [field, value] : row)
      if (field != "@ptr" && std::find(columns.begin(), columns.end(), field) == columns.end())
        columns.push_back(field);
  std::string csv;
  const auto append_line = [&](const auto& value_of_column) {
    std::string line;
    for (const std::string& column : columns) append_field(line, value_of_column(column));
    csv.append(line).push_back('\n');
  };
  append_line([](const std::string& column) { return column; });
  for (const auto& row : output.rows) {
    append_line([&](const std::string& column) {
      for (const auto& [field, value] : row)
        if (field == column) return value;
      return std::string();
    });
  }
  return csv;
}

// tableBody, or what the query of queryId answered with.
std::variant<std::string, aws::Error> body_in(const Call& call, Input& input) {
  const std::optional<std::string> body = input.text("tableBody", {1, LookupTable::kMostBytes});
  const std::optional<std::string> id = input.text("queryId", {1, 256});
  if (!input.ok()) return input.error();
  if (body.has_value() == id.has_value())
    return validation_failed("Either tableBody or queryId must be given.");
  if (body) return *body;
  const auto query = call.context.queries.find(call.environment, *id);
  if (query == nullptr) return not_found("The specified query does not exist.");
  std::optional<std::string> csv;
  call.context.queries.with([&] {
    const bool has_ended = query->status == QueryStatus::complete || query->status == QueryStatus::cancelled;
    if (has_ended) csv = csv_of(query->output);
  });
  if (!csv) return validation_failed("The query is neither complete nor cancelled.");
  if (csv->size() > LookupTable::kMostBytes)
    return validation_failed("The results of the query exceed 10 MB.");
  return *csv;
}

void write_info(JsonWriter& json, const LookupTableInfo& table, std::string_view region) {
  json.key("lookupTableArn").string(table.arn(region)).key("lookupTableName").string(table.name);
  if (!table.description.empty()) json.key("description").string(table.description);
  if (!table.kms_key.empty()) json.key("kmsKeyId").string(table.kms_key);
  json.key("sizeBytes").integer(table.bytes).key("lastUpdatedTime").integer(table.updated.count / 1'000'000);
}

}  // namespace

Answer create_lookup_table(const Call& call) {
  Input input(call.input);
  LookupTableInfo table{.name = input.required_text("lookupTableName", {1, 256}),
                        .description = input.text("description", {0, 1024}).value_or(""),
                        .kms_key = input.text("kmsKeyId", {0, 256}).value_or(""),
                        .tags = read_tags(input, "tags")};
  if (!input.ok()) return input.error();
  if (!is_lookup_table_name(table.name))
    return validation_failed("The name of a lookup table has letters, digits, hyphens and underscores.");
  const auto body = body_in(call, input);
  if (const auto* error = std::get_if<aws::Error>(&body)) return *error;
  const Status made = tables_of(call).create(table, std::get<std::string>(body));
  if (!made.ok()) return error_of_table(made);
  JsonWriter json;
  json.begin_object().key("lookupTableArn").string(table.arn(call.region));
  return json.key("createdAt").integer(call.now.count / 1'000'000).end_object().take();
}

Answer update_lookup_table(const Call& call) {
  Input input(call.input);
  const std::string name = lookup_table_name_in(input.required_text("lookupTableArn", {1, 2048}));
  const auto description = input.text("description", {0, 1024}), kms_key = input.text("kmsKeyId", {0, 256});
  if (!input.ok()) return input.error();
  const auto body = body_in(call, input);
  if (const auto* error = std::get_if<aws::Error>(&body)) return *error;
  const Status replaced = tables_of(call).replace(name, description, kms_key, std::get<std::string>(body));
  if (!replaced.ok()) return error_of_table(replaced);
  JsonWriter json;
  json.begin_object().key("lookupTableArn").string(LookupTableInfo{.name = name}.arn(call.region));
  return json.key("lastUpdatedTime").integer(call.now.count / 1'000'000).end_object().take();
}

Answer get_lookup_table(const Call& call) {
  Input input(call.input);
  const std::string name = lookup_table_name_in(input.required_text("lookupTableArn", {1, 2048}));
  if (!input.ok()) return input.error();
  const Result<LookupTableInfo> table = tables_of(call).find(name);
  if (!table.ok()) return error_of(table.status());
  const Result<std::string> csv = tables_of(call).read(name);
  if (!csv.ok()) return error_of(csv.status());
  JsonWriter json;
  write_info(json.begin_object(), *table, call.region);
  return json.key("tableBody").string(*csv).end_object().take();
}

Answer describe_lookup_tables(const Call& call) {
  Input input(call.input);
  const std::string prefix = input.text("lookupTableNamePrefix", {1, 256}).value_or("");
  const auto most = static_cast<size_t>(input.integer("maxResults", 1, 100).value_or(50));
  const std::string after = input.next_place("lookup tables");
  if (!input.ok()) return input.error();
  const auto tables = tables_of(call).list();
  if (!tables.ok()) return error_of(tables.status());
  JsonWriter json;
  json.begin_object().key("lookupTables").begin_array();
  size_t written = 0;
  std::string last;
  bool more = false;
  for (const LookupTableInfo& table : *tables) {
    if (table.name <= after || !table.name.starts_with(prefix)) continue;
    if (written++ == most) {
      more = true;
      break;
    }
    last = table.name;
    write_info(json.begin_object(), table, call.region);
    json.key("recordsCount").integer(table.rows).key("tableFields").begin_array();
    for (const std::string& column : table.columns) json.string(column);
    json.end_array().end_object();
  }
  json.end_array();
  if (more) json.key("nextToken").string(aws::page_token("lookup tables", last));
  return json.end_object().take();
}

Answer delete_lookup_table(const Call& call) {
  Input input(call.input);
  const std::string name = lookup_table_name_in(input.required_text("lookupTableArn", {1, 2048}));
  if (!input.ok()) return input.error();
  const Status removed = tables_of(call).remove(name);
  return removed.ok() ? Answer(std::string()) : Answer(error_of(removed));
}

}  // namespace clew::cloudwatch_logs
