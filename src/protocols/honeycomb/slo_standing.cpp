#include "protocols/honeycomb/slo_standing.h"

#include "protocols/honeycomb/alert_state.h"
#include "protocols/honeycomb/resources.h"
#include "protocols/honeycomb/slo_budget.h"

namespace clew::honeycomb {
namespace {

constexpr int64_t kBurnRateMinutes = 4 * 60;

}  // namespace

Status add_slo_standing(const Call& call, const std::string& dataset, JsonValue& slo) {
  const QueryPlace place{.storage = call.options().storage,
                         .datasets = &call.context.datasets,
                         .records = call.options().records,
                         .environment = call.environment(),
                         .dataset = dataset};
  CLEW_ASSIGN(const SloBudget budget, slo_budget(place, slo, call.now, call.run_options()));
  CLEW_ASSIGN(const SloCounts lately, count_slo(place, slo, kBurnRateMinutes, call.now, call.run_options()));
  CLEW_ASSIGN(const auto alerts,
              read_resources(*place.records, place.environment, record_kind("burn_alerts", dataset)));
  std::string status = "no_alerts";
  for (const JsonValue& alert : alerts) {
    if (text_in(*alert.find("slo"), "id") != text_in(slo, "id")) continue;
    const auto state = read_alert_state(*place.records, place.environment, text_in(alert, "id"));
    if (status == "no_alerts") status = "normal";
    if (state.ok() && state->triggered) status = "triggered";
  }
  if (budget.period.total() == 0) status = "no_events";
  slo["compliance"] = JsonValue(budget.compliance);
  slo["budget_remaining"] = JsonValue(budget.budget_remaining);
  slo["status"] = JsonValue(status);
  // 1: as quickly as the target permits.
  const double share = budget.period.total() > 0 ? budget.allowed / budget.period.total() : 0;
  slo["burn_rate"] = JsonValue(lately.total() > 0 && share > 0 ? lately.bad / lately.total() / share : 0.0);
  return {};
}

}  // namespace clew::honeycomb
