// Markers in version 2 of the API: of an environment, or of one of its datasets. They are the same markers as
// those of version 1.
#include <algorithm>

#include <fmt/format.h>

#include "protocols/honeycomb/dataset_scope.h"
#include "protocols/honeycomb/datasets.h"
#include "protocols/honeycomb/operations.h"
#include "protocols/honeycomb/resources.h"
#include "protocols/honeycomb/team.h"
#include "protocols/honeycomb/team_call.h"

namespace clew::honeycomb {
namespace {

constexpr std::string_view kMarkerKinds = "honeycomb.markers/";

// The same as a call of version 1 about one dataset.
Call call_within(const Call& call, EnvironmentId environment, const std::string& dataset,
                 const std::string& id, const JsonValue& attributes) {
  Call within = call;
  within.grant.environment = environment;
  within.request.query = fmt::format("dataset={}&id={}", dataset, id);
  within.request.body = SharedBytes(attributes.text());
  return within;
}

// What version 1 answered, in the shape of version 2.
Answer translated(const Answer& answer, EnvironmentId environment, const std::string& dataset) {
  Result<JsonValue> body = parse_json(answer.body);
  if (!body.ok() || body->object() == nullptr) return answer;
  if (answer.status >= 400) {
    const JsonValue* faults = body->find("type_detail");
    if (faults == nullptr || faults->array() == nullptr)
      return json_api_error(answer.status, "invalid", text_in(*body, "title"), text_in(*body, "error"));
    JsonValue::Array errors;
    for (const JsonValue& fault : *faults->array()) {
      JsonValue error;
      error["status"] = JsonValue(fmt::format("{}", answer.status));
      error["code"] = JsonValue(fmt::format("validation-failed/{}", text_in(fault, "code")));
      error["title"] = JsonValue(text_in(*body, "title"));
      error["detail"] = JsonValue(text_in(fault, "description"));
      error["source"]["pointer"] = JsonValue(fmt::format("/data/attributes/{}", text_in(fault, "field")));
      errors.push_back(std::move(error));
    }
    JsonValue all;
    all["errors"] = JsonValue(std::move(errors));
    return json_api_answer(answer.status, all);
  }
  const std::string id = text_in(*body, "id");
  JsonValue attributes;
  for (const char* member : {"start_time", "end_time", "message", "type", "url", "color"}) {
    if (const JsonValue* value = body->find(member)) attributes[member] = *value;
  }
  attributes["timestamps"]["created"] = JsonValue(text_in(*body, "created_at"));
  attributes["timestamps"]["updated"] = JsonValue(text_in(*body, "updated_at"));
  JsonValue data;
  data["id"] = JsonValue(id);
  data["type"] = JsonValue("markers");
  data["attributes"] = std::move(attributes);
  data["relationships"]["environment"] = reference("environments", id_of(environment));
  if (dataset == kAllDatasets) {
    data["relationships"]["dataset"]["data"] = JsonValue();
  } else {
    data["relationships"]["dataset"] = reference("datasets", dataset);
  }
  data["links"]["self"] =
      JsonValue(fmt::format("/2/teams/{}/environments/{}/markers/{}", kTeamSlug, id_of(environment), id));
  return one_answer(answer.status, std::move(data));
}

// The environment that a marker of `data` belongs to, or the error to answer with.
std::variant<EnvironmentId, Answer> environment_in(const JsonValue& data, control::Database& database) {
  const auto all = control::list_environments(database);
  if (!all.ok()) return failure_of(all.status());
  const auto found = environment_of_id(*all, related_id(data, "environment"));
  if (!found)
    return json_api_error(422, "validation-failed", "The provided input is invalid.",
                          "relationships.environment names no environment");
  return found->id;
}

}  // namespace

Answer create_team_marker(const Call& call) {
  auto opened = team_database(call);
  if (auto* refused = std::get_if<Answer>(&opened)) return std::move(*refused);
  auto given = data_in(call);
  if (auto* refused = std::get_if<Answer>(&given)) return std::move(*refused);
  const JsonValue& data = std::get<JsonValue>(given);
  auto environment = environment_in(data, std::get<control::Database>(opened));
  if (auto* refused = std::get_if<Answer>(&environment)) return std::move(*refused);
  const EnvironmentId id = std::get<EnvironmentId>(environment);
  const JsonValue& attributes = *data.find("attributes");
  if (attributes.find("start_time") == nullptr)
    return json_api_error(422, "validation-failed", "The provided input is invalid.",
                          "start_time is required");
  std::string dataset = related_id(data, "dataset");
  dataset = dataset.empty() ? std::string(kAllDatasets) : dataset_slug(dataset);
  return translated(create_of(kMarkers, call_within(call, id, dataset, "", attributes)), id, dataset);
}

// Found by its id, whatever dataset the body names.
Answer update_team_marker(const Call& call) {
  auto opened = team_database(call);
  if (auto* refused = std::get_if<Answer>(&opened)) return std::move(*refused);
  auto given = data_in(call);
  if (auto* refused = std::get_if<Answer>(&given)) return std::move(*refused);
  const JsonValue& data = std::get<JsonValue>(given);
  auto environment = environment_in(data, std::get<control::Database>(opened));
  if (auto* refused = std::get_if<Answer>(&environment)) return std::move(*refused);
  const auto kinds = call.options().records->kinds(kMarkerKinds);
  if (!kinds.ok()) return failure_of(kinds.status());
  const EnvironmentId wanted = std::get<EnvironmentId>(environment);
  for (const auto& [owner, kind] : *kinds) {
    if (owner != wanted) continue;
    const auto known = call.options().records->find(owner, kind, call.segment("id"));
    if (!known.ok()) return failure_of(known.status());
    if (!*known) continue;
    const std::string dataset = kind.substr(kMarkerKinds.size());
    const Call within = call_within(call, owner, dataset, call.segment("id"), *data.find("attributes"));
    return translated(update_of(kMarkers, within), owner, dataset);
  }
  return failure_of(Status(ErrorKind::not_found, "Marker not found"));
}

}  // namespace clew::honeycomb
