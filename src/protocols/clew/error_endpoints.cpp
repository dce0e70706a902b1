// Errors: the list, one of them, and its occurrences.

#include <algorithm>
#include <charconv>
#include <cmath>

#include "control/errors/frames_json.h"
#include "control/errors/item_search.h"
#include "control/errors/item_store.h"
#include "control/errors/source_maps.h"
#include "control/errors/stored_occurrences.h"
#include "protocols/clew/endpoints.h"
#include "protocols/clew/error_json.h"
#include "protocols/clew/parameters.h"

namespace clew::api {
namespace {

using namespace control::errors;

constexpr size_t kBuckets = 24;
constexpr size_t kMostSampled = 1000;  // occurrences that distributions are counted over

std::optional<int64_t> number_in_path(const Call& call, std::string_view name) {
  const std::string text = call.request.parameter(name).value_or("");
  int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number <= 0) return std::nullopt;
  return number;
}

// Hours of one bar of the sparkline.
int64_t hours_each(Parameters& parameters) {
  const double hours = parameters.number("hours", 24).value_or(24);
  return std::clamp<int64_t>(static_cast<int64_t>(std::ceil(hours / kBuckets)), 1, 90);
}

void write_counts(JsonWriter& json, const std::vector<int64_t>& counts) {
  json.key("counts").begin_array();
  for (const int64_t count : counts) json.integer(count);
  json.end_array();
}

ItemQuery query_of(Parameters& parameters, const Call& call) {
  ItemQuery query;
  query.service = parameters.text("service").value_or("");
  query.version = parameters.text("version").value_or("");
  query.person = parameters.text("person").value_or("");
  if (auto environment = parameters.text("environment"); environment && !environment->empty())
    query.deployments.push_back(*std::move(environment));
  if (auto framework = parameters.text("framework"); framework && !framework->empty())
    query.frameworks.push_back(*std::move(framework));
  query.limit = parameters.limit(100, 1000);
  query.offset = static_cast<size_t>(std::min(parameters.number("offset", 0).value_or(0), 1e9));
  if (const auto text = parameters.text("state")) {
    if (const auto state = state_named(*text))
      query.states.push_back(*state);
    else
      parameters.refuse("state", {ErrorKind::bad_input, "state is active, resolved, muted or archived"});
  }
  if (const auto level = parameters.text("level")) {
    query.least_level = level_named(*level);
    if (name_of(*query.least_level) != *level)
      parameters.refuse("level", {ErrorKind::bad_input, "level is debug, info, warning, error or critical"});
  }
  if (const auto snoozed = call.request.parameter("snoozed")) query.snoozed = *snoozed != "false";
  add_search(parameters.text("q").value_or(""), query);
  const std::string sort = parameters.text("sort").value_or("last_seen");
  if (sort == "last_seen") {
    query.sort = ItemQuery::Sort::last_seen;
  } else if (sort == "first_seen") {
    query.sort = ItemQuery::Sort::first_seen;
  } else if (sort == "occurrences") {
    query.sort = ItemQuery::Sort::occurrences;
  } else if (sort == "people") {
    query.sort = ItemQuery::Sort::people;
  } else if (sort == "activated") {
    query.sort = ItemQuery::Sort::activated;
  } else {
    parameters.refuse(
        "sort", {ErrorKind::bad_input, "sort is last_seen, first_seen, occurrences, people or activated"});
  }
  return query;
}

// Those that came before their source map did are led back to their sources now; their group stays what it
// was.
void map_sources(const Call& call, StoredOccurrence& stored) {
  SourceMaps* maps = call.options().source_maps;
  const Occurrence& occurrence = stored.occurrence;
  if (maps == nullptr || !maps->may_map(call.environment, occurrence.version, occurrence.frames)) return;
  const Result<JsonValue> told = parse_json(stored.frames.empty() ? "null" : stored.frames, 64);
  const JsonValue frames = told.ok() && told->array() ? *told : to_json(occurrence.frames);
  if (const auto mapped = maps->map(call.environment, occurrence.version, frames))
    stored.frames = mapped->text();
}

net::Response no_such_error() {
  return refusal(Status(ErrorKind::not_found, "There is no error of that number"));
}

std::vector<std::string> fingerprints_of(const std::vector<Group>& groups) {
  std::vector<std::string> all;
  for (const Group& group : groups) all.push_back(group.fingerprint);
  return all;
}

void write_groups(JsonWriter& json, const std::vector<Group>& groups) {
  json.key("groups").begin_array();
  for (const Group& group : groups) {
    json.begin_object().key("fingerprint").string(group.fingerprint).key("reason").string(group.reason);
    json.key("hashed").string(group.hashed).key("own_item").integer(group.own_item);
    json.key("occurrences").integer(group.occurrences);
    json.time_members("first_seen", group.first_seen).time_members("last_seen", group.last_seen).end_object();
  }
  json.end_array();
}

void write_deploy(JsonWriter& json, const Deploy& deploy) {
  json.begin_object().key("id").integer(deploy.id).key("environment").string(deploy.deployment);
  json.key("revision").string(deploy.revision).key("status").string(deploy.status);
  json.key("comment").string(deploy.comment);
  json.key("user").string(deploy.local_username.empty() ? deploy.rollbar_username : deploy.local_username);
  json.time_members("started", deploy.started).end_object();
}

void write_origin(JsonWriter& json, std::string_view name, const std::optional<Origin>& origin) {
  json.key(name);
  if (!origin) {
    json.null();
    return;
  }
  json.begin_object().key("deploy");
  write_deploy(json, origin->deploy);
  json.key("because").string(origin->is_of_version ? "version" : "time").end_object();
}

// The newest deploys, that which brought the error first, and that which it was new or came back with.
Status write_deploys(JsonWriter& json, ItemStore& items, EnvironmentId environment, const Item& item) {
  CLEW_ASSIGN(const std::vector<Deploy> deploys, items.list_deploys(environment, item.deployment, 20, 0));
  CLEW_ASSIGN(const std::optional<Origin> first,
              items.origin_of(environment, item, item.first_seen, item.first_version));
  const bool came_back = item.reactivations > 0;
  CLEW_ASSIGN(const std::optional<Origin> suspect,
              items.origin_of(environment, item, item.activated_at, came_back ? "" : item.first_version));
  json.key("deploys").begin_array();
  for (const Deploy& deploy : deploys) write_deploy(json, deploy);
  json.end_array();
  write_origin(json, "first_seen_in", first);
  write_origin(json, "likely_caused_by", suspect);
  return {};
}

Status write_history(JsonWriter& json, ItemStore& items, int64_t id) {
  CLEW_ASSIGN(const std::vector<VersionSeen> versions, items.versions_of(id, 100));
  CLEW_ASSIGN(const std::vector<PersonSeen> people, items.people_of(id, 100));
  CLEW_ASSIGN(const std::vector<Activity> activity, items.activity_of(id, 100));
  json.key("versions").begin_array();
  for (const VersionSeen& one : versions) {
    json.begin_object().key("version").string(one.version).key("occurrences").integer(one.occurrences);
    json.time_members("first_seen", one.first).time_members("last_seen", one.last).end_object();
  }
  json.end_array().key("affected").begin_array();
  for (const PersonSeen& one : people) {
    json.begin_object().key("id").string(one.person.id).key("name").string(one.person.name);
    json.key("email").string(one.person.email).key("occurrences").integer(one.occurrences);
    json.time_members("last_seen", one.last).end_object();
  }
  json.end_array().key("activity").begin_array();
  for (const Activity& one : activity) {
    json.begin_object().time_members("time", one.at).key("kind").string(one.kind);
    json.key("detail").string(one.detail).end_object();
  }
  json.end_array();
  return {};
}

}  // namespace

