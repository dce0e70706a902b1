// Items: what Rollbar calls an error with all its occurrences.

#include <algorithm>
#include <cstdlib>

#include "control/errors/item_search.h"
#include "protocols/rollbar/operations.h"
#include "protocols/rollbar/people.h"
#include "protocols/rollbar/read_documents.h"

namespace clew::rollbar {
namespace {

using namespace control::errors;

constexpr int64_t kItemsOnPage = 100;
constexpr size_t kLongestUuid = 36;
constexpr int64_t kLongestSnooze = 366 * 86'400;

net::Response answer_item(const Call& call, const Result<Item>& item) {
  if (item.ok()) {
    const Result<std::string> hash = call.items().fingerprint_of(item->id);
    return hash.ok() ? result(item_document(*item, *hash, call.environment(), call.now))
                     : refused(hash.status());
  }
  return item.status().kind() == ErrorKind::not_found ? failure(404, "Item not found")
                                                      : refused(item.status());
}

Status unprocessable(std::string what) {
  return {ErrorKind::bad_input, std::move(what)};
}

// A member that is there and no text of a known kind is told, not passed over.
Result<ItemEdit> edit_of(const Call& call) {
  ItemEdit edit;
  const JsonValue& body = call.body.json;
  if (const JsonValue* status = body.find("status")) {
    edit.state = status->string() ? state_named(*status->string()) : std::nullopt;
    if (!edit.state) return unprocessable("status must be active, resolved, muted or archived");
  }
  if (const std::string version = call.text("resolved_in_version", 40); !version.empty())
    edit.resolved_in_version = version;
  if (const std::string title = call.text("title"); !title.empty()) edit.title = title;
  if (const JsonValue* level = body.find("level")) {
    if (!level->string() || name_of(level_named(*level->string())) != *level->string())
      return unprocessable("level must be debug, info, warning, error or critical");
    edit.level = level_named(*level->string());
  }
  const JsonValue* snoozed = body.find("snooze_enabled");
  const JsonValue* length = body.find("snooze_expiration_in_seconds");
  if (snoozed && snoozed->boolean()) {
    const int64_t wanted =
        length && length->integer() ? std::clamp<int64_t>(*length->integer(), 1, kLongestSnooze) : 3600;
    edit.snoozed_until = *snoozed->boolean() ? call.now + seconds(wanted) : UnixNanos();
  }
  if (const JsonValue* assigned = body.find("assigned_user_id")) {
    edit.assignee = "";
    if (!assigned->is_null()) {
      const std::optional<int64_t> id =
          assigned->integer() ? std::optional(*assigned->integer()) : std::nullopt;
      CLEW_ASSIGN(const std::vector<std::string> people, people_of(call));
      const auto found = std::find_if(people.begin(), people.end(), [&](const std::string& name) {
        return id && id_of_person(name) == *id;
      });
      if (found == people.end()) return unprocessable("assigned_user_id is the id of no user");
      edit.assignee = *found;
    }
  }
  return edit;
}

}  // namespace

// Each filter may be there several times: one of its values must hold.
net::Response list_items(const Call& call) {
  ItemQuery query;
  for (const std::string& name : call.parameters("status")) {
    const std::optional<State> state = state_named(name);
    if (!state) return failure(422, "status must be active, resolved, muted or archived");
    query.states.push_back(*state);
  }
  for (const std::string& name : call.parameters("level")) {
    const Level level = level_named(name);
    if (name_of(level) != name) return failure(422, "level must be debug, info, warning, error or critical");
    query.levels.push_back(level);
  }
  for (const std::string& id : call.parameters("ids"))
    query.ids.push_back(std::strtoll(id.c_str(), nullptr, 10));
  query.deployments = call.parameters("environment");
  query.frameworks = call.parameters("framework");
  if (const std::string snoozed = call.parameter("is_snoozed"); !snoozed.empty())
    query.snoozed = snoozed == "true" || snoozed == "1";
  const std::string assigned = call.parameter("assigned_user");
  if (assigned == "assigned" || assigned == "unassigned")
    query.is_assigned = assigned == "assigned";
  else
    query.assignee = assigned;
  add_search(call.parameter("query"), query);
  const int64_t limit = std::clamp<int64_t>(call.number("limit", kItemsOnPage), 1, 1000);
  query.limit = static_cast<size_t>(limit);
  query.offset = (call.page() - 1) * query.limit;
  const Result<ItemPage> found = call.items().list(call.environment(), query);
  if (!found.ok()) return refused(found.status());
  JsonValue::Array list;
  for (const Item& one : found->items) {
    const Result<std::string> hash = call.items().fingerprint_of(one.id);
    if (!hash.ok()) return refused(hash.status());
    list.push_back(item_document(one, *hash, call.environment(), call.now));
  }
  JsonValue json;
  json["page"] = static_cast<int64_t>(call.page());
  json["total_count"] = found->total;
  json["items"] = std::move(list);
  return result(std::move(json));
}

net::Response get_item(const Call& call) {
  return answer_item(call, call.items().find(call.environment(), call.id()));
}

// GET /item/?uuid=…, ?counter=…
net::Response find_item(const Call& call) {
  int64_t id = call.number("counter");
  if (const auto uuid = call.request.parameter("uuid")) {
    if (uuid->empty() || uuid->size() > kLongestUuid) return failure(400, "Invalid UUID format");
    const Result<std::optional<FoundUuid>> found = call.items().find_uuid(call.environment(), *uuid);
    if (!found.ok()) return refused(found.status());
    if (!*found) return failure(404, "UUID did not match any occurrence");
    id = (*found)->item;
  }
  return answer_item(call, call.items().find(call.environment(), id));
}

net::Response change_item(const Call& call) {
  const Result<ItemEdit> edit = edit_of(call);
  if (!edit.ok()) return refused(edit.status());
  return answer_item(call, call.items().edit(call.environment(), call.id(), *edit));
}

}  // namespace clew::rollbar
