#include "protocols/honeycomb/slo_budget.h"

#include "protocols/honeycomb/resources.h"

namespace clew::honeycomb {
namespace {

JsonValue count_where(std::string_view name, const std::string& column, bool verdict) {
  JsonValue filter;
  filter["column"] = JsonValue(column);
  filter["op"] = JsonValue("=");
  filter["value"] = JsonValue(verdict);
  JsonValue calculation;
  calculation["op"] = JsonValue("COUNT");
  calculation["name"] = JsonValue(name);
  calculation["filters"] = JsonValue(JsonValue::Array{std::move(filter)});
  return calculation;
}

int64_t whole_in(const JsonValue& object, std::string_view name) {
  const JsonValue* value = object.find(name);
  return value == nullptr || value->integer() == nullptr ? 0 : *value->integer();
}

}  // namespace

Result<SloCounts> count_slo(const QueryPlace& place, const JsonValue& slo, int64_t minutes, UnixNanos now,
                            const query::RunOptions& options) {
  const JsonValue* sli = slo.find("sli");
  const std::string column = sli == nullptr ? std::string() : text_in(*sli, "alias");
  JsonValue specification;
  specification["calculations"] =
      JsonValue(JsonValue::Array{count_where("good", column, true), count_where("bad", column, false)});
  specification["time_range"] = JsonValue(minutes * 60);
  SloCounts counts;
  const JsonValue* slugs = slo.find("dataset_slugs");
  if (slugs == nullptr || slugs->array() == nullptr) return counts;
  for (const JsonValue& slug : *slugs->array()) {
    if (slug.string() == nullptr) continue;
    QueryPlace of_dataset = place;
    of_dataset.dataset = *slug.string();
    CLEW_ASSIGN(const QueryAnswer answer,
                ask_dataset(of_dataset, specification, {.series = false, .limit = {}}, now, options));
    const auto add = [&](std::string_view name, double& to) {
      const query::ResultColumn* values = answer.table.find(name);
      if (values != nullptr && !values->values.empty()) to += query::number_in(values->values[0]).value_or(0);
    };
    add("good", counts.good);
    add("bad", counts.bad);
  }
  return counts;
}

Result<SloBudget> slo_budget(const QueryPlace& place, const JsonValue& slo, UnixNanos now,
                             const query::RunOptions& options) {
  SloBudget budget;
  CLEW_ASSIGN(budget.period,
              count_slo(place, slo, whole_in(slo, "time_period_days") * 24 * 60, now, options));
  const double target = static_cast<double>(whole_in(slo, "target_per_million")) / 1e6;
  budget.allowed = (1 - target) * budget.period.total();
  if (budget.period.total() > 0) {
    budget.compliance = 100 * budget.period.good / budget.period.total();
    budget.budget_remaining = 100 * (1 - budget.period.bad / budget.allowed);
  }
  return budget;
}

}  // namespace clew::honeycomb
