#include "protocols/rollbar/api.h"

#include <charconv>

#include <fmt/format.h>

#include "protocols/query_workers.h"
#include "protocols/rollbar/answers.h"
#include "protocols/rollbar/call.h"
#include "protocols/rollbar/item_intake.h"
#include "protocols/rollbar/read_documents.h"

namespace clew::rollbar {
namespace {

using namespace control::errors;

constexpr size_t kItemsOnPage = 100;
constexpr size_t kInstancesOnPage = 20;
constexpr size_t kMostPages = 500;

int64_t number_in(const net::Request& request, std::string_view name, int64_t otherwise) {
  const std::string text = request.parameter(name).value_or("");
  int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() && !text.empty() ? number : otherwise;
}

size_t page_of(const net::Request& request) {
  return static_cast<size_t>(std::clamp<int64_t>(number_in(request, "page", 1), 1, kMostPages));
}

}  // namespace

struct Api::Inside {
  explicit Inside(ApiOptions given)
      : options(std::move(given)),
        scrubber(options.scrubbed_names),
        intake({.consumer = *options.consumer,
                .access = *options.access,
                .arrivals = *options.arrivals,
                .scrubber = scrubber,
                .is_known =
                    [this](EnvironmentId environment, const std::string& uuid) {
                      const Result<bool> known = options.items->knows_uuid(environment, uuid);
                      return known.ok() && *known;
                    }}),
        workers(2, 64) {}

  using Answer = net::Response (Inside::*)(const net::Request&, EnvironmentId);

  // On a worker: these read and write the control database, some the store.
  void answer_on_worker(net::Request request, net::Responder responder, Answer answer);
  void add_route(Router& router, std::string_view method, std::string_view pattern, Answer answer);

  net::Response items(const net::Request& request, EnvironmentId environment);
  net::Response item(const net::Request& request, EnvironmentId environment);
  net::Response item_by_uuid(const net::Request& request, EnvironmentId environment);
  net::Response change_item(const net::Request& request, EnvironmentId environment);
  net::Response instances(const net::Request& request, EnvironmentId environment);
  net::Response instance(const net::Request& request, EnvironmentId environment);
  net::Response create_deploy(const net::Request& request, EnvironmentId environment);
  net::Response change_deploy(const net::Request& request, EnvironmentId environment);
  net::Response deploy(const net::Request& request, EnvironmentId environment);
  net::Response deploys(const net::Request& request, EnvironmentId environment);
  net::Response projects(const net::Request& request, EnvironmentId environment);
  net::Response project(const net::Request& request, EnvironmentId environment);
  net::Response users(const net::Request& request, EnvironmentId environment);
  net::Response top_items(const net::Request& request, EnvironmentId environment);

