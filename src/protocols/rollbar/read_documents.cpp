#include "protocols/rollbar/read_documents.h"

#include "control/errors/occurrence_document.h"
#include "protocols/rollbar/item_document.h"
#include "protocols/rollbar/people.h"

namespace clew::rollbar {
namespace {

using control::errors::Deploy;
using control::errors::Item;
using control::errors::StoredOccurrence;

JsonValue text_or_null(const std::string& text) {
  return text.empty() ? JsonValue() : JsonValue(text);
}

JsonValue seconds_or_null(UnixNanos at) {
  return at.count == 0 ? JsonValue() : JsonValue(unix_seconds(at));
}

}  // namespace

JsonValue item_document(const Item& item, const std::string& hash, EnvironmentId project, UnixNanos now) {
  JsonValue json;
  put_item_facts(json, item, project);
  json["hash"] = text_or_null(hash);
  json["status"] = name_of(item.state);
  json["level"] = name_of(item.level);
  json["framework"] = item.framework.empty() ? "unknown" : item.framework;
  json["platform"] = item.platform.empty() ? "unknown" : item.platform;
  json["last_resolved_timestamp"] = seconds_or_null(item.resolved_at);
  json["resolved_in_version"] = text_or_null(item.resolved_in_version);
  json["assigned_user_id"] = item.assignee.empty() ? JsonValue() : JsonValue(id_of_person(item.assignee));
  json["assigned_team_id"] = JsonValue();
  json["group_item_id"] = item.merged_into == 0 ? JsonValue() : JsonValue(item.merged_into);
  json["group_status"] = item.merged_into == 0 ? 1 : 2;
  json["is_snoozed"] = item.snoozed_until > now;
  json["integrations_data"] = JsonValue();
  json["controlling_id"] = item.merged_into == 0 ? item.id : item.merged_into;
  json["last_modified_by"] = JsonValue();
  json["title_lock"] = 0;
  json["level_lock"] = 0;
  return json;
}

JsonValue instance_document(const StoredOccurrence& stored, int64_t item, EnvironmentId project) {
  JsonValue json;
  json["id"] = stored.id;
  json["project_id"] = int64_t{project.number};
  json["item_id"] = item;
  json["timestamp"] = unix_seconds(stored.at);
  json["version"] = 2;
  json["billable"] = 1;
  Result<JsonValue> payload =
      stored.payload.empty() ? Result<JsonValue>(JsonValue()) : parse_json(stored.payload, kDeepestDocument);
  json["data"] = payload.ok() && payload->object() ? *std::move(payload) : document_of(stored.occurrence);
  return json;
}

JsonValue deploy_document(const Deploy& deploy, EnvironmentId project) {
  JsonValue json;
  json["id"] = deploy.id;
  json["project_id"] = int64_t{project.number};
  json["environment"] = deploy.deployment;
  json["revision"] = deploy.revision;
  json["status"] = deploy.status;
  json["comment"] = text_or_null(deploy.comment);
  json["local_username"] = text_or_null(deploy.local_username);
  json["user_id"] =
      deploy.rollbar_username.empty() ? JsonValue() : JsonValue(id_of_person(deploy.rollbar_username));
  json["start_time"] = unix_seconds(deploy.started);
  json["finish_time"] = seconds_or_null(deploy.finished);
  return json;
}

}  // namespace clew::rollbar
