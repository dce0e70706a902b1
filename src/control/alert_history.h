// AlertHistory: how triggers and burn alerts have fared. One row for each change of an alert's standing, not
// for each evaluation.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "control/database.h"
#include "telemetry/batch.h"

namespace clew::control {

enum class AlertStanding : uint8_t {  // reaches the disk: never change a number
  ok = 0,
  triggered = 1,
  failing = 2,   // could not be evaluated
  disabled = 3,  // not looked at
  removed = 4,   // there is no such alert any more
};
std::string_view name_of(AlertStanding standing);
std::optional<AlertStanding> alert_standing_named(std::string_view name);

enum class AlertKind : uint8_t { trigger = 0, burn_alert = 1 };  // reaches the disk
std::string_view name_of(AlertKind kind);

struct AlertChange {
  std::string alert;  // id
  AlertKind kind = AlertKind::trigger;
  std::string dataset;
  std::string name;  // as it was called then
  UnixNanos at;
  AlertStanding standing = AlertStanding::ok;
  std::string summary;  // "COUNT was 12 (> 5)"
};

// One standing of an alert, from its change to the next.
struct AlertPeriod {
  AlertChange began;
  std::optional<UnixNanos> ended;  // nullopt: it lasts
};

struct AlertHistoryWish {
  std::string alert;  // id; empty: all of the environment
  TimeRange range;    // periods that overlap it
  size_t most = 100;
};

// Any thread.
class AlertHistory {
 public:
  static Result<std::unique_ptr<AlertHistory>> open(const std::string& data_directory);
  explicit AlertHistory(Database database) : database_(std::move(database)) {}

  // The newest first.
  Result<std::vector<AlertPeriod>> list(EnvironmentId environment, const AlertHistoryWish& wish);
  Status note(EnvironmentId environment, const AlertChange& change);

  // The same within a transaction of the caller's.
  static Status note(Database& database, EnvironmentId environment, const AlertChange& change);

 private:
  std::mutex mutex_;
  Database database_;  // guarded by mutex_
};

// Of one alert; older ones go.
constexpr int64_t kMostAlertChanges = 1'000;

}  // namespace clew::control
