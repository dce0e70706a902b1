#include "protocols/xray/api_proxy.h"

#include <utility>

namespace clew::xray {
namespace {

constexpr unsigned kThreads = 4;
constexpr size_t kWaiting = 256;

// Headers of one connection, and those that are made anew.
bool is_forwarded(std::string_view name) {
  for (const std::string_view own :
       {"host", "connection", "content-length", "transfer-encoding", "accept-encoding", "content-encoding",
        "authorization", "x-amz-date", "x-amz-security-token", "keep-alive", "date", "expect", "upgrade"}) {
    if (name == own) return false;
  }
  return true;
}

}  // namespace

ApiProxy::ApiProxy(DocumentSender& sender, std::function<void(std::string_view)> on_failure)
    : sender_(sender), on_failure_(std::move(on_failure)), workers_(kThreads, kWaiting) {}

Status ApiProxy::open(const std::string& address) {
  net::ServerOptions options;
  options.doors = {{address}};
  options.threads = 1;
  CLEW_ASSIGN(server_, net::Server::start(
                           std::move(options),
                           [this](net::Request request, net::Responder responder) {
                             forward(std::move(request), responder);
                           },
                           [](const net::GrpcRequest&, const net::GrpcResponder& responder) {
                             responder({.code = net::GrpcCode::unimplemented,
                                        .error = "X-Ray speaks no gRPC",
                                        .message = {},
                                        .status_details = {}});
                           }));
  return {};
}

void ApiProxy::close() {
  workers_.stop();
  if (server_) server_->stop(seconds(1));
}

// Any method and path.
void ApiProxy::forward(net::Request request, const net::Responder& responder) {
  auto shared = std::make_shared<net::Request>(std::move(request));
  const bool taken = workers_.submit([this, shared, responder] {
    net::Headers headers;
    for (const auto& [name, value] : shared->headers) {
      if (is_forwarded(name)) headers.emplace_back(name, value);
    }
    const std::string target = shared->path + (shared->query.empty() ? "" : "?" + shared->query);
    auto answer = sender_.call(shared->method, target, headers, std::string(shared->body.view()));
    if (!answer.ok()) {
      on_failure_(answer.status().message());
      return responder.send(net::text_response(502, std::string(answer.status().message())));
    }
    net::Response response{
        .status = answer->status, .reason = {}, .headers = {}, .body = std::move(answer->body)};
    for (const auto& [name, value] : answer->headers) {
      if (is_forwarded(name)) response.headers.emplace_back(name, value);
    }
    responder.send(std::move(response));
  });
  if (!taken) responder.send(net::text_response(503, "too many requests wait for the endpoint"));
}

}  // namespace clew::xray
