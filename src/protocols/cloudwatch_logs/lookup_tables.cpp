#include "protocols/cloudwatch_logs/lookup_tables.h"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

#include "base/json_value.h"
#include "protocols/cloudwatch_logs/call.h"
#include "protocols/cloudwatch_logs/lookup_table.h"

namespace clew::cloudwatch_logs {
namespace {

constexpr std::string_view kKind = "logs.lookup_tables";
// Apart, so that a list of tables does not read all of their rows.
constexpr std::string_view kKindOfRows = "logs.lookup_table_rows";

std::string body_of(const LookupTableInfo& table) {
  JsonWriter json;
  json.begin_object().key("description").string(table.description).key("kms_key").string(table.kms_key);
  json.key("rows").integer(table.rows).key("bytes").integer(table.bytes).key("columns").begin_array();
  for (const std::string& column : table.columns) json.string(column);
  json.end_array().key("tags").begin_object();
  for (const auto& [key, value] : table.tags) json.key(key).string(value);
  return json.end_object().end_object().take();
}

LookupTableInfo info_of(const control::Record& record) {
  LookupTableInfo table{.name = record.name, .updated = record.modified};
  const Result<JsonValue> body = parse_json(record.body);
  if (!body.ok()) return table;
  const auto text = [&](std::string_view name) {
    const JsonValue* value = body->find(name);
    return value == nullptr || value->string() == nullptr ? std::string() : *value->string();
  };
  const auto number = [&](std::string_view name) {
    const JsonValue* value = body->find(name);
    return value == nullptr || value->integer() == nullptr ? size_t{0}
                                                           : static_cast<size_t>(*value->integer());
  };
  table.description = text("description");
  table.kms_key = text("kms_key");
  table.rows = number("rows");
  table.bytes = number("bytes");
  if (const JsonValue* columns = body->find("columns"); columns != nullptr && columns->array() != nullptr)
    for (const JsonValue& column : *columns->array())
      if (column.string() != nullptr) table.columns.push_back(*column.string());
  if (const JsonValue* tags = body->find("tags"); tags != nullptr && tags->object() != nullptr)
    for (const JsonValue::Member& tag : *tags->object())
      if (tag.value.string() != nullptr) table.tags.emplace(tag.name, *tag.value.string());
  return table;
}

Status none() {
  return {ErrorKind::not_found, "The specified lookup table does not exist."};
}

Status describe(LookupTableInfo& table, std::string_view csv) {
  CLEW_ASSIGN(const LookupTable parsed, LookupTable::parse(csv));
  table.columns = parsed.columns();
  table.rows = parsed.rows().size();
  table.bytes = csv.size();
  return {};
}

}  // namespace

std::string LookupTableInfo::arn(std::string_view region) const {
  return fmt::format("arn:aws:logs:{}:{}:lookup-table:{}", region, kAccount, name);
}

bool is_lookup_table_name(std::string_view name) {
  return !name.empty() && name.size() <= 256 && std::all_of(name.begin(), name.end(), [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-';
  });
}

std::string lookup_table_name_in(std::string_view arn) {
  constexpr std::string_view kBefore = ":lookup-table:";
  const size_t at = arn.find(kBefore);
  return std::string(arn.starts_with("arn:") && at != std::string_view::npos ? arn.substr(at + kBefore.size())
                                                                             : arn);
}

Result<std::vector<LookupTableInfo>> LookupTables::list() {
  CLEW_ASSIGN(const std::vector<control::Record> records, records_.list(environment_, kKind));
  std::vector<LookupTableInfo> tables;
  for (const control::Record& record : records) tables.push_back(info_of(record));
  return tables;
}

Result<LookupTableInfo> LookupTables::find(std::string_view name) {
  CLEW_ASSIGN(const std::optional<control::Record> record, records_.find(environment_, kKind, name));
  if (!record) return none();
  return info_of(*record);
}

Result<std::string> LookupTables::read(std::string_view name) {
  CLEW_TRY(find(name).status());
  CLEW_ASSIGN(const std::optional<control::Record> record, records_.find(environment_, kKindOfRows, name));
  if (!record) return none();
  return record->body;
}

Status LookupTables::create(LookupTableInfo table, std::string_view csv) {
  CLEW_TRY(describe(table, csv));
  CLEW_ASSIGN(const std::optional<control::Record> known, records_.find(environment_, kKind, table.name));
  if (known) return {ErrorKind::conflict, "The specified lookup table already exists"};
  // The rows first: what is listed can be read.
  CLEW_TRY(records_.put(environment_, kKindOfRows, table.name, csv));
  const Status made = records_.create(environment_, kKind, table.name, body_of(table), kMost);
  if (!made.ok() && made.kind() == ErrorKind::conflict)
    return {ErrorKind::conflict, "The specified lookup table already exists"};
  return made;
}

Status LookupTables::replace(std::string_view name, const std::optional<std::string>& description,
                             const std::optional<std::string>& kms_key, std::string_view csv) {
  CLEW_ASSIGN(LookupTableInfo table, find(name));
  CLEW_TRY(describe(table, csv));
  if (description) table.description = *description;
  if (kms_key) table.kms_key = *kms_key;
  CLEW_TRY(records_.put(environment_, kKindOfRows, name, csv));
  return records_.put(environment_, kKind, name, body_of(table));
}

Status LookupTables::remove(std::string_view name) {
  CLEW_ASSIGN(const bool was_there, records_.remove(environment_, kKind, name));
  if (!was_there) return none();
  return records_.remove(environment_, kKindOfRows, name).status();
}

}  // namespace clew::cloudwatch_logs
