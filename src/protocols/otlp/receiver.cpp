#include "protocols/otlp/receiver.h"

#include <array>

#include "base/counters.h"
#include "protocols/otlp/answers.h"
#include "protocols/otlp/encoding.h"
#include "protocols/otlp/signal_detection.h"
#include "protocols/sender_clock.h"
#include "protocols/sender_key.h"
#include "protocols/service_name.h"
#include "telemetry/otlp_json.h"
#include "telemetry/otlp_services.h"

namespace clew::otlp {
namespace {

constexpr std::array<Signal, 3> kSignals = {Signal::traces, Signal::logs, Signal::metrics};

constexpr std::string_view kWrongContentType =
    "unsupported media type, supported: [application/json, application/x-protobuf]";
constexpr std::string_view kNoProfiles = "clew stores traces, logs and metrics, but no profiles";
constexpr std::string_view kWhichPath =
    "OTLP is taken at /v1/traces, /v1/logs and /v1/metrics; the body sent to / does not tell which of them "
    "it is for";

// What the person behind the sender can do.
namespace remedy {
constexpr std::string_view kMissingKey =
    "Set the header x-honeycomb-team to an API key: OTEL_EXPORTER_OTLP_HEADERS=x-honeycomb-team=<key>. "
    "`clew keys list` shows the keys";
constexpr std::string_view kUnknownKey =
    "Compare the key with those of `clew keys list`, or make one: `clew keys create`";
constexpr std::string_view kAuthenticator =
    "Compare what the sender shows with the settings of the authenticator that the receiver names";
constexpr std::string_view kContentType = "Send OTLP as application/x-protobuf or application/json";
constexpr std::string_view kMismatch = "Set the content type that the body has; a proxy may have changed it";
constexpr std::string_view kMalformed = "Check the exporter, and what stands between it and clew";
constexpr std::string_view kTryLater =
    "Nothing: the sender tries again. If it goes on, the store is full or too slow";
constexpr std::string_view kPath =
    "OTEL_EXPORTER_OTLP_ENDPOINT takes the address alone (http://host:4318); a path belongs only into "
    "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT and its like, whole (http://host:4318/v1/traces)";
constexpr std::string_view kProfiles = "Turn the profiles exporter off";
constexpr std::string_view kUnnamed =
    "Set OTEL_SERVICE_NAME to the name of the service, or service.name in OTEL_RESOURCE_ATTRIBUTES";
constexpr std::string_view kPartial =
    "Mend the instrumentation: these items will never be accepted as they are";
constexpr std::string_view kOther = "See the log of clew";
}  // namespace remedy

std::string_view remedy_for(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::bad_input:
      return remedy::kMalformed;
    case ErrorKind::too_large:
      return "Send smaller batches";
    case ErrorKind::exhausted:
    case ErrorKind::unavailable:
      return remedy::kTryLater;
    default:
      return remedy::kOther;
  }
}

std::string_view http_protocol(Signal signal, Encoding encoding) {
  const bool json = encoding == Encoding::json;
  switch (signal) {
    case Signal::traces:
      return json ? "OTLP/HTTP JSON traces" : "OTLP/HTTP traces";
    case Signal::logs:
      return json ? "OTLP/HTTP JSON logs" : "OTLP/HTTP logs";
    case Signal::metrics:
      return json ? "OTLP/HTTP JSON metrics" : "OTLP/HTTP metrics";
  }
  return "OTLP/HTTP";
}

std::string_view grpc_protocol(Signal signal) {
  switch (signal) {
    case Signal::traces:
      return "OTLP/gRPC traces";
    case Signal::logs:
      return "OTLP/gRPC logs";
    case Signal::metrics:
      return "OTLP/gRPC metrics";
  }
  return "OTLP/gRPC";
}

std::string path_of(Signal signal) {
  return "/v1/" + std::string(name_of(signal));
}

Reply reply_through(net::Responder responder) {
  return [responder = std::move(responder)](net::Response response) { responder.send(std::move(response)); };
}

// Every answer to a web page needs these, refusals above all: without them the page cannot read why.
Reply with_headers(Reply reply, net::Headers headers) {
  if (headers.empty()) return reply;
  return [reply = std::move(reply), headers = std::move(headers)](net::Response response) {
    response.headers.insert(response.headers.end(), headers.begin(), headers.end());
    reply(std::move(response));
  };
}

}  // namespace

// What is kept of a request until its answer. The HTTP and the gRPC side differ only in `succeed` and `fail`.
struct Receiver::Exchange {
  Signal signal;
  Sender sender;
  std::optional<EnvironmentId> environment;
  uint64_t bytes = 0;
  bool names_its_service = true;
  std::optional<ClockDoubt> clock_doubt;
  std::shared_ptr<const SenderContext> context;
  std::function<void(const pipeline::Outcome&)> succeed;
  std::function<void(const Status&)> fail;
};

