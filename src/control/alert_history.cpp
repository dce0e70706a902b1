#include "control/alert_history.h"

#include <array>

#include "control/schema.h"

namespace clew::control {
namespace {

constexpr std::array<std::string_view, 5> kStandings = {"ok", "triggered", "failing", "disabled", "removed"};

AlertStanding standing_of(int64_t number) {
  return number >= 0 && number < static_cast<int64_t>(kStandings.size()) ? static_cast<AlertStanding>(number)
                                                                         : AlertStanding::ok;
}

}  // namespace

std::string_view name_of(AlertStanding standing) {
  return kStandings[static_cast<size_t>(standing)];
}

std::optional<AlertStanding> alert_standing_named(std::string_view name) {
  for (size_t i = 0; i < kStandings.size(); ++i) {
    if (kStandings[i] == name) return static_cast<AlertStanding>(i);
  }
  return std::nullopt;
}

std::string_view name_of(AlertKind kind) {
  return kind == AlertKind::trigger ? "trigger" : "burn_alert";
}

Result<std::unique_ptr<AlertHistory>> AlertHistory::open(const std::string& data_directory) {
  CLEW_ASSIGN(Database database, open_control_database(data_directory));
  return std::make_unique<AlertHistory>(std::move(database));
}

Result<std::vector<AlertPeriod>> AlertHistory::list(EnvironmentId environment, const AlertHistoryWish& wish) {
  const std::lock_guard lock(mutex_);
  std::vector<AlertPeriod> all;
  CLEW_TRY(database_.run(
      "SELECT alert, kind, dataset, name, at, standing, summary, ended FROM (SELECT *, LEAD(at) OVER "
      "(PARTITION BY alert ORDER BY id) AS ended FROM alert_changes WHERE environment = ?1 AND (?2 = '' OR "
      "alert = ?2)) WHERE at < ?4 AND (ended IS NULL OR ended > ?3) ORDER BY id DESC LIMIT ?5",
      {int64_t{environment.number}, std::string_view(wish.alert), wish.range.from.count, wish.range.to.count,
       static_cast<int64_t>(wish.most)},
      [&](const Row& row) {
        AlertPeriod period;
        period.began = {.alert = std::string(row.text(0)),
                        .kind = row.integer(1) == 1 ? AlertKind::burn_alert : AlertKind::trigger,
                        .dataset = std::string(row.text(2)),
                        .name = std::string(row.text(3)),
                        .at = {row.integer(4)},
                        .standing = standing_of(row.integer(5)),
                        .summary = std::string(row.text(6))};
        if (!row.is_null(7)) period.ended = UnixNanos{row.integer(7)};
        all.push_back(std::move(period));
      }));
  return all;
}

Status AlertHistory::note(EnvironmentId environment, const AlertChange& change) {
  const std::lock_guard lock(mutex_);
  return database_.in_transaction([&] { return note(database_, environment, change); });
}

Status AlertHistory::note(Database& database, EnvironmentId environment, const AlertChange& change) {
  CLEW_TRY(database.run(
      "INSERT INTO alert_changes (environment, alert, kind, dataset, name, at, standing, summary) VALUES "
      "(?, ?, ?, ?, ?, ?, ?, ?)",
      {int64_t{environment.number}, std::string_view(change.alert), static_cast<int64_t>(change.kind),
       std::string_view(change.dataset), std::string_view(change.name), change.at.count,
       static_cast<int64_t>(change.standing), std::string_view(change.summary)}));
  return database.run(
      "DELETE FROM alert_changes WHERE environment = ?1 AND alert = ?2 AND id <= (SELECT id FROM "
      "alert_changes WHERE environment = ?1 AND alert = ?2 ORDER BY id DESC LIMIT 1 OFFSET ?3)",
      {int64_t{environment.number}, std::string_view(change.alert), kMostAlertChanges});
}

}  // namespace clew::control
