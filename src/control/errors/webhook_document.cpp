#include "control/errors/webhook_document.h"

#include "control/errors/item_facts.h"
#include "control/errors/item_store.h"
#include "control/errors/occurrence_document.h"
#include "control/errors/wire_numbers.h"

namespace clew::control::errors {
namespace {

std::string_view event_name(When when) {
  switch (when) {
    case When::created:
      return "new_item";
    case When::reactivated:
      return "reactivated_item";
    case When::tenfold:
      return "exp_repeat_item";
    case When::rate:
      return "item_velocity";
  }
  return "";
}

void put_item(JsonValue& json, const Change& change) {
  const Item& item = change.item;
  put_item_facts(json, item, change.environment);
  json["level"] = static_cast<int64_t>(item.level);
  json["status"] = int64_t{1};
  json["framework"] = number_of_framework(item.framework);
  json["platform"] = number_of_platform(item.platform);
  json["resolved_in_version"] = JsonValue();
  json["integrations_data"] = JsonValue(JsonValue::Object{});
  if (change.latest == nullptr) return;
  json["hash"] = change.latest->fingerprint.group;
  json["last_occurrence"] = document_of(change.latest->occurrence);
}

}  // namespace

void put_webhook_document(JsonValue& body, const Change& change, const NotificationRule& rule) {
  body["event_name"] = event_name(rule.when);
  JsonValue& data = body["data"];
  put_item(data["item"], change);
  if (rule.when == When::tenfold) data["occurrences"] = change.item.since_activation;
  if (rule.when != When::rate) return;
  data["trigger"]["threshold"] = rule.occurrences;
  data["trigger"]["window_size"] = rule.within.count / 1'000'000'000;
  data["trigger"]["window_size_description"] = to_human(rule.within);
}

}  // namespace clew::control::errors
