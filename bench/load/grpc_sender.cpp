#include "grpc_sender.h"

#include <cstdio>
#include <cstdlib>

#include "telemetry/otlp_services.h"

namespace clew::load {

GrpcSender::GrpcSender(Target target)
    : method_(export_method(target.path == "/v1/logs" ? Signal::logs : Signal::traces)) {
  auto client = net::GrpcClient::create({.server = "127.0.0.1:" + std::to_string(target.port)});
  if (!client.ok()) {
    std::fprintf(stderr, "%s\n", std::string(client.status().message()).c_str());
    std::exit(1);
  }
  client_ = std::move(client).value();
}

std::optional<Answer> GrpcSender::post(std::string_view body) {
  const net::GrpcAnswer answer = client_->call_and_wait(method_, std::string(body), {.timeout = seconds(60)});
  switch (answer.code) {
    case net::GrpcCode::ok:
      return Answer{200, ""};
    case net::GrpcCode::unavailable:
    case net::GrpcCode::resource_exhausted:
      return Answer{503, answer.error};
    default:
      return Answer{400, answer.error};
  }
}

}  // namespace clew::load
