#include "protocols/jaeger/receiver.h"

#include <fmt/format.h>

#include "base/counters.h"
#include "net/url_encoding.h"
#include "protocols/jaeger/proto_batch.h"
#include "protocols/jaeger/sampling.h"
#include "protocols/jaeger/thrift_batch.h"
#include "protocols/sender_key.h"

namespace clew::jaeger {
namespace {

// In the words of Jaeger's collector.
Status check_content_type(const net::Request& request) {
  const std::string_view declared = request.header("content-type").value_or(std::string_view());
  std::string_view type = declared.substr(0, declared.find(';'));
  while (type.ends_with(' ')) type.remove_suffix(1);
  if (type == "application/x-thrift" || type == "application/vnd.apache.thrift.binary") return {};
  count(Counter::jaeger_malformed);
  if (type.empty()) return {ErrorKind::bad_input, "Cannot parse content type: mime: no media type"};
  return {ErrorKind::bad_input, fmt::format("Unsupported content type: {}", type)};
}

Result<std::string> in_words_of_jaeger(Result<std::string> otlp) {
  if (otlp.ok()) return otlp;
  count(Counter::jaeger_malformed);
  return std::move(otlp).status().within("Unable to process request body");
}

}  // namespace

Receiver::Receiver(ReceiverOptions options)
    : access_(options.intake.access), sampling_(options.sampling), intake_(std::move(options.intake)) {}

void Receiver::register_routes(Router& router) {
  router.add("POST", "/api/traces", [this](const net::Request& request, const net::Responder& responder) {
    take(request, responder);
  });
  for (const char* path : {"/sampling", "/api/sampling"})
    router.add("GET", path, [this](const net::Request& request, const net::Responder& responder) {
      responder.send(strategy(request));
    });
  router.add_grpc("/jaeger.api_v2.CollectorService/PostSpans",
                  [this](const net::GrpcRequest& request, const net::GrpcResponder& responder) {
                    take(request, responder);
                  });
  router.add_grpc("/jaeger.api_v2.SamplingManager/GetSamplingStrategy",
                  [this](const net::GrpcRequest& request, const net::GrpcResponder& responder) {
                    responder(strategy(request));
                  });
}

void Receiver::take(const net::Request& request, const net::Responder& responder) const {
  count(Counter::jaeger_requests);
  intake_.take({.sender = sender_of(request, "Jaeger Thrift"),
                .headers = request.headers,
                .peer = request.peer,
                .bytes = request.body.size(),
                .translate = [&]() -> Result<std::string> {
                  CLEW_TRY(check_content_type(request));
                  return in_words_of_jaeger(read_batch(request.body.view()));
                },
                .finish = [responder](const Status& outcome) { responder.send(intake_answer(outcome)); }});
}

void Receiver::take(const net::GrpcRequest& request, const net::GrpcResponder& responder) const {
  count(Counter::jaeger_requests);
  intake_.take({.sender = sender_of(request, "Jaeger gRPC"),
                .headers = request.metadata,
                .peer = request.peer,
                .bytes = request.message.size(),
                .translate = [&] { return in_words_of_jaeger(read_post_spans(request.message.view())); },
                .finish = [responder](const Status& outcome) { responder(grpc_intake_answer(outcome)); }});
}

// Clients that ask have no key to show, and learn nothing about the data: they are told what holds in the
// default environment. One that shows a key is told what holds in its own.
control::SamplingStrategy Receiver::told(const net::Headers& headers, std::string_view service) const {
  if (sampling_ == nullptr) return {};
  EnvironmentId environment = kDefaultEnvironment;
  const std::optional<std::string> key = access_ == nullptr ? std::nullopt : sender_key(headers);
  if (key) {
    const Result<control::Grant> grant = access_->grant(std::string_view(*key));
    if (grant.ok()) environment = grant->environment;
  }
  return sampling_->tell(environment, service, now());
}

net::Response Receiver::strategy(const net::Request& request) const {
  count(Counter::jaeger_sampling_asked);
  const std::optional<std::string> service = request.parameter("service");
  const size_t first = request.query.find("service=");
  const bool repeated =
      first != std::string::npos && request.query.find("&service=", first) != std::string::npos;
  if (!service || service->empty() || repeated)
    return net::text_response(400, "'service' parameter must be provided once\n");
  return net::json_response(200, strategy_json(told(request.headers, *service)));
}

net::GrpcResponse Receiver::strategy(const net::GrpcRequest& request) const {
  count(Counter::jaeger_sampling_asked);
  const Result<std::string> service = service_in_parameters(request.message.view());
  if (!service.ok()) return grpc_intake_answer(service.status());
  net::GrpcResponse response;
  response.message = strategy_proto(told(request.metadata, *service));
  return response;
}

}  // namespace clew::jaeger
