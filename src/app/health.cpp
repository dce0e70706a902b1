#include "app/health.h"

#include <utility>

#include "base/counters.h"

namespace clew::app {

void add_health_routes(Router& router, std::function<Readiness()> readiness) {
  router.add("GET", "/healthz", [](const net::Request& /*request*/, const net::Responder& responder) {
    responder.send(net::text_response(200, "alive\n"));
  });
  router.add(
      "GET", "/readyz",
      [readiness = std::move(readiness)](const net::Request& /*request*/, const net::Responder& responder) {
        const Readiness now = readiness();
        std::string text = now.status.ok() ? "ready" : std::string(now.status.message());
        for (const std::string& note : now.notes) text += "\n" + note;
        responder.send(net::text_response(now.status.ok() ? 200 : 503, text + "\n"));
      });
  router.add("GET", "/metrics", [](const net::Request& /*request*/, const net::Responder& responder) {
    responder.send({.status = 200,
                    .headers = {{"content-type", "text/plain; version=0.0.4; charset=utf-8"}},
                    .body = counters_as_prometheus_text()});
  });
}

}  // namespace clew::app
