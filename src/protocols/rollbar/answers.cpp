#include "protocols/rollbar/answers.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/counters.h"

namespace clew::rollbar {
namespace {

// clew limits nobody; clients that look are told of plenty.
constexpr int kPlenty = 100'000;
constexpr int64_t kWindowSeconds = 60;

// A page of another origin may read every answer, also one that says no; the limits are those of no limit.
void finish(net::Response& response, UnixNanos now) {
  const int64_t second = now.count / 1'000'000'000;
  const int64_t reset = (second / kWindowSeconds + 1) * kWindowSeconds;
  response.headers.emplace_back("access-control-allow-origin", "*");
  response.headers.emplace_back("access-control-expose-headers",
                                "X-Rate-Limit-Limit, X-Rate-Limit-Remaining, X-Rate-Limit-Reset, "
                                "X-Rate-Limit-Remaining-Seconds");
  response.headers.emplace_back("x-rate-limit-limit", fmt::format("{}", kPlenty));
  response.headers.emplace_back("x-rate-limit-remaining", fmt::format("{}", kPlenty - 1));
  response.headers.emplace_back("x-rate-limit-reset", fmt::format("{}", reset));
  response.headers.emplace_back("x-rate-limit-remaining-seconds", fmt::format("{}", reset - second));
}

}  // namespace

net::Response result(JsonValue value) {
  JsonValue envelope;
  envelope["err"] = 0;
  envelope["result"] = std::move(value);
  return net::json_response(200, envelope.text());
}

net::Response failure(int status, std::string_view message) {
  count(Counter::rollbar_refused);
  JsonValue envelope;
  envelope["err"] = 1;
  envelope["message"] = message;
  return net::json_response(status, envelope.text());
}

net::Response refused(const Status& status) {
  switch (status.kind()) {
    case ErrorKind::unauthenticated:
      return failure(403, status.message());
    case ErrorKind::bad_input:
      return failure(422, status.message());
    default:
      return failure(net::http_status_of(status.kind()), status.message());
  }
}

void send(const net::Responder& responder, net::Response response) {
  finish(response, now());
  responder.send(std::move(response));
}

net::Response preflight(const net::Request& request) {
  net::Response response{.status = 204, .reason = {}, .headers = {}, .body = {}};
  response.headers.emplace_back("access-control-allow-origin", "*");
  response.headers.emplace_back("access-control-allow-methods", "GET, POST, PUT, PATCH, OPTIONS");
  std::string allowed = "content-type, x-rollbar-access-token, x-rollbar-replay-id";
  // Whatever else the page's client adds: names only, and no secrets of ours depend on them.
  if (const auto asked = request.header("access-control-request-headers"); asked && asked->size() < 1000)
    allowed.append(", ").append(*asked);
  response.headers.emplace_back("access-control-allow-headers", allowed);
  response.headers.emplace_back("access-control-max-age", "600");
  return response;
}

void add_common_routes(Router& router) {
  router.add("OPTIONS", "/api/1/*", [](const net::Request& request, const net::Responder& responder) {
    responder.send(preflight(request));
  });
  router.add("GET", "/api/1/status/ping", [](const net::Request&, const net::Responder& responder) {
    send(responder, net::text_response(200, "pong"));
  });
}

}  // namespace clew::rollbar
