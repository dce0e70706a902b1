#include "control/errors/item_facts.h"

namespace clew::control::errors {

int64_t unix_seconds(UnixNanos at) {
  return at.count / 1'000'000'000;
}

void put_item_facts(JsonValue& json, const Item& item, EnvironmentId project) {
  json["id"] = item.id;
  json["counter"] = item.id;
  json["project_id"] = int64_t{project.number};
  json["title"] = item.title;
  json["environment"] = item.deployment;
  json["total_occurrences"] = item.since_activation;
  json["unique_occurrences"] = item.people;
  json["first_occurrence_id"] = item.first_occurrence;
  json["first_occurrence_timestamp"] = unix_seconds(item.first_seen);
  json["last_occurrence_id"] = item.last_occurrence;
  json["last_occurrence_timestamp"] = unix_seconds(item.last_seen);
  json["activating_occurrence_id"] = item.activating_occurrence;
  json["last_activated_timestamp"] = unix_seconds(item.activated_at);
  json["public_item_id"] = JsonValue();
}

}  // namespace clew::control::errors
