#include "protocols/zipkin/receiver.h"

#include <fmt/format.h>

#include "base/counters.h"
#include "protocols/zipkin/span_list.h"

namespace clew::zipkin {
namespace {

std::string_view protocol_of(Format format) {
  switch (format) {
    case Format::json_v2:
      return "Zipkin JSON";
    case Format::proto:
      return "Zipkin protobuf";
    case Format::json_v1:
      return "Zipkin v1 JSON";
    case Format::thrift:
      return "Zipkin v1 Thrift";
  }
  return "Zipkin";
}

bool is_of_v1(Format format) {
  return format == Format::json_v1 || format == Format::thrift;
}

// The format, or the refusal in the words of Zipkin.
Result<Format> format_of(std::string_view body, Format promised) {
  const std::optional<Format> format = detect_format(body, promised);
  if (format && is_of_v1(*format) == is_of_v1(promised)) return *format;
  count(Counter::zipkin_malformed);
  if (!format) return {ErrorKind::bad_input, fmt::format("Expected a {} encoded list", name_of(promised))};
  return {ErrorKind::bad_input,
          fmt::format("Expected a {} encoded list, but received: {}", name_of(promised), name_of(*format))};
}

}  // namespace

Receiver::Receiver(ReceiverOptions options) : options_(std::move(options)), intake_(options_.intake) {}

void Receiver::register_routes(Router& router) {
  for (const bool is_v1 : {true, false}) {
    const char* path = is_v1 ? "/api/v1/spans" : "/api/v2/spans";
    router.add("POST", path, [this, is_v1](const net::Request& request, const net::Responder& responder) {
      take(is_v1, request, responder);
    });
    router.add("OPTIONS", path, [this](const net::Request& request, const net::Responder& responder) {
      responder.send(options_.cross_origin.preflight(request));
    });
  }
  router.add_grpc("/zipkin.proto3.SpanService/Report",
                  [this](const net::GrpcRequest& request, const net::GrpcResponder& responder) {
                    take(request, responder);
                  });
}

void Receiver::take(bool is_v1, const net::Request& request, const net::Responder& responder) const {
  count(Counter::zipkin_requests);
  const std::string_view body = request.body.view();
  const Format promised = promised_format(is_v1, request.header("content-type").value_or(std::string_view()));
  // An empty list is none: some reporters send one to see whether anybody is there.
  const bool is_empty = body.empty() || body == "[]";
  const Result<Format> format = is_empty ? Result<Format>(promised) : format_of(body, promised);
  intake_.take({.sender = sender_of(request, protocol_of(format.ok() ? *format : promised)),
                .headers = request.headers,
                .peer = request.peer,
                .bytes = body.size(),
                .translate = [&]() -> Result<std::string> {
                  if (!format.ok()) return format.status();
                  if (is_empty) return std::string();
                  return spans_to_otlp(body, *format, {.arrived = now(), .parse_tags = options_.parse_tags});
                },
                .finish =
                    [responder, more = options_.cross_origin.headers_for(request)](const Status& outcome) {
                      net::Response response = intake_answer(outcome);
                      response.headers.insert(response.headers.end(), more.begin(), more.end());
                      responder.send(std::move(response));
                    }});
}

void Receiver::take(const net::GrpcRequest& request, const net::GrpcResponder& responder) const {
  count(Counter::zipkin_requests);
  intake_.take({.sender = sender_of(request, "Zipkin gRPC"),
                .headers = request.metadata,
                .peer = request.peer,
                .bytes = request.message.size(),
                .translate =
                    [&] {
                      return spans_to_otlp(request.message.view(), Format::proto,
                                           {.arrived = now(), .parse_tags = options_.parse_tags});
                    },
                .finish = [responder](const Status& outcome) { responder(grpc_intake_answer(outcome)); }});
}

}  // namespace clew::zipkin
