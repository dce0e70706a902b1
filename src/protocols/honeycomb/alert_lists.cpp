// Triggers, SLOs and burn alerts of all datasets in one answer each, which Honeycomb's API has no path for:
// who shows them all need not ask once for every dataset.
#include <algorithm>
#include <functional>

#include "protocols/honeycomb/operations.h"
#include "protocols/honeycomb/resources.h"
#include "protocols/honeycomb/slo_standing.h"

namespace clew::honeycomb {
namespace {

// Each with the dataset that it belongs to, after `complete`, which may leave one out.
Answer list_of_all_datasets(
    const Call& call, const ResourceKind& kind,
    const std::function<Result<bool>(const std::string& dataset, JsonValue&)>& complete) {
  const std::string prefix = record_kind(kind.name, "") + "/";
  const auto kinds = call.options().records->kinds(prefix);
  if (!kinds.ok()) return problem_of(kinds.status());
  JsonValue::Array list;
  for (const auto& [environment, of_dataset] : *kinds) {
    if (environment != call.environment()) continue;
    auto resources = read_resources(*call.options().records, environment, of_dataset);
    if (!resources.ok()) return problem_of(resources.status());
    const std::string dataset = of_dataset.substr(prefix.size());
    for (JsonValue& one : *resources) {
      if (kind.present != nullptr) kind.present(call, one);
      one["dataset_slug"] = JsonValue(dataset);
      const Result<bool> is_meant = complete(dataset, one);
      if (!is_meant.ok()) return problem_of(is_meant.status());
      if (*is_meant) list.push_back(std::move(one));
    }
  }
  return json_answer(200, JsonValue(std::move(list)));
}

Result<bool> as_it_is(const std::string&, JsonValue&) {
  return true;
}

bool tells(const JsonValue& alert, std::string_view recipient) {
  const JsonValue* list = alert.find("recipients");
  return list != nullptr && list->array() != nullptr &&
         std::any_of(list->array()->begin(), list->array()->end(),
                     [&](const JsonValue& one) { return text_in(one, "id") == recipient; });
}

}  // namespace

Answer list_all_triggers(const Call& call) {
  return list_of_all_datasets(call, kTriggers, as_it_is);
}

Answer list_all_burn_alerts(const Call& call) {
  return list_of_all_datasets(call, kBurnAlerts, as_it_is);
}

Answer list_all_slos(const Call& call) {
  if (call.request.parameter("detailed") != "true") return list_of_all_datasets(call, kSlos, as_it_is);
  return list_of_all_datasets(call, kSlos, [&](const std::string& dataset, JsonValue& slo) -> Result<bool> {
    CLEW_TRY(add_slo_standing(call, dataset, slo));
    return true;
  });
}

Answer list_triggers_of_recipient(const Call& call) {
  return list_of_all_datasets(call, kTriggers, [&](const std::string&, JsonValue& trigger) -> Result<bool> {
    return tells(trigger, call.segment("id"));
  });
}

}  // namespace clew::honeycomb
