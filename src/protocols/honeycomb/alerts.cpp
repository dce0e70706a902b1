#include "protocols/honeycomb/alerts.h"

#include <chrono>

#include <fmt/format.h>

#include "base/counters.h"
#include "base/log.h"
#include "control/notify/letters.h"
#include "control/record_rows.h"
#include "control/schema.h"
#include "protocols/honeycomb/alert_recipients.h"
#include "protocols/honeycomb/alert_schedule.h"
#include "protocols/honeycomb/resources.h"

namespace clew::honeycomb {
namespace {

using control::AlertKind;
using control::AlertStanding;

constexpr std::chrono::seconds kLookEvery{2};
constexpr int64_t kBurnAlertSeconds = 60;
constexpr std::string_view kTriggerKinds = "honeycomb.triggers/";
constexpr std::string_view kBurnAlertKinds = "honeycomb.burn_alerts/";

int64_t whole_in(const JsonValue& object, std::string_view name, int64_t usual) {
  const JsonValue* value = object.find(name);
  return value == nullptr || value->integer() == nullptr ? usual : *value->integer();
}

std::string_view prefix_of(AlertKind kind) {
  return kind == AlertKind::trigger ? kTriggerKinds : kBurnAlertKinds;
}

bool flag_in(const JsonValue& object, std::string_view name) {
  const JsonValue* value = object.find(name);
  return value != nullptr && value->boolean() != nullptr && *value->boolean();
}

}  // namespace

struct Alerts::Alert {
  EnvironmentId environment;
  AlertKind kind;
  std::string records_kind;
  std::string dataset;
  JsonValue body;
  std::string id;
};

// What follows from an evaluation.
struct Alerts::News {
  std::vector<control::notify::Letter> letters;
  std::vector<JsonValue> markers;
};

QueryPlace Alerts::place_of(const Alert& alert) const {
  return {.storage = options_.storage,
          .datasets = options_.datasets,
          .records = options_.records,
          .environment = alert.environment,
          .dataset = alert.dataset};
}

// A burn alert has none of its own.
std::string Alerts::name_of(const Alert& alert) const {
  if (alert.kind == AlertKind::trigger) return text_in(alert.body, "name");
  const JsonValue* slo = alert.body.find("slo");
  if (slo == nullptr) return {};
  const auto found = read_resource(*options_.records, alert.environment, record_kind("slos", alert.dataset),
                                   text_in(*slo, "id"));
  return found.ok() && *found ? text_in(**found, "name") : std::string();
}

Status Alerts::tell(const Alert& alert, const AlertFinding& finding, bool triggered, UnixNanos now,
                    News& news) {
  CLEW_ASSIGN(const std::vector<AlertRecipient> recipients,
              alert_recipients(*options_.records, alert.environment, alert.body));
  const AlertNews facts{.alert = alert.body,
                        .dataset = alert.dataset,
                        .is_trigger = alert.kind == AlertKind::trigger,
                        .triggered = triggered,
                        .summary = finding.summary,
                        .groups = finding.groups,
                        .all_groups = finding.all_groups,
                        .environment = options_.environment_name
                                           ? options_.environment_name(alert.environment)
                                           : std::string("default"),
                        .at = now};
  for (const AlertRecipient& recipient : recipients) {
    if (!recipient.marker) {
      news.letters.push_back({recipient.recipient, message_of(facts, recipient)});
    } else if (triggered) {
      news.markers.push_back(marker_of(facts, *recipient.marker));
    }
  }
  return {};
}

Result<Alerts::News> Alerts::evaluate(const Alert& alert, AlertState& state, UnixNanos now) {
  News news;
  CLEW_ASSIGN(const AlertFinding finding,
              alert.kind == AlertKind::trigger
                  ? find_for_trigger(place_of(alert), alert.body, now, options_.run)
                  : find_for_burn_alert(place_of(alert), alert.body, now, options_.run));
  const JsonValue* threshold = alert.body.find("threshold");
  const int64_t needed = threshold == nullptr ? 1 : whole_in(*threshold, "exceeded_limit", 1);
  const int64_t exceeded = finding.over ? state.exceeded + 1 : 0;
  const bool triggered = finding.over && (state.triggered || exceeded >= needed);
  const bool each_time = text_in(alert.body, "alert_type") == "on_true";
  if (triggered != state.triggered || (triggered && each_time))
    CLEW_TRY(tell(alert, finding, triggered, now, news));
  state.exceeded = exceeded;
  state.triggered = triggered;
  state.found = finding.over ? finding.summary : std::string();
  return news;
}

Status Alerts::keep(const Alert& alert, AlertState state, const News& news, AlertStanding standing,
                    std::string_view why, UnixNanos now) {
  const bool changed = state.standing != standing;
  state.standing = standing;
  const control::AlertChange change{.alert = alert.id,
                                    .kind = alert.kind,
                                    .dataset = alert.dataset,
                                    .name = changed ? name_of(alert) : std::string(),
                                    .at = now,
                                    .standing = standing,
                                    .summary = std::string(why)};
  const std::string body = to_json_text(state);
  if (!database_) {
    CLEW_ASSIGN(database_, control::open_control_database(options_.data_directory));
  }
  control::Database& database = *database_;
  const EnvironmentId environment = alert.environment;
  return database.in_transaction([&]() -> Status {
    CLEW_ASSIGN(const bool there, control::has_record(database, environment, alert.records_kind, alert.id));
    if (!there) return {ErrorKind::cancelled, "it was removed meanwhile"};
    CLEW_TRY(control::notify::insert_letters(database, environment, news.letters, now));
    for (const JsonValue& marker : news.markers)
      CLEW_TRY(control::create_record(database, environment, record_kind("markers", alert.dataset),
                                      text_in(marker, "id"), marker.text(), kMarkers.most));
    if (changed) CLEW_TRY(control::AlertHistory::note(database, environment, change));
    return control::put_record(database, environment, kAlertStateKind, alert.id, body);
  });
}

Result<bool> Alerts::evaluate_if_due(const Alert& alert, UnixNanos now) {
  CLEW_ASSIGN(AlertState state, read_alert_state(*options_.records, alert.environment, alert.id));
  if (flag_in(alert.body, "disabled")) {
    if (state.standing == AlertStanding::disabled) return false;
    const Status kept = keep(alert, std::move(state), {}, AlertStanding::disabled, "", now);
    if (!kept.ok() && kept.kind() != ErrorKind::cancelled) return kept;
    return false;
  }
  if (state.due > now) return false;
  const bool is_trigger = alert.kind == AlertKind::trigger;
  const Nanoseconds every = seconds(is_trigger ? whole_in(alert.body, "frequency", 900) : kBurnAlertSeconds);
  // Punctual, however late it is looked at; times that were missed are not made up for.
  const UnixNanos next = state.due + every;
  state.due = next > now ? next : now + every;
  count(Counter::alerts_evaluated);
  if (is_trigger && !within_schedule(alert.body, now)) {
    state.failure.clear();
    const AlertStanding standing = state.triggered ? AlertStanding::triggered : AlertStanding::ok;
    CLEW_TRY(keep(alert, state, {}, standing, state.found, now));
    return true;
  }
  const AlertState before = state;
  Status failure;
  if (Result<News> news = evaluate(alert, state, now); news.ok()) {
    state.evaluated = now;
    state.failure.clear();
    failure = keep(alert, state, *news, state.triggered ? AlertStanding::triggered : AlertStanding::ok,
                   state.found, now);
  } else {
    failure = news.status();
  }
  if (failure.ok()) return true;
  // The program ends, or the alert was removed meanwhile.
  if (failure.kind() == ErrorKind::cancelled) return false;
  count(Counter::alerts_failed);
  log_warning("alerts", fmt::format("{} could not be evaluated: {}", name_of(alert), failure.message()));
  state = before;
  state.evaluated = now;
  state.failure = std::string(failure.message());
  CLEW_TRY(keep(alert, state, {}, AlertStanding::failing, failure.message(), now));
  return true;
}

Result<size_t> Alerts::evaluate_due(UnixNanos now) {
  size_t evaluated = 0;
  for (const AlertKind kind : {AlertKind::trigger, AlertKind::burn_alert}) {
    const std::string_view prefix = prefix_of(kind);
    CLEW_ASSIGN(const auto kinds, options_.records->kinds(prefix));
    for (const auto& [environment, records_kind] : kinds) {
      CLEW_ASSIGN(auto bodies, read_resources(*options_.records, environment, records_kind));
      for (JsonValue& body : bodies) {
        std::string id = text_in(body, "id");
        const Alert alert{environment,     kind,         records_kind, records_kind.substr(prefix.size()),
                          std::move(body), std::move(id)};
        const Result<bool> looked_at = evaluate_if_due(alert, now);
        if (!looked_at.ok())
          log_warning("alerts", fmt::format("alert {}: {}", alert.id, looked_at.status().to_string()));
        if (looked_at.ok() && *looked_at) ++evaluated;
      }
    }
  }
  return evaluated;
}

void Alerts::start() {
  thread_ = std::thread([this] { work(); });
}

void Alerts::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  woken_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Alerts::work() {
  std::unique_lock lock(mutex_);
  while (!woken_.wait_for(lock, kLookEvery, [this] { return stopping_; })) {
    lock.unlock();
    const Result<size_t> evaluated = evaluate_due(now());
    if (!evaluated.ok()) log_warning("alerts", evaluated.status().to_string());
    lock.lock();
  }
}

}  // namespace clew::honeycomb
