#include "protocols/jaeger/sampling.h"

#include <fmt/format.h>

#include "base/json_writer.h"
#include "telemetry/protobuf_reader.h"
#include "telemetry/protobuf_writer.h"

namespace clew::jaeger {
namespace {

using control::OperationSampling;
using control::SamplingStrategy;

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

}  // namespace

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
