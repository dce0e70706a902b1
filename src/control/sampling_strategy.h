// SamplingStrategy: how many traces the clients of a service are told to keep, in the words of Jaeger's
// remote sampling, and the form that Jaeger's strategies file gives it in JSON.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_value.h"
#include "base/json_writer.h"
#include "base/result.h"

namespace clew::control {

// Of the traces that begin with this operation.
struct OperationSampling {
  std::string operation;
  double rate = 1;
};

// Unless told otherwise, everything is kept.
struct SamplingStrategy {
  enum class Kind : uint8_t { probabilistic, rate_limiting } kind = Kind::probabilistic;
  double rate = 1;                // probabilistic: 0 to 1
  int32_t traces_per_second = 0;  // rate_limiting
  std::vector<OperationSampling> operations;
};

// {"type":"probabilistic","param":0.25,"operation_strategies":[…]}; `where` is what a refusal names.
Result<SamplingStrategy> read_sampling_strategy(const JsonValue& json, const std::string& where);
// The same members, into an object that is open.
void write_sampling_members(JsonWriter& json, const SamplingStrategy& strategy);

struct SamplingStrategies {
  std::optional<SamplingStrategy> usual;  // of the services that are not named
  std::map<std::string, SamplingStrategy, std::less<>> services;
};

// The strategies file of a Jaeger collector: default_strategy and service_strategies.
Result<SamplingStrategies> read_sampling_strategies(std::string_view json);

}  // namespace clew::control
