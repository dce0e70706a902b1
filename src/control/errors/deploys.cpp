// Deploys: what was rolled out where and when.

#include <fmt/format.h>

#include "control/errors/item_store.h"

namespace clew::control::errors {
namespace {

constexpr std::string_view kColumns =
    "id, deployment, revision, status, comment, local_username, rollbar_username, started, finished";

// A script that begins a deploy and dies never tells how it ended.
constexpr Nanoseconds kLongestDeploy = hours(1);

Deploy deploy_of(const Row& row) {
  Deploy deploy{.id = row.integer(0),
                .deployment = std::string(row.text(1)),
                .revision = std::string(row.text(2)),
                .status = std::string(row.text(3)),
                .comment = std::string(row.text(4)),
                .local_username = std::string(row.text(5)),
                .rollbar_username = std::string(row.text(6)),
                .started = {row.integer(7)},
                .finished = {row.integer(8)}};
  if (deploy.status == "started" && now() - deploy.started >= kLongestDeploy) {
    deploy.status = "timed_out";
    deploy.finished = deploy.started + kLongestDeploy;
  }
  return deploy;
}

}  // namespace

Result<Deploy> ItemStore::add_deploy(EnvironmentId environment, Deploy deploy) {
  const Lock lock = settled();
  deploy.started = now();
  deploy.finished = deploy.status == "started" ? UnixNanos() : deploy.started;
  CLEW_ASSIGN(deploy.id,
              database_.integer(
                  "INSERT INTO error_deploys (environment, deployment, revision, status, comment, "
                  "local_username, rollbar_username, started, finished) VALUES (?, ?, ?, ?, ?, ?, ?, "
                  "?, ?) RETURNING id",
                  {int64_t{environment.number}, std::string_view(deploy.deployment),
                   std::string_view(deploy.revision), std::string_view(deploy.status),
                   std::string_view(deploy.comment), std::string_view(deploy.local_username),
                   std::string_view(deploy.rollbar_username), deploy.started.count, deploy.finished.count}));
  return deploy;
}

Result<Deploy> ItemStore::change_deploy(EnvironmentId environment, int64_t id, std::string_view status,
                                        std::string_view comment) {
  {
    const Lock lock = settled();
    CLEW_TRY(database_.run(
        "UPDATE error_deploys SET status = CASE WHEN ?1 = '' THEN status ELSE ?1 END, comment = CASE WHEN ?2 "
        "= '' "
        "THEN comment ELSE ?2 END, finished = CASE WHEN ?1 = '' OR ?1 = 'started' THEN finished ELSE ?3 END "
        "WHERE environment = ?4 AND id = ?5",
        {status, comment, now().count, int64_t{environment.number}, id}));
  }
  CLEW_ASSIGN(std::optional<Deploy> deploy, find_deploy(environment, id));
  if (!deploy) return Status(ErrorKind::not_found, fmt::format("there is no deploy {}", id));
  return std::move(*deploy);
}

Result<std::optional<Deploy>> ItemStore::find_deploy(EnvironmentId environment, int64_t id) {
  const Lock lock = settled();
  std::optional<Deploy> found;
  CLEW_TRY(
      database_.run(fmt::format("SELECT {} FROM error_deploys WHERE environment = ? AND id = ?", kColumns),
                    {int64_t{environment.number}, id}, [&](const Row& row) { found = deploy_of(row); }));
  return found;
}

Result<std::vector<Deploy>> ItemStore::list_deploys(EnvironmentId environment, std::string_view deployment,
                                                    size_t most, size_t offset) {
  const Lock lock = settled();
  std::vector<Deploy> deploys;
  CLEW_TRY(database_.run(
      fmt::format("SELECT {} FROM error_deploys WHERE environment = ? AND (?2 = '' OR deployment "
                  "= ?2) ORDER BY id DESC LIMIT ?3 OFFSET ?4",
                  kColumns),
      {int64_t{environment.number}, deployment, static_cast<int64_t>(most), static_cast<int64_t>(offset)},
      [&](const Row& row) { deploys.push_back(deploy_of(row)); }));
  return deploys;
}

// Those that failed brought nothing.
Result<std::optional<Deploy>> ItemStore::deploy_behind(EnvironmentId environment, std::string_view deployment,
                                                       std::string_view version, UnixNanos at,
                                                       std::string_view condition) {
  const Lock lock = settled();
  std::optional<Deploy> found;
  CLEW_TRY(database_.run(
      fmt::format(
          "SELECT {} FROM error_deploys WHERE environment = ?1 AND (?2 = '' OR deployment = ?2) AND started "
          "<= ?3 AND status <> 'failed' AND {} ORDER BY id DESC LIMIT 1",
          kColumns, condition),
      // Clients tell the time in whole seconds.
      {int64_t{environment.number}, deployment, (at + seconds(1)).count, version},
      [&](const Row& row) { found = deploy_of(row); }));
  return found;
}

Result<std::optional<Origin>> ItemStore::origin_of(EnvironmentId environment, const Item& item, UnixNanos at,
                                                   std::string_view version) {
  // Of a commit's hash people write as much as they like.
  constexpr std::string_view kOfVersion =
      "(revision = ?4 OR (length(revision) >= 7 AND length(?4) >= 7 AND (substr(revision, 1, length(?4)) = "
      "?4 OR "
      "substr(?4, 1, length(revision)) = revision)))";
  if (!version.empty()) {
    CLEW_ASSIGN(std::optional<Deploy> deploy,
                deploy_behind(environment, item.deployment, version, at, kOfVersion));
    if (deploy) return std::optional(Origin{.deploy = *std::move(deploy), .is_of_version = true});
  }
  CLEW_ASSIGN(std::optional<Deploy> deploy,
              deploy_behind(environment, item.deployment, version, at, "?4 IS NOT NULL"));
  if (!deploy) return std::optional<Origin>();
  return std::optional(Origin{.deploy = *std::move(deploy), .is_of_version = false});
}

}  // namespace clew::control::errors