net::Response answer_errors(const Call& call) {
  Parameters parameters(call);
  const ItemQuery query = query_of(parameters, call);
  const int64_t hours = hours_each(parameters);
  if (!parameters.ok()) return parameters.refusal();
  ItemStore& items = *call.options().errors;
  const Result<ItemPage> page = items.list(call.environment, query);
  if (!page.ok()) return refusal(page.status());
  JsonWriter json;
  json.begin_object().key("total").integer(page->total).key("hours_each").integer(hours);
  json.key("errors").begin_array();
  for (const Item& item : page->items) {
    write_item(json.begin_object(), item, call.now);
    const Result<std::vector<int64_t>> counts = items.counts_of(item.id, call.now, kBuckets, hours);
    if (!counts.ok()) return refusal(counts.status());
    write_counts(json, *counts);
    json.end_object();
  }
  return api::json(std::move(json.end_array().end_object()));
}

net::Response answer_error(const Call& call) {
  Parameters parameters(call);
  const int64_t hours = hours_each(parameters);
  if (!parameters.ok()) return parameters.refusal();
  const auto id = number_in_path(call, "id");
  if (!id) return no_such_error();
  ItemStore& items = *call.options().errors;
  const Result<Item> item = items.find(call.environment, *id);
  if (!item.ok()) return refusal(item.status());
  const Result<std::vector<Group>> groups = items.groups_of(*id);
  if (!groups.ok()) return refusal(groups.status());
  const Result<std::vector<int64_t>> counts = items.counts_of(*id, call.now, kBuckets, hours);
  if (!counts.ok()) return refusal(counts.status());

  std::vector<StoredOccurrence> newest;
  std::optional<StoredOccurrence> latest;
  if (!groups->empty()) {
    Watch watch(call);
    Result<std::vector<StoredOccurrence>> found = find_occurrences(
        *call.options().storage, call.environment,
        {.groups = fingerprints_of(*groups), .range = {}, .limit = kMostSampled}, watch.run_options());
    if (!found.ok()) return refusal(found.status());
    newest = std::move(*found);
  }
  if (!newest.empty()) {
    Watch watch(call);
    Result<std::optional<StoredOccurrence>> whole =
        find_occurrence(*call.options().storage, call.environment, newest.front().id, watch.run_options());
    if (!whole.ok()) return refusal(whole.status());
    latest = std::move(*whole);
    if (latest) map_sources(call, *latest);
  }

  JsonWriter json;
  write_item(json.begin_object(), *item, call.now);
  json.key("hours_each").integer(hours);
  write_counts(json, *counts);
  write_groups(json, *groups);
  if (Status written = write_history(json, items, *id); !written.ok()) return refusal(written);
  if (Status written = write_deploys(json, items, call.environment, *item); !written.ok())
    return refusal(written);
  json.key("distributions").begin_array();
  for (const Distribution& distribution : distributions_of(newest)) {
    json.begin_object().key("column").string(distribution.column).key("values").begin_array();
    for (const auto& [value, count] : distribution.values)
      json.begin_object().key("value").string(value).key("occurrences").integer(count).end_object();
    json.end_array().key("others").integer(distribution.others).end_object();
  }
  json.end_array().key("sampled").integer(newest.size()).key("latest");
  if (latest) {
    write_occurrence(json, *latest, true);
  } else {
    json.null();
  }
  return api::json(std::move(json.end_object()));
}

