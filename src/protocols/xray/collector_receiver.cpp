#include "protocols/xray/collector_receiver.h"

#include <fmt/format.h>

#include "base/log.h"
#include "net/address.h"
#include "net/http_client.h"
#include "pipeline/config/section.h"
#include "protocols/arrivals.h"
#include "protocols/datagram_door.h"
#include "protocols/xray/api_proxy.h"
#include "protocols/xray/aws_surroundings.h"
#include "protocols/xray/segment_datagrams.h"

namespace clew::xray {
namespace {

using pipeline::Section;

struct ReceiverSettings {
  std::string udp_address = "localhost:2000";
  DaemonSettings api;  // what the proxy calls
};

class CollectorReceiver final : public pipeline::Receiver {
 public:
  CollectorReceiver(ReceiverSettings settings, const pipeline::Site& site, pipeline::Consumer& next)
      : settings_(std::move(settings)), name_(site.id.text()), next_(next) {}
  ~CollectorReceiver() override { stop(); }

  Status start() override {
    if (settings_.api.endpoint.empty()) {
      log_warning(
          "collector",
          fmt::format("{}: no region is known (proxy_server::region, AWS_REGION), so that the sampling "
                      "rules of X-Ray are not offered at {}",
                      name_, settings_.api.tcp_address));
    } else {
      CLEW_ASSIGN(sender_, DocumentSender::create(settings_.api));
      proxy_ = std::make_unique<ApiProxy>(*sender_, [this](std::string_view failure) {
        log(LogLevel::debug, "collector", fmt::format("{}: {}", name_, failure));
      });
      CLEW_TRY(proxy_->open(settings_.api.tcp_address));
    }
    intake_ = std::make_unique<DatagramIntake>(
        segment_datagrams(), DatagramIntakeOptions{.consumer = &next_, .arrivals = &arrivals_});
    CLEW_ASSIGN(door_, DatagramDoor::open({.address = settings_.udp_address}, "X-Ray UDP", *intake_));
    return {};
  }

  void stop() override {
    if (door_) door_->close();
    if (intake_) intake_->stop();
    if (proxy_) proxy_->close();
    proxy_.reset();
  }

 private:
  const ReceiverSettings settings_;
  const std::string name_;
  pipeline::Consumer& next_;
  Arrivals arrivals_;
  std::unique_ptr<DocumentSender> sender_;
  std::unique_ptr<ApiProxy> proxy_;
  std::unique_ptr<DatagramIntake> intake_;
  std::unique_ptr<DatagramDoor> door_;
};

void read_proxy(Section&& proxy, DaemonSettings& api) {
  proxy.read("endpoint", api.tcp_address);
  proxy.read("region", api.region);
  proxy.read("aws_endpoint", api.endpoint);
  Section tls = proxy.section("tls");
  bool insecure = false;
  tls.read("insecure", insecure);
  tls.read("insecure_skip_verify", insecure);
  tls.ignore({"server_name_override"});
  api.verify_tls = !insecure;
  proxy.ignore({"local_mode", "service_name", "dialer"});
  proxy.refuse("role_arn",
               "clew takes on no roles; give it the role's credentials in AWS_ACCESS_KEY_ID and its like");
  proxy.refuse("proxy_address", "clew does not offer this");
  if (const auto where = net::parse_host_and_port(api.tcp_address); !where.ok())
    proxy.error("endpoint",
                fmt::format("expected host:port, as in localhost:2000, got '{}'", api.tcp_address));
  if (api.region.empty()) api.region = region_of_environment();
  if (api.endpoint.empty() && !api.region.empty())
    api.endpoint = fmt::format("https://xray.{}.amazonaws.com", api.region);
  while (api.endpoint.ends_with('/')) api.endpoint.pop_back();
  if (const Result<net::Url> url = net::parse_url(api.endpoint); !api.endpoint.empty() && !url.ok())
    proxy.error("aws_endpoint", url.status().message());
  api.credentials = credentials_of_environment();
}

}  // namespace

pipeline::MakeReceiver configure_collector_receiver(Section& section) {
  ReceiverSettings settings;
  settings.api.tcp_address = "localhost:2000";
  std::string transport = "udp";
  section.read("endpoint", settings.udp_address);
  section.read_choice("transport", transport, {"udp"});
  if (const auto where = net::parse_host_and_port(settings.udp_address); !where.ok())
    section.error("endpoint",
                  fmt::format("expected host:port, as in localhost:2000, got '{}'", settings.udp_address));
  read_proxy(section.section("proxy_server"), settings.api);
  return [settings](const pipeline::Site& site,
                    pipeline::Consumer& next) -> Result<std::unique_ptr<pipeline::Receiver>> {
    return std::unique_ptr<pipeline::Receiver>(std::make_unique<CollectorReceiver>(settings, site, next));
  };
}

}  // namespace clew::xray
