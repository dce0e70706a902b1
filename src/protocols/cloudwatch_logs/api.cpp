#include "protocols/cloudwatch_logs/api.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "base/counters.h"
#include "base/log.h"
#include "base/nearest.h"
#include "protocols/aws/admission.h"
#include "protocols/aws/remedies.h"
#include "protocols/cloudwatch_logs/call.h"
#include "protocols/cloudwatch_logs/erasures.h"
#include "protocols/cloudwatch_logs/event_rows.h"
#include "protocols/cloudwatch_logs/forwarding.h"
#include "protocols/cloudwatch_logs/live_tails.h"
#include "protocols/cloudwatch_logs/operations.h"
#include "protocols/cloudwatch_logs/queries.h"
#include "protocols/cloudwatch_logs/subscription_delivery.h"
#include "protocols/cloudwatch_logs/wire.h"

namespace clew::cloudwatch_logs {
namespace {

constexpr unsigned kWorkers = 2;
constexpr size_t kWaiting = 256;

const Operation* operation_named(std::string_view name) {
  const auto all = all_operations();
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const Operation& one) { return one.name == name; });
  return found == all.end() ? nullptr : &*found;
}

aws::Error unknown_operation(std::string_view name) {
  std::vector<std::string_view> known;
  for (const Operation& one : all_operations()) known.push_back(one.name);
  aws::Error error = aws::unknown_operation(fmt::format("Unknown operation {}", name.substr(0, 100)));
  if (const std::string_view meant = nearest(name, known); !meant.empty())
    error.message += fmt::format(": did you mean {}?", meant);
  return error;
}

}  // namespace

struct Api::Inside {
  explicit Inside(ApiOptions given)
      : options(std::move(given)),
        forwarding(options, tails, deliveries),
        erasures(options),
        workers(kWorkers, kWaiting),
        query_workers(kWorkers, Queries::kMostUnderWay),
        context{options, workers, query_workers, numbers, forwarding, tails, deliveries, queries, erasures} {
    if (const Status restored = erasures.restore(); !restored.ok())
      log_error("logs", fmt::format("what is to be erased is not known: {}", restored.message()));
  }

  void handle(net::Request request, net::Responder responder) {
    count(Counter::cloudwatch_requests);
    const std::string name = operation_name(request);
    const Operation* operation = operation_named(name);
    const Sender sender =
        sender_of(request, fmt::format("CloudWatch Logs {}", operation != nullptr ? operation->name : "?"));
    const auto refuse = [&](const std::optional<EnvironmentId>& environment, const aws::Error& error) {
      answer_with(error, environment, sender, responder);
    };
    const UnixNanos arrived = now();
    const auto admitted = aws::admit(request, *options.access, "logs", arrived);
    if (const auto* error = std::get_if<aws::Error>(&admitted)) return refuse(std::nullopt, *error);
    const auto& [environment, region, only_looks] = std::get<aws::Admission>(admitted);
    if (operation == nullptr) return refuse(environment, unknown_operation(name));
    if (only_looks && aws::changes_something(operation->name))
      return refuse(environment, aws::access_denied(operation->name));
    auto input = input_of(request);
    if (const auto* error = std::get_if<aws::Error>(&input)) return refuse(environment, *error);
    Call call{.context = context,
              .input = std::move(std::get<JsonValue>(input)),
              .environment = environment,
              .region = region,
              .sender = sender,
              .bytes = request.body.size(),
              .now = arrived,
              .responder = responder};
    operation->run(std::move(call), [this, sender, environment = environment, responder](Answer answer) {
      if (const auto* error = std::get_if<aws::Error>(&answer))
        return answer_with(*error, environment, sender, responder);
      if (const auto* query = std::get_if<MalformedQuery>(&answer))
        return answer_with(*query, environment, sender, responder);
      if (auto* text = std::get_if<std::string>(&answer)) responder.send(success(std::move(*text)));
    });
  }

  void answer_with(const aws::Error& error, const std::optional<EnvironmentId>& environment,
                   const Sender& sender, const net::Responder& responder) const {
    count(Counter::cloudwatch_refused);
    options.arrivals->refused(environment, sender, status_of(error), error.message, aws::remedy_for(error));
    responder.send(failure(error));
  }

  void answer_with(const MalformedQuery& query, EnvironmentId environment, const Sender& sender,
                   const net::Responder& responder) const {
    constexpr std::string_view kType = "MalformedQueryException";
    count(Counter::cloudwatch_refused);
    options.arrivals->refused(environment, sender, 400, query.message,
                              "Mend the query: the answer names the place in it");
    JsonWriter json;
    json.begin_object().key("__type").string(kType).key("message").string(query.message);
    json.key("queryCompileError").begin_object().key("message").string(query.message);
    json.key("location").begin_object().key("startCharOffset").integer(query.begin);
    json.key("endCharOffset").integer(query.end).end_object().end_object().end_object();
    net::Response response = success(json.take());
    response.status = 400;
    response.headers.emplace_back("x-amzn-errortype", kType);
    responder.send(std::move(response));
  }

  const ApiOptions options;
  EventNumbers numbers;
  LiveTails tails;
  SubscriptionDelivery deliveries;
  Forwarding forwarding;
  Erasures erasures;
  Queries queries;
  // End before what their tasks use.
  QueryWorkers workers;
  QueryWorkers query_workers;
  const Context context;
};

Api::Api(ApiOptions options) : inside_(std::make_unique<Inside>(std::move(options))) {}
Api::~Api() = default;

void Api::stop() {
  inside_->tails.stop();
  inside_->queries.stop_all();
  inside_->forwarding.stop();
  inside_->deliveries.stop();
  inside_->query_workers.stop();
  inside_->workers.stop();
}

void Api::register_routes(Router& router) {
  router.add("POST", "/", HeaderBegins{std::string(kTargetHeader), std::string(kTarget)},
             [this](net::Request request, net::Responder responder) {
               inside_->handle(std::move(request), std::move(responder));
             });
}

}  // namespace clew::cloudwatch_logs
