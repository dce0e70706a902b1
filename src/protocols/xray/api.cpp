#include "protocols/xray/api.h"

#include <fmt/format.h>

#include "base/counters.h"
#include "protocols/aws/admission.h"
#include "protocols/aws/remedies.h"
#include "protocols/xray/call.h"
#include "protocols/xray/operations.h"
#include "protocols/xray/reservoirs.h"
#include "protocols/xray/retrievals.h"

namespace clew::xray {
namespace {

constexpr unsigned kWorkers = 2;
constexpr size_t kWaiting = 64;

}  // namespace

struct Api::Inside {
  explicit Inside(ApiOptions given)
      : options(std::move(given)),
        workers(kWorkers, kWaiting),
        context{options, workers, reservoirs, retrievals} {}

  void handle(const Operation& operation, net::Request request, net::Responder responder) {
    count(Counter::xray_requests);
    const Sender sender = sender_of(request, fmt::format("X-Ray {}", operation.name));
    const auto refuse = [&](const std::optional<EnvironmentId>& environment, const aws::Error& error) {
      count(Counter::xray_refused);
      options.arrivals->refused(environment, sender, error.status, error.message, aws::remedy_for(error));
      responder.send(aws::error_response(error));
    };
    const UnixNanos arrived = now();
    const auto admitted = admit(operation, request, arrived);
    if (const auto* error = std::get_if<aws::Error>(&admitted)) return refuse(std::nullopt, *error);
    const auto& [environment, region, only_looks] = std::get<aws::Admission>(admitted);
    if (only_looks && aws::changes_something(operation.name))
      return refuse(environment, aws::access_denied(operation.name));
    // Operations without input are called without a body.
    Result<JsonValue> input = request.body.empty() ? Result<JsonValue>(JsonValue(JsonValue::Object()))
                                                   : parse_json(request.body.view());
    if (!input.ok())
      return refuse(environment, aws::serialization_failed(std::string(input.status().message())));
    if (input->object() == nullptr)
      return refuse(environment, aws::serialization_failed("the body must be a JSON object"));
    Call call{.context = context,
              .input = std::move(*input),
              .environment = environment,
              .region = region,
              .sender = sender,
              .bytes = request.body.size(),
              .now = arrived};
    operation.run(std::move(call), [this, sender, environment = environment, responder](Answer answer) {
      if (const auto* error = std::get_if<aws::Error>(&answer)) {
        count(Counter::xray_refused);
        options.arrivals->refused(environment, sender, error->status, error->message,
                                  aws::remedy_for(*error));
        return responder.send(aws::error_response(*error));
      }
      responder.send(aws::success_response(std::move(std::get<std::string>(answer))));
    });
  }

  // SDKs ask for sampling rules at the daemon's port, and have nothing to sign with.
  std::variant<aws::Admission, aws::Error> admit(const Operation& operation, const net::Request& request,
                                                 UnixNanos at) const {
    const bool of_sdk = operation.asked_by_sdks && !request.header("authorization") &&
                        options.is_daemon_port && options.is_daemon_port(request.door);
    if (of_sdk)
      return aws::Admission{.environment = kDefaultEnvironment, .region = std::string(aws::kUsualRegion)};
    return aws::admit(request, *options.access, "xray", at);
  }

  const ApiOptions options;
  Reservoirs reservoirs;
  Retrievals retrievals;
  QueryWorkers workers;  // ends before what its tasks use
  const Context context;
};

Api::Api(ApiOptions options) : inside_(std::make_unique<Inside>(std::move(options))) {}
Api::~Api() = default;

void Api::stop() {
  inside_->workers.stop();
}

void Api::register_routes(Router& router) {
  for (const Operation& operation : all_operations()) {
    router.add("POST", operation.path, [this, &operation](net::Request request, net::Responder responder) {
      inside_->handle(operation, std::move(request), std::move(responder));
    });
  }
}

}  // namespace clew::xray
