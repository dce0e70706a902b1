#include "app/health.h"

#include <utility>

#include "base/counters.h"

namespace clew::app {

void add_health_routes(Router& router, std::function<Status()> readiness) {
  router.add("GET", "/healthz", [](const net::Request& /*request*/, const net::Responder& responder) {
    responder.send(net::text_response(200, "alive\n"));
  });
  router.add(
      "GET", "/readyz",
      [readiness = std::move(readiness)](const net::Request& /*request*/, const net::Responder& responder) {
        const Status status = readiness();
        responder.send(status.ok() ? net::text_response(200, "ready\n")
                                   : net::text_response(503, std::string(status.message()) + "\n"));
      });
  router.add("GET", "/metrics", [](const net::Request& /*request*/, const net::Responder& responder) {
    responder.send({.status = 200,
                    .headers = {{"content-type", "text/plain; version=0.0.4; charset=utf-8"}},
                    .body = counters_as_prometheus_text()});
  });
}

}  // namespace clew::app
