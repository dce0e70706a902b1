#include "protocols/honeycomb/team_call.h"

#include <algorithm>

#include <fmt/format.h>

#include "control/schema.h"
#include "protocols/honeycomb/resources.h"
#include "protocols/honeycomb/team.h"

namespace clew::honeycomb {

Answer failure_of(const Status& failure) {
  switch (failure.kind()) {
    case ErrorKind::not_found:
      return json_api_error(404, "not-found", "The requested resource cannot be found.", failure.message());
    case ErrorKind::conflict:
      return json_api_error(409, "conflict", "A resource by that name already exists.", failure.message());
    case ErrorKind::bad_input:
      return json_api_error(422, "validation-failed", "The provided input is invalid.", failure.message());
    default:
      return json_api_error(500, "internal-error", "An internal error has occurred.", failure.message());
  }
}

std::variant<control::Database, Answer> team_database(const Call& call) {
  if (!may_manage(call.grant))
    return json_api_error(403, "forbidden",
                          "this takes a management key: clew keys create --kind management");
  if (call.segment("team") != kTeamSlug)
    return json_api_error(404, "not-found", "The requested resource cannot be found.", "Team not found");
  Result<control::Database> database = control::open_control_database(call.options().data_directory);
  if (!database.ok()) return failure_of(database.status());
  return std::move(*database);
}

std::variant<GivenData, Answer> given_data(const Call& call) {
  auto opened = team_database(call);
  if (auto* refused = std::get_if<Answer>(&opened)) return std::move(*refused);
  Result<JsonValue> body = parse_json(call.request.body.view());
  JsonValue* data = body.ok() ? body->find("data") : nullptr;
  const JsonValue* attributes = data == nullptr ? nullptr : data->find("attributes");
  if (attributes == nullptr || attributes->object() == nullptr)
    return json_api_error(400, "unparseable", "The request body could not be parsed.");
  return GivenData{std::get<control::Database>(std::move(opened)), std::move(*data)};
}

std::variant<EnvironmentId, Answer> related_environment(GivenData& given) {
  const auto all = control::list_environments(given.database);
  if (!all.ok()) return failure_of(all.status());
  const auto found = environment_of_id(*all, related_id(given.data, "environment"));
  if (!found)
    return json_api_error(422, "validation-failed", "The provided input is invalid.",
                          "relationships.environment names no environment");
  return found->id;
}

JsonValue reference(std::string_view type, std::string_view id) {
  JsonValue one;
  one["data"]["id"] = JsonValue(id);
  one["data"]["type"] = JsonValue(type);
  return one;
}

std::string related_id(const JsonValue& data, std::string_view relationship) {
  const JsonValue* all = data.find("relationships");
  const JsonValue* one = all == nullptr ? nullptr : all->find(relationship);
  const JsonValue* target = one == nullptr ? nullptr : one->find("data");
  return target == nullptr ? std::string() : text_in(*target, "id");
}

Answer one_answer(int status, JsonValue data) {
  JsonValue body;
  body["data"] = std::move(data);
  return json_api_answer(status, body);
}

std::string id_of(EnvironmentId environment) {
  return fmt::format("hcaen_{:026d}", environment.number);
}

std::optional<control::Environment> environment_of_id(const std::vector<control::Environment>& all,
                                                      std::string_view id) {
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const auto& one) { return id_of(one.id) == id; });
  return found == all.end() ? std::nullopt : std::optional(*found);
}

}  // namespace clew::honeycomb
