// health_check: answers whether the collector runs, for load balancers and orchestrators.
#include <fmt/format.h>

#include "net/address.h"
#include "pipeline/config/section.h"
#include "pipeline/extensions/extensions.h"
#include "pipeline/service/figures_door.h"

namespace clew::pipeline {
namespace {

struct Settings {
  std::string endpoint = "localhost:13133";
  std::string path = "/";
  std::optional<std::string> healthy, unhealthy;
};

class HealthCheck final : public Extension {
 public:
  HealthCheck(Settings settings, const CollectorView& collector)
      : settings_(std::move(settings)), collector_(collector) {}

  Status start() override {
    CLEW_ASSIGN(door_, FiguresDoor::open(settings_.endpoint,
                                         [this](const net::Request& request) { return answer(request); }));
    return {};
  }
  void stop() override { door_.reset(); }

 private:
  net::Response answer(const net::Request& request) const {
    if (request.path != settings_.path) return net::text_response(404, "404\n");
    const bool ready = collector_.is_ready();
    const int status = ready ? 200 : 503;
    if (const auto& body = ready ? settings_.healthy : settings_.unhealthy)
      return net::text_response(status, *body);
    if (!ready) return net::json_response(status, R"({"status":"Server not available"})");
    const UnixNanos since = collector_.started_at();
    return net::json_response(
        status, fmt::format(R"({{"status":"Server available","upSince":"{}","uptime":"{:.3f}s"}})",
                            to_rfc3339(since), (now() - since).to_seconds()));
  }

  const Settings settings_;
  const CollectorView& collector_;
  std::unique_ptr<FiguresDoor> door_;
};

}  // namespace

MakeExtension configure_health_check(Section& section) {
  Settings settings;
  section.read("endpoint", settings.endpoint);
  section.read("path", settings.path);
  {
    Section body = section.section("response_body");
    body.read("healthy", settings.healthy);
    body.read("unhealthy", settings.unhealthy);
  }
  section.refuse("tls", "clew answers here without TLS; put it on loopback");
  section.ignore({"check_collector_pipeline", "response_headers", "transport"});
  if (!net::parse_host_and_port(settings.endpoint).ok())
    section.error("endpoint", "expected host:port, as in localhost:13133");
  return [settings](const Site& site) -> Result<std::unique_ptr<Extension>> {
    return std::unique_ptr<Extension>(std::make_unique<HealthCheck>(settings, site.collector));
  };
}

}  // namespace clew::pipeline
