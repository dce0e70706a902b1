// What an SLO has come to: how much of it was kept, what is left of its budget, whether its burn alerts are
// over.
#pragma once

#include <string>

#include "base/json_value.h"
#include "base/result.h"
#include "protocols/honeycomb/call.h"

namespace clew::honeycomb {

// Adds compliance, budget_remaining, status and burn_rate. Asks the store two questions.
Status add_slo_standing(const Call& call, const std::string& dataset, JsonValue& slo);

}  // namespace clew::honeycomb
