#include "protocols/xray/api.h"

#include <fmt/format.h>

#include "base/counters.h"
#include "protocols/aws/signature.h"
#include "protocols/xray/call.h"
#include "protocols/xray/operations.h"
#include "protocols/xray/reservoirs.h"

namespace clew::xray {
namespace {

constexpr unsigned kWorkers = 2;
constexpr size_t kWaiting = 64;
constexpr std::string_view kUsualRegion = "us-east-1";

// The region that a request was signed for.
std::string region_of(const net::Request& request) {
  if (const auto header = request.header("authorization")) {
    auto parsed = aws::parse_authorization(*header);
    if (const auto* authorization = std::get_if<aws::Authorization>(&parsed); authorization != nullptr)
      return authorization->region;
  }
  return std::string(kUsualRegion);
}

}  // namespace

struct Api::Inside {
  explicit Inside(ApiOptions given)
      : options(std::move(given)), workers(kWorkers, kWaiting), context{options, workers, reservoirs} {}

  void handle(const Operation& operation, net::Request request, net::Responder responder) {
    count(Counter::xray_requests);
    const Sender sender = sender_of(request, fmt::format("X-Ray {}", operation.name));
    const auto refuse = [&](const std::optional<EnvironmentId>& environment, const aws::Error& error) {
      count(Counter::xray_refused);
      options.arrivals->refused(environment, sender, error.status, error.message, "");
      responder.send(aws::error_response(error));
    };
    const Result<EnvironmentId> environment = options.access->admit(request.header("x-honeycomb-team"));
    if (!environment.ok()) return refuse(std::nullopt, aws::missing_authentication_token());
    // Operations without input are called without a body.
    Result<JsonValue> input = request.body.empty() ? Result<JsonValue>(JsonValue(JsonValue::Object()))
                                                   : parse_json(request.body.view());
    if (!input.ok())
      return refuse(*environment, aws::serialization_failed(std::string(input.status().message())));
    if (input->object() == nullptr)
      return refuse(*environment, aws::serialization_failed("the body must be a JSON object"));
    Call call{.context = context,
              .input = std::move(*input),
              .environment = *environment,
              .region = region_of(request),
              .sender = sender,
              .bytes = request.body.size(),
              .now = now()};
    operation.run(std::move(call), [this, sender, environment = *environment, responder](Answer answer) {
      if (const auto* error = std::get_if<aws::Error>(&answer)) {
        count(Counter::xray_refused);
        options.arrivals->refused(environment, sender, error->status, error->message, "");
        return responder.send(aws::error_response(*error));
      }
      responder.send(aws::success_response(std::move(std::get<std::string>(answer))));
    });
  }

  const ApiOptions options;
  Reservoirs reservoirs;
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
