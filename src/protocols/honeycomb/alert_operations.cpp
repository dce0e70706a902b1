// What SLOs and burn alerts answer besides what every resource does.
#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "protocols/honeycomb/operations.h"
#include "protocols/honeycomb/resources.h"
#include "protocols/honeycomb/slo_budget.h"
#include "protocols/honeycomb/slo_standing.h"

namespace clew::honeycomb {
namespace {

constexpr size_t kMostHistories = 24;
constexpr int64_t kMostHistoryDays = 400;
constexpr int64_t kLastSecond = 9'000'000'000;

}  // namespace

Answer get_slo(const Call& call) {
  Answer plain = read_of(kSlos, call);
  if (plain.status != 200 || call.request.parameter("detailed") != "true") return plain;
  Result<JsonValue> slo = parse_json(plain.body);
  if (!slo.ok()) return problem_of(slo.status());
  const Status added = add_slo_standing(call, call.segment("dataset"), *slo);
  return added.ok() ? json_answer(200, *slo) : problem_of(added);
}

Answer report_slo_history(const Call& call) {
  auto given = body_of(call);
  if (auto* refused = std::get_if<Answer>(&given)) return std::move(*refused);
  const JsonValue& body = std::get<JsonValue>(given);
  Faults faults;
  const JsonValue* ids = body.find("ids");
  if (ids == nullptr || ids->array() == nullptr || ids->array()->empty())
    faults.push_back({"ids", "missing", "is required: at least one id of an SLO"});
  else if (ids->array()->size() > kMostHistories)
    faults.push_back({"ids", "invalid", fmt::format("must have at most {} items", kMostHistories)});
  const auto second_in = [&](std::string_view name) {
    const JsonValue* value = body.find(name);
    const bool fits = value != nullptr && value->integer() != nullptr && *value->integer() >= 0 &&
                      *value->integer() <= kLastSecond;
    if (!fits)
      faults.push_back(
          {std::string(name), value == nullptr ? "missing" : "invalid", "must be in seconds since 1970"});
    return fits ? *value->integer() : 0;
  };
  const UnixNanos from{second_in("start_time") * 1'000'000'000}, to{second_in("end_time") * 1'000'000'000};
  if (faults.empty() && to <= from) faults.push_back({"end_time", "invalid", "must be after start_time"});
  if (faults.empty() && to - from > days(kMostHistoryDays))
    faults.push_back(
        {"start_time", "invalid", fmt::format("must be at most {} days before end_time", kMostHistoryDays)});
  if (!faults.empty()) return invalid(faults);

  const auto kinds = call.options().records->kinds("honeycomb.slos/");
  if (!kinds.ok()) return problem_of(kinds.status());
  JsonValue answer(JsonValue::Object{});
  for (const JsonValue& id : *ids->array()) {
    std::optional<JsonValue> slo;
    for (const auto& [environment, kind] : *kinds) {
      if (environment != call.environment() || id.string() == nullptr || slo) continue;
      auto found = read_resource(*call.options().records, environment, kind, *id.string());
      if (!found.ok()) return problem_of(found.status());
      slo = std::move(*found);
    }
    if (!slo) return not_found("SLO not found");
    const QueryPlace place{.storage = call.options().storage,
                           .datasets = &call.context.datasets,
                           .records = call.options().records,
                           .environment = call.environment(),
                           .dataset = {}};
    const auto history = slo_history(place, *slo, from, to, call.run_options());
    if (!history.ok()) return problem_of(history.status());
    JsonValue::Array moments;
    for (const SloMoment& moment : *history) {
      JsonValue one;
      one["timestamp"] = JsonValue(moment.at.count / 1'000'000'000);
      one["compliance"] = JsonValue(moment.compliance);
      one["budget_remaining"] = JsonValue(moment.budget_remaining);
      moments.push_back(std::move(one));
    }
    answer[*id.string()] = JsonValue(std::move(moments));
  }
  return json_answer(200, answer);
}

Answer list_burn_alerts(const Call& call) {
  const auto slo = call.request.parameter("slo_id");
  if (!slo) return invalid({{"slo_id", "missing", "the parameter slo_id is required"}});
  Answer all = list_of(kBurnAlerts, call);
  Result<JsonValue> list = parse_json(all.body);
  if (all.status != 200 || !list.ok()) return all;
  std::erase_if(*list->array(),
                [&](const JsonValue& one) { return text_in(*one.find("slo"), "id") != *slo; });
  return json_answer(200, *list);
}

}  // namespace clew::honeycomb
