#include "protocols/trace_intake.h"

#include <memory>
#include <optional>

#include "base/counters.h"
#include "protocols/collector_door.h"
#include "protocols/sender_clock.h"
#include "protocols/sender_key.h"
#include "protocols/service_name.h"

namespace clew {
namespace {

std::string_view remedy_for(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::unauthenticated:
    case ErrorKind::forbidden:
      return "Send a key of `clew keys list` in the header x-honeycomb-team, as a bearer token, or as the "
             "password of the address: http://any:KEY@host";
    case ErrorKind::bad_input:
      return "Check the reporter, and what stands between it and clew";
    case ErrorKind::too_large:
      return "Send smaller batches";
    case ErrorKind::exhausted:
    case ErrorKind::unavailable:
      return "Nothing, if it is soon over. If it goes on, the store is full or too slow";
    default:
      return "See the log of clew";
  }
}

}  // namespace

TraceIntakeOptions intake_through(CollectorDoor& door, pipeline::Consumer& next) {
  return {.consumer = &next,
          .access = &door.access(),
          .arrivals = &door.arrivals(),
          .sender_context = [&door](const net::Headers& headers, const std::string& peer) {
            return door.sender_context(headers, peer);
          }};
}

net::Response intake_answer(const Status& outcome) {
  if (outcome.ok()) return {.status = 202, .reason = {}, .headers = {}, .body = {}};
  net::Response response =
      net::text_response(net::http_status_of(outcome.kind()), std::string(outcome.message()) + "\n");
  if (pipeline::is_retryable(outcome)) response.headers.emplace_back("retry-after", "1");
  return response;
}

net::GrpcResponse grpc_intake_answer(const Status& outcome) {
  net::GrpcResponse response;
  if (outcome.ok()) return response;
  response.code = net::grpc_code_of(outcome.kind());
  response.error = outcome.message();
  return response;
}

// What is kept of a request until its answer.
struct TraceIntake::Waiting {
  Sender sender;
  std::optional<EnvironmentId> environment;
  uint64_t bytes = 0;
  bool names_its_service = true;
  std::optional<ClockDoubt> clock_doubt;
  std::function<void(const Status&)> finish;
};

void TraceIntake::take(Delivery delivery) const {
  auto waiting = std::make_shared<Waiting>();
  waiting->sender = std::move(delivery.sender);
  waiting->bytes = delivery.bytes;
  waiting->finish = std::move(delivery.finish);
  std::shared_ptr<const SenderContext> context;
  if (options_.sender_context) {
    auto found = options_.sender_context(delivery.headers, delivery.peer);
    if (!found.ok()) return refuse(*waiting, found.status());
    context = std::move(*found);
  }
  const Result<EnvironmentId> environment = admit(delivery.headers);
  if (!environment.ok()) return refuse(*waiting, environment.status());
  waiting->environment = *environment;
  Result<std::string> otlp = delivery.translate();
  if (!otlp.ok()) return refuse(*waiting, otlp.status());
  if (otlp->empty()) {
    options_.arrivals->accepted(*environment, waiting->sender, 0, waiting->bytes);
    return waiting->finish(Status());
  }
  waiting->names_its_service = names_its_service(*otlp);
  waiting->clock_doubt = doubt_about_clock(Signal::traces, *otlp, now());
  Batch batch{.signal = Signal::traces,
              .environment = *environment,
              .otlp = SharedBytes(std::move(*otlp)),
              .sender = std::move(context)};
  options_.consumer->consume(std::move(batch), [this, waiting](const pipeline::Outcome& outcome) {
    if (!outcome.status.ok()) return refuse(*waiting, outcome.status);
    Arrivals& arrivals = *options_.arrivals;
    arrivals.accepted(*waiting->environment, waiting->sender, outcome.accepted, waiting->bytes);
    if (!waiting->names_its_service)
      arrivals.noted(*waiting->environment, waiting->sender, "the service has no name",
                     "Set the name of the service where the tracer is made");
    if (const auto& doubt = waiting->clock_doubt)
      arrivals.noted(*waiting->environment, waiting->sender, doubt->what, doubt->remedy);
    if (outcome.rejected > 0 || !outcome.rejection.empty())
      arrivals.noted(*waiting->environment, waiting->sender, outcome.rejection,
                     "Mend the instrumentation: these spans will never be accepted as they are");
    waiting->finish(Status());
  });
}

Result<EnvironmentId> TraceIntake::admit(const net::Headers& headers) const {
  const std::optional<std::string> key = sender_key(headers);
  Result<control::Grant> grant =
      options_.access->grant(key ? std::optional<std::string_view>(*key) : std::nullopt);
  if (grant.ok() && !grant->permissions.has(control::Permission::send_events))
    return {ErrorKind::forbidden, "this API key does not have the permission send_events"};
  if (grant.ok()) return grant->environment;
  if (grant.status().kind() == ErrorKind::unauthenticated)
    count(key ? Counter::unknown_key : Counter::missing_key);
  return std::move(grant).status();
}

void TraceIntake::refuse(const Waiting& waiting, const Status& failure) const {
  options_.arrivals->refused(waiting.environment, waiting.sender, net::http_status_of(failure.kind()),
                             failure.message(), remedy_for(failure.kind()));
  waiting.finish(failure);
}

}  // namespace clew
