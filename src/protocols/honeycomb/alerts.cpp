#include "protocols/honeycomb/alerts.h"

#include <array>
#include <chrono>
#include <cmath>
#include <ctime>
#include <map>

#include <fmt/format.h>

#include "base/counters.h"
#include "base/log.h"
#include "protocols/honeycomb/alert_recipients.h"
#include "protocols/honeycomb/resources.h"
#include "protocols/honeycomb/slo_budget.h"

namespace clew::honeycomb {
namespace {

constexpr std::chrono::seconds kLookEvery{2};
constexpr int64_t kBurnAlertSeconds = 60;
constexpr std::string_view kTriggerKinds = "honeycomb.triggers/";
constexpr std::string_view kBurnAlertKinds = "honeycomb.burn_alerts/";

int64_t whole_in(const JsonValue& object, std::string_view name, int64_t usual) {
  const JsonValue* value = object.find(name);
  return value == nullptr || value->integer() == nullptr ? usual : *value->integer();
}

bool flag_in(const JsonValue& object, std::string_view name) {
  const JsonValue* value = object.find(name);
  return value != nullptr && value->boolean() != nullptr && *value->boolean();
}

bool satisfies(double value, const std::string& op, double threshold) {
  if (op == ">") return value > threshold;
  if (op == ">=") return value >= threshold;
  if (op == "<") return value < threshold;
  return value <= threshold;
}

// The groups of a result, each with the value that is watched. Calculations that a having needs come after
// it.
struct Row {
  JsonValue group = JsonValue(JsonValue::Object{});
  std::string key;
  std::optional<double> value;
};
std::vector<Row> rows_of(const query::ResultTable& table) {
  std::vector<Row> rows(table.row_count);
  for (size_t row = 0; row < table.row_count; ++row) {
    bool found = false;
    for (const query::ResultColumn& column : table.columns) {
      if (column.role == query::ColumnRole::group) {
        const std::string text = query::is_null(column.values[row]) ? "" : query::to_text(column.values[row]);
        rows[row].key += text + '\n';
        if (!text.empty()) rows[row].group[column.name] = JsonValue(text);
      } else if (column.role == query::ColumnRole::calculation && !found) {
        rows[row].value = query::number_in(column.values[row]);
        found = true;
      }
    }
  }
  return rows;
}

std::string name_of_calculation(const query::ResultTable& table) {
  for (const query::ResultColumn& column : table.columns) {
    if (column.role == query::ColumnRole::calculation) return column.name;
  }
  return "the result";
}

int64_t minutes_of_day(const std::string& text) {
  int hours_part = 0, minutes_part = 0;
  if (std::sscanf(text.c_str(), "%d:%d", &hours_part, &minutes_part) != 2) return 0;
  return hours_part * 60 + minutes_part;
}

}  // namespace

bool within_schedule(const JsonValue& trigger, UnixNanos at) {
  if (text_in(trigger, "evaluation_schedule_type") != "window") return true;
  const JsonValue* schedule = trigger.find("evaluation_schedule");
  const JsonValue* window = schedule == nullptr ? nullptr : schedule->find("window");
  if (window == nullptr) return true;
  const JsonValue* days_of_week = window->find("days_of_week");
  const auto has_day = [&](int64_t day) {
    constexpr std::array<std::string_view, 7> kDays = {"sunday",   "monday", "tuesday", "wednesday",
                                                       "thursday", "friday", "saturday"};
    if (days_of_week == nullptr || days_of_week->array() == nullptr) return true;
    for (const JsonValue& one : *days_of_week->array()) {
      if (one.string() != nullptr && *one.string() == kDays[static_cast<size_t>((day % 7 + 7) % 7)])
        return true;
    }
    return false;
  };
  const int64_t minute = at.count / 60'000'000'000;
  const int64_t day = minute / 1440 + 4;  // 1970 began on a Thursday
  const int64_t of_day = minute % 1440;
  const int64_t start = minutes_of_day(text_in(*window, "start_time"));
  const int64_t end = minutes_of_day(text_in(*window, "end_time"));
  if (start < end) return has_day(day) && of_day >= start && of_day < end;
  // Into the next day: the days are those on which it begins.
  return (of_day >= start && has_day(day)) || (of_day < end && has_day(day - 1));
}

QueryPlace Alerts::place_of(const Alert& alert) const {
  return {.storage = options_.storage,
          .datasets = options_.datasets,
          .records = options_.records,
          .environment = alert.environment,
          .dataset = alert.dataset};
}

Result<Alerts::Finding> Alerts::evaluate_trigger(const Alert& alert, UnixNanos now) {
  const QueryPlace place = place_of(alert);
  JsonValue query;
  if (const JsonValue* own = alert.body.find("query")) {
    query = *own;
  } else {
    CLEW_ASSIGN(auto kept,
                read_resource(*place.records, place.environment, record_kind("queries", place.dataset),
                              text_in(alert.body, "query_id")));
    if (!kept) return Status(ErrorKind::not_found, "the trigger's query is gone");
    query = std::move(*kept);
  }
  const QueryWish wish{.series = false, .limit = {}};
  CLEW_ASSIGN(const QueryAnswer answer, ask_dataset(place, query, wish, now, options_.run));
  std::vector<Row> rows = rows_of(answer.table);
  std::string watched = name_of_calculation(answer.table);

  if (const JsonValue* baseline = alert.body.find("baseline_details")) {
    const UnixNanos before = now - seconds(60 * whole_in(*baseline, "offset_minutes", 60));
    CLEW_ASSIGN(const QueryAnswer earlier, ask_dataset(place, query, wish, before, options_.run));
    std::map<std::string, double> values;
    for (const Row& row : rows_of(earlier.table)) values[row.key] = row.value.value_or(0);
    const bool percent = text_in(*baseline, "type") == "percentage";
    for (Row& row : rows) {
      const double then = values.contains(row.key) ? values[row.key] : 0;
      if (!row.value) continue;
      const double change = *row.value - then;
      if (!percent) {
        row.value = change;
      } else if (then != 0) {
        row.value = 100 * change / then;
      } else {
        row.value.reset();  // of nothing there is no percentage
      }
    }
    watched = fmt::format("the change of {}{}", watched, percent ? " in percent" : "");
  }

  const JsonValue& threshold = *alert.body.find("threshold");
  const std::string op = text_in(threshold, "op");
  const double limit = threshold.find("value")->number().value_or(0);
  Finding finding;
  for (const Row& row : rows) {
    if (!row.value) continue;
    JsonValue group;
    group["Group"] = row.group;
    group["Result"] = JsonValue(*row.value);
    finding.all_groups.array()->push_back(group);
    if (!satisfies(*row.value, op, limit)) continue;
    if (!finding.over) finding.summary = fmt::format("{} was {} ({} {})", watched, *row.value, op, limit);
    finding.groups.array()->push_back(std::move(group));
    finding.over = true;
  }
  if (finding.over && rows.size() > 1)
    finding.summary += fmt::format(" in {} of {} groups", finding.groups.array()->size(), rows.size());
  if (!finding.over) finding.summary = fmt::format("{} is no longer {} {}", watched, op, limit);
  return finding;
}

Result<Alerts::Finding> Alerts::evaluate_burn_alert(const Alert& alert, UnixNanos now) {
  const QueryPlace place = place_of(alert);
  CLEW_ASSIGN(const auto slo,
              read_resource(*place.records, place.environment, record_kind("slos", place.dataset),
                            text_in(*alert.body.find("slo"), "id")));
  if (!slo) return Status(ErrorKind::not_found, "the burn alert's SLO is gone");
  CLEW_ASSIGN(const SloBudget budget, slo_budget(place, *slo, now, options_.run));
  Finding finding;
  if (text_in(alert.body, "alert_type") == "budget_rate") {
    const int64_t window = whole_in(alert.body, "budget_rate_window_minutes", 60);
    const double limit =
        static_cast<double>(whole_in(alert.body, "budget_rate_decrease_threshold_per_million", 1)) / 1e4;
    CLEW_ASSIGN(const SloCounts lately, count_slo(place, *slo, window, now, options_.run));
    const double spent = budget.allowed > 0 ? 100 * lately.bad / budget.allowed : 0;
    finding.over = budget.allowed > 0 && spent >= limit;
    finding.summary =
        fmt::format("{:.2f} % of the budget of {} went in {} minutes", spent, text_in(*slo, "name"), window);
    return finding;
  }
  const int64_t horizon = whole_in(alert.body, "exhaustion_minutes", 0);
  const double left = budget.allowed - budget.period.bad;
  // As quickly as in the last quarter of the time that is asked about.
  const int64_t lookback = std::max<int64_t>(horizon / 4, 1);
  CLEW_ASSIGN(const SloCounts lately, count_slo(place, *slo, lookback, now, options_.run));
  const double each_minute = lately.bad / static_cast<double>(lookback);
  const bool spent = budget.period.total() > 0 && left <= 0;
  const double minutes_left = each_minute > 0 ? left / each_minute : INFINITY;
  finding.over = spent || (horizon > 0 && minutes_left <= static_cast<double>(horizon));
  finding.summary = spent          ? fmt::format("the budget of {} is exhausted", text_in(*slo, "name"))
                    : finding.over ? fmt::format("the budget of {} will be exhausted in {:.0f} minutes",
                                                 text_in(*slo, "name"), minutes_left)
                                   : fmt::format("the budget of {} lasts", text_in(*slo, "name"));
  return finding;
}

Status Alerts::tell(const Alert& alert, bool is_trigger, const Finding& finding, bool triggered,
                    UnixNanos now) {
  CLEW_ASSIGN(const std::vector<AlertRecipient> recipients,
              alert_recipients(*options_.records, alert.environment, alert.body));
  const AlertNews news{.alert = alert.body,
                       .dataset = alert.dataset,
                       .is_trigger = is_trigger,
                       .triggered = triggered,
                       .summary = finding.summary,
                       .groups = finding.groups,
                       .all_groups = finding.all_groups,
                       .environment = options_.environment_name ? options_.environment_name(alert.environment)
                                                                : std::string("default"),
                       .at = now};
  for (const AlertRecipient& recipient : recipients) {
    if (recipient.marker) {
      if (triggered) CLEW_TRY(leave_marker(*options_.records, alert.environment, news, *recipient.marker));
      continue;
    }
    CLEW_TRY(options_.outbox->enqueue(alert.environment, recipient.recipient, message_of(news, recipient)));
  }
  return {};
}

Status Alerts::evaluate(const Alert& alert, bool is_trigger, AlertState& state, UnixNanos now) {
  count(Counter::alerts_evaluated);
  if (is_trigger && !within_schedule(alert.body, now)) return {};
  CLEW_ASSIGN(const Finding finding,
              is_trigger ? evaluate_trigger(alert, now) : evaluate_burn_alert(alert, now));
  const JsonValue* threshold = alert.body.find("threshold");
  const int64_t needed = threshold == nullptr ? 1 : whole_in(*threshold, "exceeded_limit", 1);
  state.exceeded = finding.over ? state.exceeded + 1 : 0;
  state.evaluated = now;
  state.found = finding.over ? finding.summary : std::string();
  const bool triggered = finding.over && (state.triggered || state.exceeded >= needed);
  const bool each_time = text_in(alert.body, "alert_type") == "on_true";
  if (triggered != state.triggered || (triggered && each_time))
    CLEW_TRY(tell(alert, is_trigger, finding, triggered, now));
  state.triggered = triggered;
  return {};
}

Result<size_t> Alerts::evaluate_due(UnixNanos now) {
  size_t evaluated = 0;
  for (const bool is_trigger : {true, false}) {
    const std::string_view prefix = is_trigger ? kTriggerKinds : kBurnAlertKinds;
    CLEW_ASSIGN(const auto kinds, options_.records->kinds(prefix));
    for (const auto& [environment, kind] : kinds) {
      CLEW_ASSIGN(auto bodies, read_resources(*options_.records, environment, kind));
      for (JsonValue& body : bodies) {
        const std::string id = text_in(body, "id");
        CLEW_ASSIGN(AlertState state, read_alert_state(*options_.records, environment, id));
        if (state.due > now || flag_in(body, "disabled")) continue;
        const Alert alert{environment, kind.substr(prefix.size()), std::move(body)};
        const Status status = evaluate(alert, is_trigger, state, now);
        state.failure = std::string(status.message());
        if (!status.ok()) {
          state.evaluated = now;
          count(Counter::alerts_failed);
          log_warning("alerts", fmt::format("{} could not be evaluated: {}", text_in(alert.body, "name"),
                                            status.message()));
        }
        const int64_t every = is_trigger ? whole_in(alert.body, "frequency", 900) : kBurnAlertSeconds;
        // Times that were missed are not made up for.
        state.due = now + seconds(every);
        CLEW_TRY(write_alert_state(*options_.records, environment, id, state));
        ++evaluated;
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
