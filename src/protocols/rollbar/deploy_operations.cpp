// Deploys: what was rolled out where, told by people's scripts.

#include <algorithm>
#include <array>

#include "protocols/rollbar/operations.h"
#include "protocols/rollbar/read_documents.h"

namespace clew::rollbar {
namespace {

using namespace control::errors;

constexpr size_t kLongestComment = 64 << 10;
constexpr int64_t kDeploysOnPage = 20;

bool is_status(std::string_view status) {
  constexpr std::array<std::string_view, 4> kStatuses = {"started", "succeeded", "failed", "timed_out"};
  return std::find(kStatuses.begin(), kStatuses.end(), status) != kStatuses.end();
}

net::Response wrong_status() {
  return failure(422, "status must be started, succeeded, failed or timed_out");
}

}  // namespace

net::Response create_deploy(const Call& call) {
  Deploy deploy;
  deploy.deployment = call.text("environment");
  deploy.revision = call.text("revision");
  if (deploy.deployment.empty() || deploy.revision.empty())
    return failure(422, "environment and revision are required");
  deploy.status = call.body.text("status");
  if (deploy.status.empty()) deploy.status = "succeeded";
  if (!is_status(deploy.status)) return wrong_status();
  deploy.comment = call.context.scrubber.scrubbed_text(call.text("comment", kLongestComment));
  deploy.local_username = call.text("local_username");
  deploy.rollbar_username = call.text("rollbar_username");
  const Result<Deploy> made = call.items().add_deploy(call.environment(), std::move(deploy));
  if (!made.ok()) return refused(made.status());
  // The command line reads `data`, scripts `result`.
  JsonValue json;
  json["err"] = 0;
  json["data"]["deploy_id"] = made->id;
  json["result"]["deploy_id"] = made->id;
  return net::json_response(200, json.text());
}

net::Response change_deploy(const Call& call) {
  const std::string status = call.body.text("status");
  if (!status.empty() && !is_status(status)) return wrong_status();
  const Result<Deploy> changed =
      call.items().change_deploy(call.environment(), call.id(), status,
                                 call.context.scrubber.scrubbed_text(call.text("comment", kLongestComment)));
  if (!changed.ok())
    return changed.status().kind() == ErrorKind::not_found ? failure(404, "Deploy not found")
                                                           : refused(changed.status());
  return result(deploy_document(*changed, call.environment()));
}

net::Response get_deploy(const Call& call) {
  const Result<std::optional<Deploy>> found = call.items().find_deploy(call.environment(), call.id());
  if (!found.ok()) return refused(found.status());
  if (!*found) return failure(404, "Deploy not found");
  return result(deploy_document(**found, call.environment()));
}

net::Response list_deploys(const Call& call) {
  const auto limit = static_cast<size_t>(std::clamp<int64_t>(call.number("limit", kDeploysOnPage), 1, 5000));
  const auto found = call.items().list_deploys(call.environment(), call.parameter("environment"), limit,
                                               (call.page() - 1) * limit);
  if (!found.ok()) return refused(found.status());
  JsonValue::Array list;
  for (const Deploy& one : *found) list.push_back(deploy_document(one, call.environment()));
  JsonValue json;
  json["page"] = static_cast<int64_t>(call.page());
  json["deploys"] = std::move(list);
  return result(std::move(json));
}

}  // namespace clew::rollbar
