#include "protocols/honeycomb/slo_budget.h"

#include <algorithm>
#include <map>

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

JsonValue verdicts_of(const JsonValue& slo) {
  const JsonValue* sli = slo.find("sli");
  const std::string column = sli == nullptr ? std::string() : text_in(*sli, "alias");
  JsonValue specification;
  specification["calculations"] =
      JsonValue(JsonValue::Array{count_where("good", column, true), count_where("bad", column, false)});
  return specification;
}

double budget_left(const SloCounts& counts, double allowed) {
  return 100 * (1 - counts.bad / allowed);
}

double target_of(const JsonValue& slo) {
  return static_cast<double>(whole_in(slo, "target_per_million")) / 1e6;
}

}  // namespace

Result<SloCounts> count_slo(const QueryPlace& place, const JsonValue& slo, int64_t minutes, UnixNanos now,
                            const query::RunOptions& options) {
  JsonValue specification = verdicts_of(slo);
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

Result<std::vector<SloMoment>> slo_history(const QueryPlace& place, const JsonValue& slo, UnixNanos from,
                                           UnixNanos to, const query::RunOptions& options) {
  const Nanoseconds step = to - from > days(3) ? days(1) : hours(1);
  const Nanoseconds period = days(whole_in(slo, "time_period_days"));
  const auto whole_steps = [&](UnixNanos at) {
    const int64_t rest = at.count % step.count;
    return at - Nanoseconds{rest < 0 ? rest + step.count : rest};
  };
  const UnixNanos first = whole_steps(from - period);
  JsonValue specification = verdicts_of(slo);
  specification["start_time"] = JsonValue(std::max<int64_t>(first.count / 1'000'000'000, 0));
  specification["end_time"] = JsonValue((whole_steps(to) + step).count / 1'000'000'000);
  specification["granularity"] = JsonValue(step.count / 1'000'000'000);
  std::map<UnixNanos, SloCounts> steps;
  const JsonValue* slugs = slo.find("dataset_slugs");
  if (slugs == nullptr || slugs->array() == nullptr) return std::vector<SloMoment>();
  for (const JsonValue& slug : *slugs->array()) {
    if (slug.string() == nullptr) continue;
    QueryPlace of_dataset = place;
    of_dataset.dataset = *slug.string();
    CLEW_ASSIGN(const QueryAnswer answer, ask_dataset(of_dataset, specification, {.limit = {}}, to, options));
    const query::Series& series = answer.table.series;
    for (size_t i = 0; i < series.size(); ++i) {
      SloCounts& counts = steps[series.times[i]];
      counts.good += query::number_in(series.calculations[0].values[i]).value_or(0);
      counts.bad += query::number_in(series.calculations[1].values[i]).value_or(0);
    }
  }
  std::vector<SloMoment> moments;
  SloCounts window;
  auto entering = steps.begin(), leaving = steps.begin();
  for (UnixNanos at = whole_steps(from); at <= to; at = at + step) {
    for (; entering != steps.end() && entering->first < at; ++entering) {
      window.good += entering->second.good;
      window.bad += entering->second.bad;
    }
    for (; leaving != entering && leaving->first < at - period; ++leaving) {
      window.good -= leaving->second.good;
      window.bad -= leaving->second.bad;
    }
    SloMoment moment{.at = at};
    if (window.total() > 0) {
      moment.compliance = 100 * window.good / window.total();
      moment.budget_remaining = budget_left(window, (1 - target_of(slo)) * window.total());
    }
    moments.push_back(moment);
  }
  return moments;
}

Result<SloBudget> slo_budget(const QueryPlace& place, const JsonValue& slo, UnixNanos now,
                             const query::RunOptions& options) {
  SloBudget budget;
  CLEW_ASSIGN(budget.period,
              count_slo(place, slo, whole_in(slo, "time_period_days") * 24 * 60, now, options));
  budget.allowed = (1 - target_of(slo)) * budget.period.total();
  if (budget.period.total() > 0) {
    budget.compliance = 100 * budget.period.good / budget.period.total();
    budget.budget_remaining = budget_left(budget.period, budget.allowed);
  }
  return budget;
}

}  // namespace clew::honeycomb
