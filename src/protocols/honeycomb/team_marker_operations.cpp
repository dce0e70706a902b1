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

// What the body says of a marker, and the environment it belongs to; or the error to answer with.
struct GivenMarker {
  EnvironmentId environment;
  JsonValue data;

  const JsonValue& attributes() const { return *data.find("attributes"); }
};

std::variant<GivenMarker, Answer> given_marker(const Call& call) {
  auto given = given_data(call);
  if (auto* refused = std::get_if<Answer>(&given)) return std::move(*refused);
  auto environment = related_environment(std::get<GivenData>(given));
  if (auto* refused = std::get_if<Answer>(&environment)) return std::move(*refused);
  return GivenMarker{std::get<EnvironmentId>(environment), std::move(std::get<GivenData>(given).data)};
}

}  // namespace

Answer create_team_marker(const Call& call) {
  auto given = given_marker(call);
  if (auto* refused = std::get_if<Answer>(&given)) return std::move(*refused);
  const GivenMarker& marker = std::get<GivenMarker>(given);
  if (marker.attributes().find("start_time") == nullptr)
    return json_api_error(422, "validation-failed", "The provided input is invalid.",
                          "start_time is required");
  std::string dataset = related_id(marker.data, "dataset");
  dataset = dataset.empty() ? std::string(kAllDatasets) : dataset_slug(dataset);
  const Call within = call_within(call, marker.environment, dataset, "", marker.attributes());
  return translated(create_of(kMarkers, within), marker.environment, dataset);
}

// Found by its id, whatever dataset the body names.
Answer update_team_marker(const Call& call) {
  auto given = given_marker(call);
  if (auto* refused = std::get_if<Answer>(&given)) return std::move(*refused);
  const GivenMarker& marker = std::get<GivenMarker>(given);
  const auto kinds = call.options().records->kinds(kMarkerKinds);
  if (!kinds.ok()) return failure_of(kinds.status());
  for (const auto& [owner, kind] : *kinds) {
    if (owner != marker.environment) continue;
    const auto known = call.options().records->find(owner, kind, call.segment("id"));
    if (!known.ok()) return failure_of(known.status());
    if (!*known) continue;
    const std::string dataset = kind.substr(kMarkerKinds.size());
    const Call within = call_within(call, owner, dataset, call.segment("id"), marker.attributes());
    return translated(update_of(kMarkers, within), owner, dataset);
  }
  return failure_of(Status(ErrorKind::not_found, "Marker not found"));
}

}  // namespace clew::honeycomb
