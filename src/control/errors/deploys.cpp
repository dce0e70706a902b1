// Deploys: what was rolled out where and when.

#include <fmt/format.h>

#include "control/errors/item_store.h"

namespace clew::control::errors {
namespace {

constexpr std::string_view kColumns =
    "id, deployment, revision, status, comment, local_username, rollbar_username, started, finished";

Deploy deploy_of(const Row& row) {
  return {.id = row.integer(0),
          .deployment = std::string(row.text(1)),
          .revision = std::string(row.text(2)),
          .status = std::string(row.text(3)),
          .comment = std::string(row.text(4)),
          .local_username = std::string(row.text(5)),
          .rollbar_username = std::string(row.text(6)),
          .started = {row.integer(7)},
          .finished = {row.integer(8)}};
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

}  // namespace clew::control::errors
