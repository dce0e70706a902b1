// The operations about saved queries.
#include <algorithm>

#include "protocols/cloudwatch_logs/errors.h"
#include "protocols/cloudwatch_logs/insights_query.h"
#include "protocols/cloudwatch_logs/operations.h"
#include "protocols/cloudwatch_logs/queries.h"

namespace clew::cloudwatch_logs {
namespace {

constexpr std::string_view kKind = "logs.query_definitions";
constexpr size_t kMostDefinitions = 1'000;

}  // namespace

Answer put_query_definition(const Call& call) {
  Input input(call.input);
  const std::string name = input.required_text("name", {1, 255});
  const std::string query = input.required_text("queryString", {1, 10'000});
  const std::optional<std::string> id = input.text("queryDefinitionId", {0, 256});
  const std::vector<std::string> groups = input.texts("logGroupNames", {0, 50});
  if (!input.ok()) return input.error();
  JsonWriter json;
  json.begin_object().key("name").string(name).key("queryString").string(query);
  json.key("queryLanguage").string(input.text("queryLanguage").value_or("CWLI"));
  json.key("logGroupNames").begin_array();
  for (const std::string& group : groups) json.string(group);
  const std::string body = json.end_array().end_object().take();
  std::string definition = id.value_or("");
  if (!definition.empty()) {
    const auto changed = call.records().change(
        call.environment, kKind, definition, [&](const std::string&) -> Result<std::string> { return body; });
    if (!changed.ok() && changed.status().kind() == ErrorKind::not_found)
      return not_found("The specified query definition does not exist.");
    if (!changed.ok()) return error_of(changed.status());
  } else {
    definition = new_uuid();
    const Status made = call.records().create(call.environment, kKind, definition, body, kMostDefinitions);
    if (!made.ok())
      return made.kind() == ErrorKind::exhausted ? limit_exceeded("Resource limit exceeded.")
                                                 : error_of(made);
  }
  JsonWriter answer;
  return answer.begin_object().key("queryDefinitionId").string(definition).end_object().take();
}

Answer describe_query_definitions(const Call& call) {
  Input input(call.input);
  const std::string prefix = input.text("queryDefinitionNamePrefix", {1, 255}).value_or("");
  const auto most = static_cast<size_t>(input.integer("maxResults", 1, 1000).value_or(1000));
  const std::string after = input.next_place("definitions");
  if (!input.ok()) return input.error();
  auto records = call.records().list(call.environment, kKind);
  if (!records.ok()) return error_of(records.status());
  JsonWriter json;
  json.begin_object().key("queryDefinitions").begin_array();
  size_t written = 0;
  std::string last;
  bool more = false;
  for (const control::Record& record : *records) {
    Result<JsonValue> body = parse_json(record.body);
    const JsonValue* name = body.ok() ? body->find("name") : nullptr;
    if (record.name <= after || name == nullptr || name->string() == nullptr ||
        !name->string()->starts_with(prefix))
      continue;
    if (written++ == most) {
      more = true;
      break;
    }
    last = record.name;
    (*body)["queryDefinitionId"] = JsonValue(record.name);
    (*body)["lastModified"] = JsonValue(record.modified.count / 1'000'000);
    body->write(json);
  }
  json.end_array();
  if (more) json.key("nextToken").string(aws::page_token("definitions", last));
  return json.end_object().take();
}

Answer delete_query_definition(const Call& call) {
  Input input(call.input);
  const std::string id = input.required_text("queryDefinitionId", {0, 256});
  if (!input.ok()) return input.error();
  const Result<bool> removed = call.records().remove(call.environment, kKind, id);
  if (!removed.ok()) return error_of(removed.status());
  if (!*removed) return not_found("The specified query definition does not exist.");
  return std::string("{\"success\":true}");
}

}  // namespace clew::cloudwatch_logs
