// Errors: what people do with them, and the rules for grouping and for being told.

#include <algorithm>
#include <charconv>
#include <map>
#include <set>

#include "control/errors/error_intake.h"
#include "control/errors/item_store.h"
#include "control/errors/stored_occurrences.h"
#include "protocols/clew/endpoints.h"
#include "protocols/clew/error_json.h"
#include "protocols/clew/parameters.h"

namespace clew::api {
namespace {

using namespace control::errors;

constexpr size_t kMostMerged = 100;
constexpr size_t kMostDryRun = 10'000;

int64_t id_of(const Call& call) {
  const std::string text = call.request.parameter("id").value_or("");
  int64_t id = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
  return error == std::errc() && end == text.data() + text.size() ? id : 0;
}

Result<JsonValue> body_of(const Call& call) {
  return parse_json(call.request.body.view(), 32);
}

net::Response item_answer(const Call& call, const Result<Item>& item) {
  if (!item.ok()) return refusal(item.status());
  JsonWriter json;
  write_item(json.begin_object(), *item, call.now);
  return api::json(std::move(json.end_object()));
}

struct EditOrFault {
  ItemEdit edit;
  Status status;
  Fault fault;
};

EditOrFault edit_of(const JsonValue& body, UnixNanos at) {
  EditOrFault read;
  const auto fail = [&](std::string field, std::string why) {
    read.status = Status(ErrorKind::bad_input, std::move(why));
    read.fault.field = std::move(field);
  };
  if (!body.object()) {
    fail("", "expected a JSON object");
    return read;
  }
  for (const auto& [name, value] : *body.object()) {
    const std::string* text = value.string();
    if (name == "state") {
      read.edit.state = text ? state_named(*text) : std::nullopt;
      if (!read.edit.state) fail(name, "state is active, resolved, muted or archived");
    } else if (name == "level") {
      if (!text || name_of(level_named(*text)) != *text)
        fail(name, "level is debug, info, warning, error or critical");
      else
        read.edit.level = level_named(*text);
    } else if (name == "snooze_s") {
      const int64_t* count = value.integer();
      if (!count || *count < 0 || *count > 366 * 86'400)
        fail(name, "snooze_s is a number of seconds, at most a year; 0 ends it");
      else
        read.edit.snoozed_until = *count == 0 ? UnixNanos() : at + seconds(*count);
    } else if (name == "resolved_in_version" || name == "title" || name == "assignee") {
      if (!text || text->size() > 255)
        fail(name, name + " is a text of at most 255 bytes");
      else
        (name == "title"      ? read.edit.title
         : name == "assignee" ? read.edit.assignee
                              : read.edit.resolved_in_version) = *text;
    } else {
      fail(name, "There is no member " + name.substr(0, 100) + " here");
    }
  }
  return read;
}

Result<JsonValue> rules_in(const Call& call) {
  CLEW_ASSIGN(JsonValue body, body_of(call));
  JsonValue* rules = body.find("rules");
  if (!rules) return Status(ErrorKind::bad_input, "rules is missing");
  return std::move(*rules);
}

net::Response rules_answer(const Result<JsonValue>& rules) {
  if (!rules.ok()) return refusal(rules.status());
  JsonWriter json;
  json.begin_object().key("rules");
  rules->write(json);
  return api::json(std::move(json.end_object()));
}

net::Response changed_rules(const Status& changed, const Result<JsonValue>& rules) {
  if (!changed.ok()) return refusal(changed, {.field = "rules", .position = {}});
  return rules_answer(rules);
}

}  // namespace

net::Response answer_error_change(const Call& call) {
  const Result<JsonValue> body = body_of(call);
  if (!body.ok()) return refusal(body.status());
  const EditOrFault read = edit_of(*body, call.now);
  if (!read.status.ok()) return refusal(read.status, read.fault);
  return item_answer(call, call.options().errors->edit(call.environment, id_of(call), read.edit));
}

net::Response answer_error_merge(const Call& call) {
  const Result<JsonValue> body = body_of(call);
  if (!body.ok()) return refusal(body.status());
  const JsonValue* others = body->find("others");
  std::vector<int64_t> ids;
  if (others && others->array())
    for (const JsonValue& one : *others->array())
      if (one.integer()) ids.push_back(*one.integer());
  if (ids.empty() || ids.size() > kMostMerged)
    return refusal(Status(ErrorKind::bad_input, "others is a list of 1 to 100 numbers of errors"),
                   {.field = "others", .position = {}});
  return item_answer(call, call.options().errors->merge(call.environment, id_of(call), ids));
}

net::Response answer_error_unmerge(const Call& call) {
  return item_answer(call, call.options().errors->unmerge(call.environment, id_of(call)));
}

net::Response answer_grouping_rules(const Call& call) {
  return rules_answer(call.options().error_intake->grouping_rules(call.environment));
}

net::Response answer_grouping_rules_change(const Call& call) {
  const Result<JsonValue> rules = rules_in(call);
  if (!rules.ok()) return refusal(rules.status(), {.field = "rules", .position = {}});
  return changed_rules(call.options().error_intake->set_grouping_rules(call.environment, *rules), rules);
}

net::Response answer_error_notification_rules(const Call& call) {
  return rules_answer(call.options().error_intake->notification_rules(call.environment));
}

net::Response answer_error_notification_rules_change(const Call& call) {
  const Result<JsonValue> rules = rules_in(call);
  if (!rules.ok()) return refusal(rules.status(), {.field = "rules", .position = {}});
  return changed_rules(call.options().error_intake->set_notification_rules(call.environment, *rules), rules);
}

// What rules would make of the occurrences of the last hours, without changing anything.
net::Response answer_grouping_dry_run(const Call& call) {
  const Result<JsonValue> json_rules = rules_in(call);
  if (!json_rules.ok()) return refusal(json_rules.status(), {.field = "rules", .position = {}});
  const Result<GroupingRules> rules = GroupingRules::parse(*json_rules);
  if (!rules.ok()) return refusal(rules.status(), {.field = "rules", .position = {}});
  const Result<JsonValue> body = body_of(call);
  const JsonValue* wanted = body.ok() ? body->find("hours") : nullptr;
  const int64_t span =
      wanted && wanted->integer() ? std::clamp<int64_t>(*wanted->integer(), 1, 24 * 90) : 24 * 7;
  Watch watch(call);
  const Result<std::vector<StoredOccurrence>> occurrences =
      find_occurrences(*call.options().storage, call.environment,
                       {.groups = {},
                        .range = {.from = call.now - hours(span), .to = UnixNanos{INT64_MAX}},
                        .limit = kMostDryRun},
                       watch.run_options());
  if (!occurrences.ok()) return refusal(occurrences.status());

  struct Made {
    Fingerprint fingerprint;
    std::string title;
    int64_t occurrences = 0;
    std::set<int64_t> items;
  };
  std::map<std::string, Made> groups;
  std::map<std::string, int64_t> item_of_group;
  std::set<int64_t> items_before;
  int64_t moved = 0;
  for (const StoredOccurrence& one : *occurrences) {
    const auto [item, is_new] = item_of_group.try_emplace(one.group, 0);
    if (is_new) {
      const Result<int64_t> found = call.options().errors->item_of_group(call.environment, one.group);
      if (!found.ok()) return refusal(found.status());
      item->second = *found;
    }
    std::string title;
    Fingerprint fingerprint = rules->apply(one.occurrence, &title);
    if (fingerprint.group != one.group) ++moved;
    Made& made = groups[fingerprint.group];
    if (made.occurrences++ == 0) {
      made.title = title.empty() ? title_of(one.occurrence) : title;
      made.fingerprint = std::move(fingerprint);
    }
    made.items.insert(item->second);
    items_before.insert(item->second);
  }
  JsonWriter json;
  json.begin_object().key("occurrences").integer(occurrences->size()).key("moved").integer(moved);
  json.key("items_before").integer(items_before.size()).key("groups_after").integer(groups.size());
  json.key("groups").begin_array();
  for (const auto& [group, made] : groups) {
    json.begin_object().key("fingerprint").string(group).key("reason").string(made.fingerprint.reason);
    json.key("hashed").string(made.fingerprint.hashed).key("title").string(made.title);
    json.key("occurrences").integer(made.occurrences).key("items").begin_array();
    for (const int64_t item : made.items) json.integer(item);
    json.end_array().end_object();
  }
  return api::json(std::move(json.end_array().end_object()));
}

}  // namespace clew::api
