// Triggers and burn alerts: what is watched, how often, and who is told.
#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>

#include "base/log.h"
#include "protocols/honeycomb/alert_state.h"
#include "protocols/honeycomb/dataset_query.h"
#include "protocols/honeycomb/resources.h"

namespace clew::honeycomb {
namespace {

using Type = ResourceField::Type;

constexpr int64_t kUsualFrequency = 900;
// A query looks back no further than so many times its trigger's frequency.
constexpr int64_t kMostFrequencies = 4;
constexpr std::array<int64_t, 4> kBaselineMinutes = {60, 1440, 10'080, 40'320};

constexpr std::array kTriggerFields = {
    ResourceField{.name = "name", .required = true, .least = 1, .most = 120},
    ResourceField{.name = "description", .most = 1023},
    ResourceField{.name = "query", .type = Type::object},
    ResourceField{.name = "query_id", .most = 60},
    ResourceField{.name = "threshold", .type = Type::object, .required = true},
    ResourceField{.name = "frequency", .type = Type::integer, .least = 60, .most = 86'400},
    ResourceField{.name = "alert_type", .one_of = "on_change|on_true"},
    ResourceField{.name = "disabled", .type = Type::flag},
    ResourceField{.name = "evaluation_schedule_type", .one_of = "frequency|window"},
    ResourceField{.name = "evaluation_schedule", .type = Type::object},
    ResourceField{.name = "baseline_details", .type = Type::object},
    ResourceField{.name = "recipients", .type = Type::array, .most = 100},
    ResourceField{.name = "tags", .type = Type::array, .most = 10},
    ResourceField{.name = "auto_investigate", .type = Type::flag},
};

int64_t whole_in(const JsonValue& object, std::string_view name, int64_t usual) {
  const JsonValue* value = object.find(name);
  return value == nullptr || value->integer() == nullptr ? usual : *value->integer();
}

size_t size_of(const JsonValue& object, std::string_view name) {
  const JsonValue* list = object.find(name);
  return list == nullptr || list->array() == nullptr ? 0 : list->array()->size();
}

void check_trigger_query(JsonValue& query, int64_t frequency, Faults& faults) {
  const auto fault = [&](std::string_view field, std::string description) {
    faults.push_back({fmt::format("query.{}", field), "invalid", std::move(description)});
  };
  // Calculations that only a having needs are besides the one that is watched.
  const size_t formulas = size_of(query, "formulas"), havings = size_of(query, "havings");
  const size_t calculations = std::max<size_t>(size_of(query, "calculations"), 1);
  if (formulas == 0 && calculations > 1 + havings)
    fault("calculations", "a trigger's query has exactly one calculation");
  if (formulas > 1) fault("formulas", "a trigger's query has at most one formula");
  if (havings > 1) fault("havings", "a trigger's query has at most one having");
  if (size_of(query, "orders") > 0) fault("orders", "a trigger's query has no orders");
  for (const char* member : {"limit", "start_time", "end_time"}) {
    if (query.find(member) != nullptr) fault(member, fmt::format("a trigger's query has no {}", member));
  }
  if (const JsonValue* list = query.find("calculations"); list != nullptr && list->array() != nullptr) {
    for (const JsonValue& one : *list->array()) {
      const std::string op = text_in(one, "op");
      if (op == "HEATMAP" || op == "CONCURRENCY")
        fault("calculations", fmt::format("{} cannot be watched by a trigger", op));
    }
  }
  if (query.find("time_range") == nullptr) query["time_range"] = JsonValue(frequency);
  if (whole_in(query, "time_range", frequency) > kMostFrequencies * frequency)
    fault("time_range", fmt::format("must be at most {} times the frequency", kMostFrequencies));
}

void check_threshold(JsonValue& threshold, Faults& faults) {
  const std::string op = text_in(threshold, "op");
  if (op != ">" && op != ">=" && op != "<" && op != "<=")
    faults.push_back({"threshold.op", "invalid", "must be one of: >, >=, <, <="});
  const JsonValue* value = threshold.find("value");
  if (value == nullptr || !value->number())
    faults.push_back({"threshold.value", "missing", "must be a number"});
  const int64_t limit = whole_in(threshold, "exceeded_limit", 1);
  if (limit < 1 || limit > 5)
    faults.push_back({"threshold.exceeded_limit", "invalid", "must be between 1 and 5"});
  threshold["exceeded_limit"] = JsonValue(limit);
}

void check_recipients(const Call& call, JsonValue& body, Faults& faults) {
  if (body.find("recipients") == nullptr) body["recipients"] = JsonValue(JsonValue::Array{});
  JsonValue::Array& recipients = *body.find("recipients")->array();
  for (size_t i = 0; i < recipients.size(); ++i) {
    const std::string id = text_in(recipients[i], "id");
    if (id.empty()) {
      if (text_in(recipients[i], "type").empty() || text_in(recipients[i], "target").empty())
        faults.push_back(
            {fmt::format("recipients[{}]", i), "missing", "needs an id, or a type and a target"});
      continue;
    }
    const auto known =
        read_resource(*call.options().records, call.environment(), record_kind("recipients", ""), id);
    if (!known.ok() || !*known) {
      faults.push_back({fmt::format("recipients[{}].id", i), "invalid", "there is no recipient of this id"});
    } else {
      recipients[i]["type"] = JsonValue(text_in(**known, "type"));
    }
  }
}

bool is_time_of_day(const std::string& text) {
  int hours = -1, minutes = -1;
  if (text.size() != 5 || text[2] != ':') return false;
  std::from_chars(text.data(), text.data() + 2, hours);
  std::from_chars(text.data() + 3, text.data() + 5, minutes);
  return hours >= 0 && hours < 24 && minutes >= 0 && minutes < 60;
}

void check_schedule(const JsonValue& body, Faults& faults) {
  if (text_in(body, "evaluation_schedule_type") != "window") return;
  const JsonValue* schedule = body.find("evaluation_schedule");
  const JsonValue* window = schedule == nullptr ? nullptr : schedule->find("window");
  if (window == nullptr || window->object() == nullptr)
    return faults.push_back({"evaluation_schedule.window", "missing", "is required"});
  for (const char* member : {"start_time", "end_time"}) {
    if (!is_time_of_day(text_in(*window, member)))
      faults.push_back({fmt::format("evaluation_schedule.window.{}", member), "invalid", "must be HH:mm"});
  }
  if (size_of(*window, "days_of_week") == 0)
    faults.push_back({"evaluation_schedule.window.days_of_week", "missing", "is required"});
}

void check_baseline(JsonValue& body, Faults& faults) {
  const JsonValue* baseline = body.find("baseline_details");
  if (baseline == nullptr) return;
  if (baseline->object()->empty()) {
    body.take("baseline_details");
    return;
  }
  const int64_t minutes = whole_in(*baseline, "offset_minutes", 0);
  if (std::find(kBaselineMinutes.begin(), kBaselineMinutes.end(), minutes) == kBaselineMinutes.end())
    faults.push_back(
        {"baseline_details.offset_minutes", "invalid", "must be one of: 60, 1440, 10080, 40320"});
  const std::string type = text_in(*baseline, "type");
  if (type != "percentage" && type != "value")
    faults.push_back({"baseline_details.type", "invalid", "must be one of: percentage, value"});
}

void check_trigger(const Call& call, JsonValue& body, const JsonValue*, Faults& faults) {
  const int64_t frequency = whole_in(body, "frequency", kUsualFrequency);
  body["frequency"] = JsonValue(frequency);
  if (frequency % 60 != 0) faults.push_back({"frequency", "invalid", "must be a multiple of 60"});
  if (body.find("alert_type") == nullptr) body["alert_type"] = JsonValue("on_change");
  if (body.find("disabled") == nullptr) body["disabled"] = JsonValue(false);
  if (body.find("evaluation_schedule_type") == nullptr)
    body["evaluation_schedule_type"] = JsonValue("frequency");
  body["dataset_slug"] = JsonValue(call.segment("dataset"));
  check_threshold(*body.find("threshold"), faults);
  check_recipients(call, body, faults);
  check_schedule(body, faults);
  check_baseline(body, faults);
  if (!faults.empty()) return;

  const std::string query_id = text_in(body, "query_id");
  JsonValue* query = body.find("query");
  if (query == nullptr && query_id.empty())
    return faults.push_back({"query", "missing", "is required, or query_id"});
  if (query == nullptr) {
    auto known = read_resource(*call.options().records, call.environment(),
                               record_kind("queries", call.segment("dataset")), query_id);
    if (!known.ok() || !*known)
      return faults.push_back({"query_id", "invalid", "there is no query of this id"});
    return check_trigger_query(**known, frequency, faults);
  }
  check_trigger_query(*query, frequency, faults);
  if (!faults.empty()) return;
  auto checked = check_specification({.storage = call.options().storage,
                                      .datasets = &call.context.datasets,
                                      .records = call.options().records,
                                      .environment = call.environment(),
                                      .dataset = call.segment("dataset")},
                                     *query, call.now);
  if (auto* wrong = std::get_if<Faults>(&checked)) {
    for (FieldFault& one : *wrong) {
      one.field = "query." + one.field;
      faults.push_back(std::move(one));
    }
    return;
  }
  *query = std::move(std::get<JsonValue>(checked));
}

void present_alert(const Call& call, JsonValue& body) {
  const auto state = read_alert_state(*call.options().records, call.environment(), text_in(body, "id"));
  body["triggered"] = JsonValue(state.ok() && state->triggered);
  if (!state.ok() || state->evaluated.count == 0) return;
  // Of our own, for people who want to know whether it is looked at and what was found.
  body["evaluated_at"] = JsonValue(to_rfc3339(state->evaluated));
  if (!state->found.empty()) body["evaluation_summary"] = JsonValue(state->found);
  if (!state->failure.empty()) body["evaluation_failure"] = JsonValue(state->failure);
}

template <control::AlertKind kind>
void end_alert(const Call& call, const JsonValue& body) {
  const std::string id = text_in(body, "id");
  const ApiOptions& options = call.options();
  Status ended = options.records->remove(call.environment(), kAlertStateKind, id).status();
  const auto history = control::AlertHistory::open(options.data_directory);
  if (ended.ok()) ended = history.status();
  if (ended.ok())
    ended = (*history)->note(call.environment(), {.alert = id,
                                                  .kind = kind,
                                                  .dataset = call.segment("dataset"),
                                                  .name = text_in(body, "name"),
                                                  .at = call.now,
                                                  .standing = control::AlertStanding::removed,
                                                  .summary = {}});
  if (!ended.ok()) log_warning("alerts", fmt::format("the end of {} was not kept: {}", id, ended.message()));
}

constexpr std::array kBurnAlertFields = {
    ResourceField{.name = "alert_type", .immutable = true, .one_of = "exhaustion_time|budget_rate"},
    ResourceField{.name = "description", .most = 1023},
    ResourceField{.name = "slo", .type = Type::object, .required = true, .immutable = true},
    ResourceField{.name = "exhaustion_minutes", .type = Type::integer, .least = 0, .most = 1'000'000},
    ResourceField{.name = "budget_rate_window_minutes", .type = Type::integer, .least = 60, .most = 130'000},
    ResourceField{.name = "budget_rate_decrease_threshold_per_million",
                  .type = Type::integer,
                  .least = 1,
                  .most = 1'000'000},
    ResourceField{.name = "recipients", .type = Type::array, .required = true, .most = 100},
};

void check_burn_alert(const Call& call, JsonValue& body, const JsonValue*, Faults& faults) {
  if (body.find("alert_type") == nullptr) body["alert_type"] = JsonValue("exhaustion_time");
  const auto need = [&](const char* member) {
    if (body.find(member) == nullptr) faults.push_back({member, "missing", "is required"});
  };
  if (text_in(body, "alert_type") == "exhaustion_time") {
    need("exhaustion_minutes");
  } else {
    need("budget_rate_window_minutes");
    need("budget_rate_decrease_threshold_per_million");
  }
  check_recipients(call, body, faults);
  const auto slo =
      read_resource(*call.options().records, call.environment(), record_kind("slos", call.segment("dataset")),
                    text_in(*body.find("slo"), "id"));
  if (!slo.ok() || !*slo) faults.push_back({"slo.id", "invalid", "there is no SLO of this id"});
}

}  // namespace

constexpr ResourceKind kTriggers{.name = "triggers",
                                 .word = "trigger",
                                 .parent = "dataset",
                                 .fields = kTriggerFields,
                                 .most = 1'000,
                                 .check = check_trigger,
                                 .removed = end_alert<control::AlertKind::trigger>,
                                 .present = present_alert};
constexpr ResourceKind kBurnAlerts{.name = "burn_alerts",
                                   .word = "burn alert",
                                   .parent = "dataset",
                                   .fields = kBurnAlertFields,
                                   .most = 1'000,
                                   .check = check_burn_alert,
                                   .removed = end_alert<control::AlertKind::burn_alert>,
                                   .present = present_alert};

}  // namespace clew::honeycomb
