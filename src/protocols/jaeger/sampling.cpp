#include "protocols/jaeger/sampling.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/json_value.h"
#include "base/json_writer.h"
#include "telemetry/protobuf_reader.h"
#include "telemetry/protobuf_writer.h"

namespace clew::jaeger {
namespace {

// Field numbers of sampling.proto.
namespace response_field {
enum : uint32_t { type = 1, probabilistic = 2, rate_limiting = 3, operations = 4 };
}
namespace operations_field {
enum : uint32_t { default_rate = 1, operation = 3 };
}
namespace operation_field {
enum : uint32_t { name = 1, probabilistic = 2 };
}
enum : uint32_t { rate_field = 1, traces_per_second_field = 1, service_name_field = 1 };

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

Result<SamplingStrategy> read_strategy(const JsonValue& json, const std::string& where) {
  SamplingStrategy strategy;
  const std::string type = text_at(json, "type");
  if (type == "ratelimiting") {
    strategy.kind = SamplingStrategy::Kind::rate_limiting;
    const JsonValue* param = json.find("param");
    const double most = param == nullptr ? -1 : param->number().value_or(-1);
    if (!(most >= 0) || most > kMostTracesPerSecond)
      return {ErrorKind::bad_input,
              fmt::format("{}.param: expected traces in a second, up to {}", where, kMostTracesPerSecond)};
    strategy.traces_per_second = static_cast<int32_t>(most);
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

// The default's operations hold for all services that say nothing else of them.
void add_operations_of_default(SamplingStrategy& strategy, const SamplingStrategy& usual) {
  for (const OperationSampling& one : usual.operations) {
    const bool is_said = std::any_of(strategy.operations.begin(), strategy.operations.end(),
                                     [&](const auto& own) { return own.operation == one.operation; });
    if (!is_said) strategy.operations.push_back(one);
  }
}

}  // namespace

Result<SamplingStrategies> SamplingStrategies::read(std::string_view json) {
  CLEW_ASSIGN(const JsonValue file, parse_json(json, 20));
  if (file.object() == nullptr) return {ErrorKind::bad_input, "expected a JSON object"};
  SamplingStrategies strategies;
  if (const JsonValue* usual = file.find("default_strategy"); usual != nullptr && !usual->is_null()) {
    CLEW_ASSIGN(strategies.default_, read_strategy(*usual, "default_strategy"));
  }
  const JsonValue* services = file.find("service_strategies");
  if (services == nullptr || services->array() == nullptr) return strategies;
  for (size_t i = 0; i < services->array()->size(); ++i) {
    const JsonValue& one = (*services->array())[i];
    const std::string here = fmt::format("service_strategies[{}]", i);
    const std::string service = text_at(one, "service");
    if (service.empty()) return {ErrorKind::bad_input, here + ": which service is missing"};
    CLEW_ASSIGN(SamplingStrategy strategy, read_strategy(one, here));
    add_operations_of_default(strategy, strategies.default_);
    strategies.services_[service] = std::move(strategy);
  }
  return strategies;
}

const SamplingStrategy& SamplingStrategies::of(std::string_view service) const {
  const auto found = services_.find(service);
  return found == services_.end() ? default_ : found->second;
}

std::string strategy_json(const SamplingStrategy& strategy) {
  const bool limits = strategy.kind == SamplingStrategy::Kind::rate_limiting;
  JsonWriter json;
  json.begin_object().key("strategyType").string(limits ? "RATE_LIMITING" : "PROBABILISTIC");
  if (limits)
    json.key("rateLimitingSampling")
        .begin_object()
        .key("maxTracesPerSecond")
        .integer(strategy.traces_per_second)
        .end_object();
  else
    json.key("probabilisticSampling").begin_object().key("samplingRate").number(strategy.rate).end_object();
  if (!strategy.operations.empty()) {
    json.key("operationSampling").begin_object();
    json.key("defaultSamplingProbability").number(limits ? 1 : strategy.rate);
    json.key("defaultLowerBoundTracesPerSecond").integer(0);
    json.key("perOperationStrategies").begin_array();
    for (const OperationSampling& one : strategy.operations)
      json.begin_object()
          .key("operation")
          .string(one.operation)
          .key("probabilisticSampling")
          .begin_object()
          .key("samplingRate")
          .number(one.rate)
          .end_object()
          .end_object();
    json.end_array().end_object();
  }
  json.end_object();
  return json.take();
}

std::string strategy_proto(const SamplingStrategy& strategy) {
  const bool limits = strategy.kind == SamplingStrategy::Kind::rate_limiting;
  std::string out;
  ProtobufWriter to(out);
  if (limits) to.varint(response_field::type, 1);
  const auto sampling =
      to.begin_message(limits ? response_field::rate_limiting : response_field::probabilistic);
  if (limits)
    to.int32(traces_per_second_field, strategy.traces_per_second);
  else
    to.floating(rate_field, strategy.rate);
  to.end_message(sampling);
  if (strategy.operations.empty()) return out;
  const auto operations = to.begin_message(response_field::operations);
  to.floating(operations_field::default_rate, limits ? 1 : strategy.rate);
  for (const OperationSampling& one : strategy.operations) {
    const auto operation = to.begin_message(operations_field::operation);
    to.bytes(operation_field::name, one.operation);
    const auto rate = to.begin_message(operation_field::probabilistic);
    to.floating(rate_field, one.rate);
    to.end_message(rate);
    to.end_message(operation);
  }
  to.end_message(operations);
  return out;
}

Result<std::string> service_in_parameters(std::string_view parameters) {
  try {
    std::string service;
    for (ProtobufReader fields(parameters.data(), parameters.size()); fields.next();) {
      if (fields.tag() == service_name_field) {
        const protozero::data_view data = fields.get_view();
        service.assign(data.data(), data.size());
      } else {
        fields.skip();
      }
    }
    return service;
  } catch (const protozero::exception& error) {
    return {ErrorKind::bad_input, fmt::format("invalid protobuf ({})", error.what())};
  }
}

}  // namespace clew::jaeger