void Receiver::add_routes(Router& router) {
  const auto preflight = [this](net::Request request, net::Responder responder) {
    responder.send(options_.cross_origin.preflight(request));
  };
  const auto add = [&](const std::string& path, net::Handler handler) {
    router.add("POST", path, std::move(handler));
    router.add("OPTIONS", path, preflight);
  };
  for (const Signal signal : kSignals) {
    add(path_of(signal), [this, signal](net::Request request, net::Responder responder) {
      receive(signal, std::move(request), reply_through(std::move(responder)));
    });
    // A base endpoint that ends in the path of one signal sends all three here.
    for (const Signal prefix : kSignals) {
      add(path_of(prefix) + path_of(signal), [this, signal](net::Request request, net::Responder responder) {
        count(Counter::otlp_path_mistaken);
        receive(signal, std::move(request), reply_through(std::move(responder)));
      });
    }
    router.add_grpc(export_method(signal),
                    [this, signal](net::GrpcRequest request, net::GrpcResponder responder) {
                      receive(signal, std::move(request), std::move(responder));
                    });
  }
  for (const auto& [path, signal] : options_.more_paths) {
    add(path, [this, signal](net::Request request, net::Responder responder) {
      receive(signal, std::move(request), reply_through(std::move(responder)));
    });
  }
  add("/", [this](net::Request request, net::Responder responder) {
    receive_at_root(std::move(request), reply_through(std::move(responder)));
  });
  add("/v1development/profiles", [this](net::Request request, net::Responder responder) {
    refuse_profiles(std::move(request), reply_through(std::move(responder)));
  });
  router.add_grpc("/opentelemetry.proto.collector.profiles.v1development.ProfilesService/Export",
                  [this](net::GrpcRequest request, net::GrpcResponder responder) {
                    count(Counter::profiles_refused);
                    arrivals_.refused(std::nullopt, sender_of(request, "OTLP/gRPC profiles"), 501,
                                      kNoProfiles, remedy::kProfiles);
                    responder(grpc_failure(Status(ErrorKind::unsupported, std::string(kNoProfiles))));
                  });
}

void Receiver::receive(Signal signal, net::Request request, Reply reply) {
  count(Counter::otlp_requests);
  reply = with_headers(std::move(reply), options_.cross_origin.headers_for(request));
  const std::string_view body = request.body.view();
  const std::optional<EncodingChoice> choice = choose_encoding(request.header("content-type"), body);
  const Encoding encoding = choice ? choice->encoding : Encoding::json;

  auto exchange = std::make_shared<Exchange>();
  exchange->signal = signal;
  exchange->sender = sender_of(request, http_protocol(signal, encoding));
  exchange->bytes = body.size();
  exchange->succeed = [reply, signal, encoding](const pipeline::Outcome& outcome) {
    reply(http_success(signal, encoding, outcome));
  };
  exchange->fail = [reply, encoding](const Status& failure) { reply(http_failure(encoding, failure)); };

  if (!admit(*exchange, request.headers, request.peer)) return;
  if (!choice) {
    count(Counter::unsupported_content_type);
    arrivals_.refused(exchange->environment, exchange->sender, 415, kWrongContentType, remedy::kContentType);
    net::Response response = net::text_response(415, "415 " + std::string(kWrongContentType));
    response.reason = reason_phrase_of(kWrongContentType);
    return reply(std::move(response));
  }
  if (!choice->as_declared) {
    count(Counter::otlp_content_type_mismatch);
    arrivals_.noted(
        *exchange->environment, exchange->sender,
        "the body is " + std::string(content_type_of(encoding)) + ", the content type says otherwise",
        remedy::kMismatch);
  }
  if (options_.more_paths.empty() && request.path != path_of(signal) &&
      request.path != path_of(signal) + '/') {
    arrivals_.noted(*exchange->environment, exchange->sender,
                    "OTLP sent to " + reason_phrase_of(request.path), remedy::kPath);
  }
  if (body.empty() || encoding == Encoding::protobuf)
    return pass_on(std::move(exchange), prepared(signal, request.headers, std::move(request.body)));
  Result<std::string> protobuf = json_to_protobuf(signal, body);
  if (!protobuf.ok()) return refuse(*exchange, protobuf.status(), remedy_for(protobuf.status().kind()));
  pass_on(std::move(exchange), prepared(signal, request.headers, SharedBytes(std::move(*protobuf))));
}

void Receiver::receive(Signal signal, net::GrpcRequest request, net::GrpcResponder reply) {
  count(Counter::otlp_requests);
  auto exchange = std::make_shared<Exchange>();
  exchange->signal = signal;
  exchange->sender = sender_of(request, grpc_protocol(signal));
  exchange->bytes = request.message.size();
  exchange->succeed = [reply, signal](const pipeline::Outcome& outcome) {
    reply(grpc_success(signal, outcome));
  };
  exchange->fail = [reply](const Status& failure) { reply(grpc_failure(failure)); };
  if (!admit(*exchange, request.metadata, request.peer)) return;
  pass_on(std::move(exchange), prepared(signal, request.metadata, std::move(request.message)));
}

