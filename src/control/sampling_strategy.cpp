#include "control/sampling_strategy.h"

#include <fmt/format.h>

namespace clew::control {
namespace {

constexpr int32_t kMostTracesPerSecond = 1'000'000;

std::string text_at(const JsonValue& json, std::string_view name) {
  const JsonValue* value = json.find(name);
  return value != nullptr && value->string() != nullptr ? *value->string() : std::string();
}

Result<double> rate_at(const JsonValue& json, const std::string& where) {
  const JsonValue* param = json.find("param");
  const std::optional<double> number = param == nullptr ? std::nullopt : param->number();
  if (!number || !(*number >= 0) || *number > 1)
    return {ErrorKind::bad_input, fmt::format("{}.param: expected a probability from 0 to 1", where)};
  return *number;
}

Result<int32_t> traces_per_second_at(const JsonValue& json, const std::string& where) {
  const JsonValue* param = json.find("param");
  const double most = param == nullptr ? -1 : param->number().value_or(-1);
  if (!(most >= 0) || most > kMostTracesPerSecond)
    return {ErrorKind::bad_input,
            fmt::format("{}.param: expected traces in a second, up to {}", where, kMostTracesPerSecond)};
  return static_cast<int32_t>(most);
}

}  // namespace

Result<SamplingStrategy> read_sampling_strategy(const JsonValue& json, const std::string& where) {
  SamplingStrategy strategy;
  const std::string type = text_at(json, "type");
  if (type == "ratelimiting") {
    strategy.kind = SamplingStrategy::Kind::rate_limiting;
    CLEW_ASSIGN(strategy.traces_per_second, traces_per_second_at(json, where));
  } else if (type == "probabilistic") {
    CLEW_ASSIGN(strategy.rate, rate_at(json, where));
  } else {
    return {ErrorKind::bad_input,
            fmt::format("{}.type: expected probabilistic or ratelimiting, got '{}'", where, type)};
  }
  const JsonValue* operations = json.find("operation_strategies");
  if (operations == nullptr || operations->array() == nullptr) return strategy;
  for (size_t i = 0; i < operations->array()->size(); ++i) {
    const JsonValue& one = (*operations->array())[i];
    const std::string here = fmt::format("{}.operation_strategies[{}]", where, i);
    OperationSampling operation{.operation = text_at(one, "operation")};
    if (operation.operation.empty() || text_at(one, "type") != "probabilistic")
      return {ErrorKind::bad_input, here + ": expected an operation, and probabilistic as its type"};
    CLEW_ASSIGN(operation.rate, rate_at(one, here));
    strategy.operations.push_back(std::move(operation));
  }
  return strategy;
}

void write_sampling_members(JsonWriter& json, const SamplingStrategy& strategy) {
  if (strategy.kind == SamplingStrategy::Kind::rate_limiting)
    json.key("type").string("ratelimiting").key("param").integer(strategy.traces_per_second);
  else
    json.key("type").string("probabilistic").key("param").number(strategy.rate);
  json.key("operation_strategies").begin_array();
  for (const OperationSampling& one : strategy.operations)
    json.begin_object()
        .key("operation")
        .string(one.operation)
        .key("type")
        .string("probabilistic")
        .key("param")
        .number(one.rate)
        .end_object();
  json.end_array();
}

Result<SamplingStrategies> read_sampling_strategies(std::string_view json) {
  CLEW_ASSIGN(const JsonValue file, parse_json(json, 20));
  if (file.object() == nullptr) return {ErrorKind::bad_input, "expected a JSON object"};
  SamplingStrategies strategies;
  if (const JsonValue* usual = file.find("default_strategy"); usual != nullptr && !usual->is_null()) {
    CLEW_ASSIGN(strategies.usual, read_sampling_strategy(*usual, "default_strategy"));
  }
  const JsonValue* services = file.find("service_strategies");
  if (services == nullptr || services->array() == nullptr) return strategies;
  for (size_t i = 0; i < services->array()->size(); ++i) {
    const JsonValue& one = (*services->array())[i];
    const std::string here = fmt::format("service_strategies[{}]", i);
    const std::string service = text_at(one, "service");
    if (service.empty()) return {ErrorKind::bad_input, here + ": which service is missing"};
    CLEW_ASSIGN(strategies.services[service], read_sampling_strategy(one, here));
  }
  return strategies;
}

}  // namespace clew::control