net::Response answer_error_occurrences(const Call& call) {
  Parameters parameters(call);
  OccurrenceQuery query;
  query.range = parameters.range(RangeDefault::everything);
  query.limit = parameters.limit(100, 1000);
  if (!parameters.ok()) return parameters.refusal();
  const auto id = number_in_path(call, "id");
  if (!id) return no_such_error();
  ItemStore& items = *call.options().errors;
  if (const Result<Item> item = items.find(call.environment, *id); !item.ok()) return refusal(item.status());
  const Result<std::vector<Group>> groups = items.groups_of(*id);
  if (!groups.ok()) return refusal(groups.status());
  std::vector<StoredOccurrence> occurrences;
  query.groups = fingerprints_of(*groups);
  if (!query.groups.empty()) {
    Watch watch(call);
    Result<std::vector<StoredOccurrence>> found =
        find_occurrences(*call.options().storage, call.environment, query, watch.run_options());
    if (!found.ok()) return refusal(found.status());
    occurrences = std::move(*found);
  }
  JsonWriter json;
  json.begin_object().key("occurrences").begin_array();
  for (const StoredOccurrence& one : occurrences) write_occurrence(json, one, false);
  return api::json(std::move(json.end_array().end_object()));
}

net::Response answer_error_occurrence(const Call& call) {
  const auto id = number_in_path(call, "occurrence");
  if (!id) return refusal(Status(ErrorKind::not_found, "There is no occurrence of that number"));
  Watch watch(call);
  const Result<std::optional<StoredOccurrence>> found =
      find_occurrence(*call.options().storage, call.environment, *id, watch.run_options());
  if (!found.ok()) return refusal(found.status());
  if (!*found)
    return refusal(Status(ErrorKind::not_found, "There is no occurrence of that number (any more)"));
  StoredOccurrence occurrence = **found;
  map_sources(call, occurrence);
  JsonWriter json;
  write_occurrence(json, occurrence, true);
  return api::json(std::move(json));
}

net::Response answer_deploys(const Call& call) {
  Parameters parameters(call);
  const size_t limit = parameters.limit(100, 1000);
  const std::string deployment = parameters.text("environment").value_or("");
  if (!parameters.ok()) return parameters.refusal();
  const Result<std::vector<Deploy>> deploys =
      call.options().errors->list_deploys(call.environment, deployment, limit, 0);
  if (!deploys.ok()) return refusal(deploys.status());
  JsonWriter json;
  json.begin_object().key("deploys").begin_array();
  for (const Deploy& deploy : *deploys) write_deploy(json, deploy);
  return api::json(std::move(json.end_array().end_object()));
}

}  // namespace clew::api