void Receiver::receive_at_root(net::Request request, Reply reply) {
  const auto choice = choose_encoding(request.header("content-type"), request.body.view());
  const std::optional<Signal> signal =
      choice ? detect_signal(choice->encoding, request.body.view()) : std::optional<Signal>();
  if (signal) {
    count(Counter::otlp_path_mistaken);
    return receive(*signal, std::move(request), std::move(reply));
  }
  count(Counter::unknown_path);
  arrivals_.refused(std::nullopt, sender_of(request, "HTTP"), 404, kWhichPath, remedy::kPath);
  reply = with_headers(std::move(reply), options_.cross_origin.headers_for(request));
  reply(http_failure(choice ? choice->encoding : Encoding::json,
                     Status(ErrorKind::not_found, std::string(kWhichPath))));
}

void Receiver::refuse_profiles(net::Request request, Reply reply) {
  count(Counter::profiles_refused);
  arrivals_.refused(std::nullopt, sender_of(request, "OTLP/HTTP profiles"), 501, kNoProfiles,
                    remedy::kProfiles);
  const auto choice = choose_encoding(request.header("content-type"), request.body.view());
  reply = with_headers(std::move(reply), options_.cross_origin.headers_for(request));
  reply(http_failure(choice ? choice->encoding : Encoding::json,
                     Status(ErrorKind::unsupported, std::string(kNoProfiles))));
}

bool Receiver::admit(Exchange& exchange, const net::Headers& headers, const std::string& peer) {
  std::string subject;
  if (options_.authenticate) {
    Result<std::string> taken_for = options_.authenticate(headers);
    if (!taken_for.ok()) {
      count(Counter::unknown_key);
      refuse(exchange, taken_for.status(), remedy::kAuthenticator);
      return false;
    }
    subject = std::move(*taken_for);
  }
  if (options_.keeps_sender)
    exchange.context =
        std::make_shared<const SenderContext>(SenderContext{headers, peer, std::move(subject)});
  const std::optional<std::string> key = sender_key(headers);
  const Result<control::Grant> grant =
      access_.grant(key ? std::optional<std::string_view>(*key) : std::nullopt);
  Status failure = grant.status();
  if (grant.ok()) {
    exchange.environment = grant->environment;
    if (grant->permissions.has(control::Permission::send_events)) return true;
    failure = Status(ErrorKind::forbidden, "this API key does not have the permission send_events");
  }
  if (failure.kind() != ErrorKind::unauthenticated) {
    refuse(exchange, failure, remedy_for(failure.kind()));
  } else if (key) {
    count(Counter::unknown_key);
    refuse(exchange, failure, remedy::kUnknownKey);
  } else {
    count(Counter::missing_key);
    refuse(exchange,
           Status(failure.kind(),
                  std::string(failure.message()) + " (headers seen: " + header_names(headers) + ")"),
           remedy::kMissingKey);
  }
  return false;
}

SharedBytes Receiver::prepared(Signal signal, const net::Headers& headers, SharedBytes protobuf) const {
  if (!options_.prepare || protobuf.empty()) return protobuf;
  return options_.prepare(signal, headers, std::move(protobuf));
}

void Receiver::pass_on(std::shared_ptr<Exchange> exchange, SharedBytes protobuf) {
  if (protobuf.empty()) return finish(*exchange, pipeline::Outcome());
  exchange->names_its_service = names_its_service(protobuf.view());
  exchange->clock_doubt = doubt_about_clock(exchange->signal, protobuf.view(), now());
  Batch batch{.signal = exchange->signal,
              .environment = *exchange->environment,
              .otlp = std::move(protobuf),
              .items = 0,
              .sender = exchange->context};
  next_.consume(std::move(batch), [this, exchange = std::move(exchange)](const pipeline::Outcome& outcome) {
    finish(*exchange, outcome);
  });
}

void Receiver::finish(const Exchange& exchange, const pipeline::Outcome& outcome) {
  if (!outcome.status.ok()) return refuse(exchange, outcome.status, remedy_for(outcome.status.kind()));
  arrivals_.accepted(*exchange.environment, exchange.sender, outcome.accepted, exchange.bytes);
  if (!exchange.names_its_service) {
    arrivals_.noted(*exchange.environment, exchange.sender, "the service has no name", remedy::kUnnamed);
  }
  if (exchange.clock_doubt) {
    arrivals_.noted(*exchange.environment, exchange.sender, exchange.clock_doubt->what,
                    exchange.clock_doubt->remedy);
  }
  if (outcome.rejected > 0 || !outcome.rejection.empty()) {
    arrivals_.noted(*exchange.environment, exchange.sender, outcome.rejection, remedy::kPartial);
  }
  exchange.succeed(outcome);
}

void Receiver::refuse(const Exchange& exchange, const Status& failure, std::string_view remedy) {
  if (failure.kind() == ErrorKind::bad_input) count(Counter::otlp_malformed);
  arrivals_.refused(exchange.environment, exchange.sender, net::http_status_of(failure.kind()),
                    failure.message(), remedy);
  exchange.fail(failure);
}

}  // namespace clew::otlp
