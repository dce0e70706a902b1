// SamplingStrategies: what Jaeger's clients, and OpenTelemetry's jaeger_remote, are told about how many
// traces to keep, by service and operation.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace clew::jaeger {

struct OperationSampling {
  std::string operation;
  double rate = 1;
};

struct SamplingStrategy {
  enum class Kind : uint8_t { probabilistic, rate_limiting } kind = Kind::probabilistic;
  double rate = 1;                // probabilistic: 0 to 1
  int32_t traces_per_second = 0;  // rate_limiting
  std::vector<OperationSampling> operations;
};

class SamplingStrategies {
 public:
  // Everything is kept.
  SamplingStrategies() = default;
  // The strategies file of a Jaeger collector: default_strategy and service_strategies.
  static Result<SamplingStrategies> read(std::string_view json);

  const SamplingStrategy& of(std::string_view service) const;

 private:
  SamplingStrategy default_;
  std::map<std::string, SamplingStrategy, std::less<>> services_;
};

// The answer to /sampling, and a SamplingStrategyResponse.
std::string strategy_json(const SamplingStrategy& strategy);
std::string strategy_proto(const SamplingStrategy& strategy);

// The service that SamplingStrategyParameters name.
Result<std::string> service_in_parameters(std::string_view parameters);

}  // namespace clew::jaeger