  const ApiOptions options;
  const Scrubber scrubber;
  ItemIntake intake;
  QueryWorkers workers;
};

void Api::Inside::answer_on_worker(net::Request request, net::Responder responder, Answer answer) {
  const auto shared = std::make_shared<net::Request>(std::move(request));
  const bool taken = workers.submit([this, shared, responder, answer] {
    Result<JsonValue> body = shared->body.empty() ? Result<JsonValue>(JsonValue()) : body_of(*shared);
    if (!body.ok()) return send(responder, failure(400, body.status().message()));
    const Result<EnvironmentId> environment = admit(*options.access, *shared, &*body);
    if (!environment.ok()) return send(responder, refused(environment.status()));
    send(responder, (this->*answer)(*shared, *environment));
  });
  if (!taken) send(responder, failure(503, "too many questions wait already"));
}

net::Response Api::Inside::items(const net::Request& request, EnvironmentId environment) {
  ItemQuery query;
  if (const auto status = request.parameter("status")) {
    query.state = state_named(*status);
    if (!query.state) return failure(422, "status must be active, resolved, muted or archived");
  }
  if (const auto level = request.parameter("level")) query.least_level = level_named(*level, Level::debug);
  query.deployment = request.parameter("environment").value_or("");
  query.framework = request.parameter("framework").value_or("");
  query.text = request.parameter("query").value_or("");
  const size_t page = page_of(request);
  query.limit = kItemsOnPage;
  query.offset = (page - 1) * kItemsOnPage;
  const Result<ItemPage> found = options.items->list(environment, query);
  if (!found.ok()) return refused(found.status());
  JsonValue::Array list;
  for (const Item& one : found->items) list.push_back(item_document(one, now()));
  JsonValue json;
  json["page"] = static_cast<int64_t>(page);
  json["total_count"] = found->total;
  json["items"] = std::move(list);
  return result(std::move(json));
}

net::Response Api::Inside::item(const net::Request& request, EnvironmentId environment) {
  const Result<Item> found = options.items->find(environment, number_in(request, "id", 0));
  if (!found.ok()) return failure(404, "Item not found");
  return result(item_document(*found, now()));
}

net::Response Api::Inside::item_by_uuid(const net::Request& request, EnvironmentId environment) {
  int64_t id = number_in(request, "counter", 0);
  if (const auto uuid = request.parameter("uuid")) {
    if (uuid->empty() || uuid->size() > 36) return failure(400, "Invalid UUID format");
    const Result<std::optional<FoundUuid>> found = options.items->find_uuid(environment, *uuid);
    if (!found.ok()) return refused(found.status());
    if (!*found) return failure(404, "UUID did not match any occurrence");
    id = (*found)->item;
  }
  const Result<Item> found = options.items->find(environment, id);
  if (!found.ok()) return failure(404, "Item not found");
  return result(item_document(*found, now()));
}

net::Response Api::Inside::change_item(const net::Request& request, EnvironmentId environment) {
  const Result<JsonValue> body = body_of(request);
  if (!body.ok()) return failure(400, body.status().message());
  ItemEdit edit;
  if (const std::string status = text_at(*body, "status"); !status.empty()) {
    edit.state = state_named(status);
    if (!edit.state) return failure(422, "status must be active, resolved, muted or archived");
  }
  if (const std::string version = text_at(*body, "resolved_in_version"); !version.empty())
    edit.resolved_in_version = version;
  if (const std::string title = text_at(*body, "title"); !title.empty()) edit.title = title.substr(0, 255);
  if (const std::string level = text_at(*body, "level"); !level.empty()) edit.level = level_named(level);
  const JsonValue* enabled = body->find("snooze_enabled");
  const JsonValue* length = body->find("snooze_expiration_in_seconds");
  if (enabled && enabled->boolean()) {
    const int64_t most = 366 * 86'400;
    const int64_t wanted =
        length && length->integer() ? std::clamp<int64_t>(*length->integer(), 1, most) : 3600;
    edit.snoozed_until = *enabled->boolean() ? now() + seconds(wanted) : UnixNanos();
  }
  const Result<Item> changed = options.items->edit(environment, number_in(request, "id", 0), edit);
  if (!changed.ok())
    return changed.status().kind() == ErrorKind::not_found ? failure(404, "Item not found")
                                                           : refused(changed.status());
  return result(item_document(*changed, now()));
}

net::Response Api::Inside::instances(const net::Request& request, EnvironmentId environment) {
  OccurrenceQuery query;
  const int64_t id = number_in(request, "id", 0);
  if (id != 0) {
    if (const Result<Item> found = options.items->find(environment, id); !found.ok())
      return failure(404, "Item not found");
    const Result<std::vector<Group>> groups = options.items->groups_of(id);
    if (!groups.ok()) return refused(groups.status());
    for (const Group& group : *groups) query.groups.push_back(group.fingerprint);
  }
  const size_t page = page_of(request);
  query.limit = page * kInstancesOnPage;
  JsonValue::Array list;
  if (id == 0 || !query.groups.empty()) {
    const auto found =
        find_occurrences(*options.storage, environment, query, options.run_options(workers.stopping()));
    if (!found.ok()) return refused(found.status());
    for (size_t i = (page - 1) * kInstancesOnPage; i < found->size(); ++i) {
      const StoredOccurrence& one = (*found)[i];
      int64_t item = id;
      if (item == 0) {
        const Result<int64_t> of_group = options.items->item_of_group(environment, one.group);
        if (of_group.ok()) item = *of_group;
      }
      list.push_back(instance_document(one, item));
    }
  }
  JsonValue json;
  json["page"] = static_cast<int64_t>(page);
  json["instances"] = std::move(list);
  return result(std::move(json));
}

net::Response Api::Inside::instance(const net::Request& request, EnvironmentId environment) {
  const auto found = find_occurrence(*options.storage, environment, number_in(request, "id", 0),
                                     options.run_options(workers.stopping()));
  if (!found.ok()) return refused(found.status());
  if (!*found) return failure(404, "Instance not found");
  const Result<int64_t> item = options.items->item_of_group(environment, (*found)->group);
  return result(instance_document(**found, item.ok() ? *item : 0));
}

net::Response Api::Inside::create_deploy(const net::Request& request, EnvironmentId environment) {
  const Result<JsonValue> body = body_of(request);
  if (!body.ok()) return failure(400, body.status().message());
  Deploy deploy;
  deploy.deployment = text_at(*body, "environment").substr(0, 255);
  deploy.revision = text_at(*body, "revision").substr(0, 255);
  if (deploy.deployment.empty() || deploy.revision.empty())
    return failure(422, "environment and revision are required");
  deploy.status = text_at(*body, "status");
  if (deploy.status.empty()) deploy.status = "succeeded";
  if (deploy.status != "started" && deploy.status != "succeeded" && deploy.status != "failed" &&
      deploy.status != "timed_out")
    return failure(422, "status must be started, succeeded, failed or timed_out");
  deploy.comment = scrubber.scrubbed_text(text_at(*body, "comment").substr(0, 64 << 10));
  deploy.local_username = text_at(*body, "local_username").substr(0, 255);
  deploy.rollbar_username = text_at(*body, "rollbar_username").substr(0, 255);
  const Result<Deploy> made = options.items->add_deploy(environment, std::move(deploy));
  if (!made.ok()) return refused(made.status());
  JsonValue json;
  json["err"] = 0;
  json["data"]["deploy_id"] = made->id;
  return net::json_response(200, json.text());
}

net::Response Api::Inside::change_deploy(const net::Request& request, EnvironmentId environment) {
  const Result<JsonValue> body = body_of(request);
  if (!body.ok()) return failure(400, body.status().message());
  const Result<Deploy> changed = options.items->change_deploy(environment, number_in(request, "id", 0),
                                                              text_at(*body, "status").substr(0, 20),
                                                              text_at(*body, "comment").substr(0, 64 << 10));
  if (!changed.ok()) return refused(changed.status());
  return result(deploy_document(*changed));
}

net::Response Api::Inside::deploy(const net::Request& request, EnvironmentId environment) {
  const Result<std::optional<Deploy>> found =
      options.items->find_deploy(environment, number_in(request, "id", 0));
  if (!found.ok()) return refused(found.status());
  if (!*found) return failure(404, "Deploy not found");
  return result(deploy_document(**found));
}

net::Response Api::Inside::deploys(const net::Request& request, EnvironmentId environment) {
  const size_t page = page_of(request);
  const auto limit = static_cast<size_t>(std::clamp<int64_t>(number_in(request, "limit", 20), 1, 5000));
  const auto found = options.items->list_deploys(environment, request.parameter("environment").value_or(""),
                                                 limit, (page - 1) * limit);
  if (!found.ok()) return refused(found.status());
  JsonValue::Array list;
  for (const Deploy& one : *found) list.push_back(deploy_document(one));
  JsonValue json;
  json["page"] = static_cast<int64_t>(page);
  json["deploys"] = std::move(list);
  return result(std::move(json));
}

net::Response Api::Inside::project(const net::Request& request, EnvironmentId /*environment*/) {
  if (number_in(request, "id", 0) != kProject) return failure(404, "Project not found");
  JsonValue json;
  json["id"] = kProject;
  json["account_id"] = kProject;
  json["name"] = "clew";
  json["status"] = "enabled";
  json["date_created"] = 0;
  json["date_modified"] = 0;
  return result(std::move(json));
}

net::Response Api::Inside::projects(const net::Request& /*request*/, EnvironmentId /*environment*/) {
  JsonValue json;
  json["id"] = kProject;
  json["account_id"] = kProject;
  json["name"] = "clew";
  json["status"] = "enabled";
  json["date_created"] = 0;
  json["date_modified"] = 0;
  return result(JsonValue::Array{std::move(json)});
}

// clew has keys, no accounts.
net::Response Api::Inside::users(const net::Request& /*request*/, EnvironmentId /*environment*/) {
  JsonValue json;
  json["users"] = JsonValue::Array();
  return result(std::move(json));
}

net::Response Api::Inside::top_items(const net::Request& request, EnvironmentId environment) {
  ItemQuery query;
  query.state = State::active;
  query.deployment = request.parameter("environments").value_or("");
  query.sort = ItemQuery::Sort::occurrences;
  query.limit = 10;
  const int64_t hours = std::clamp<int64_t>(number_in(request, "hours", 24), 1, 168);
  const Result<ItemPage> found = options.items->list(environment, query);
  if (!found.ok()) return refused(found.status());
  JsonValue::Array list;
  for (const Item& one : found->items) {
    const auto counts = options.items->counts_of(one.id, now(), static_cast<size_t>(hours), 1);
    if (!counts.ok()) return refused(counts.status());
    JsonValue entry;
    entry["item"] = item_document(one, now());
    entry["item"]["level"] = static_cast<int64_t>(one.level);
    entry["counts"] = JsonValue::Array(counts->begin(), counts->end());
    list.push_back(std::move(entry));
  }
  return result(std::move(list));
}

void Api::Inside::add_route(Router& router, std::string_view method, std::string_view pattern,
                            Answer answer) {
  router.add(method, pattern, [this, answer](net::Request request, net::Responder responder) {
    answer_on_worker(std::move(request), std::move(responder), answer);
  });
}

Api::Api(ApiOptions options) : inside_(std::make_unique<Inside>(std::move(options))) {}
Api::~Api() = default;

void Api::stop() {
  inside_->workers.stop();
}

void Api::register_routes(Router& router) {
  Inside* inside = inside_.get();
  router.add("POST", "/api/1/item", [inside](const net::Request& request, const net::Responder& responder) {
    inside->intake.take(request, nullptr, responder);
  });
  add_common_routes(router);
  struct Route {
    std::string_view method, pattern;
    Inside::Answer answer;
  };
  static constexpr Route kRoutes[] = {
      {"GET", "/api/1/items", &Inside::items},
      {"GET", "/api/1/item", &Inside::item_by_uuid},
      {"GET", "/api/1/item/{id}", &Inside::item},
      {"GET", "/api/1/item_by_counter/{id}", &Inside::item},
      {"PATCH", "/api/1/item/{id}", &Inside::change_item},
      {"GET", "/api/1/item/{id}/instances", &Inside::instances},
      {"GET", "/api/1/instances", &Inside::instances},
      {"GET", "/api/1/instance/{id}", &Inside::instance},
      {"POST", "/api/1/deploy", &Inside::create_deploy},
      {"PATCH", "/api/1/deploy/{id}", &Inside::change_deploy},
      {"GET", "/api/1/deploy/{id}", &Inside::deploy},
      {"GET", "/api/1/deploys", &Inside::deploys},
      {"GET", "/api/1/projects", &Inside::projects},
      {"GET", "/api/1/project/{id}", &Inside::project},
      {"GET", "/api/1/users", &Inside::users},
      {"GET", "/api/1/reports/top_active_items", &Inside::top_items},
  };
  for (const Route& route : kRoutes) inside->add_route(router, route.method, route.pattern, route.answer);
}

}  // namespace clew::rollbar
