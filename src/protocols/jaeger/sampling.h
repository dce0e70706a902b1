// What Jaeger's clients, and OpenTelemetry's jaeger_remote, are answered when they ask how many traces to
// keep.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "control/sampling_strategy.h"

namespace clew::jaeger {

// The answer to /sampling, and a SamplingStrategyResponse.
std::string strategy_json(const control::SamplingStrategy& strategy);
std::string strategy_proto(const control::SamplingStrategy& strategy);

// The service that SamplingStrategyParameters name.
Result<std::string> service_in_parameters(std::string_view parameters);

}  // namespace clew::jaeger
