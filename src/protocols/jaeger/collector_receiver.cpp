#include "protocols/jaeger/collector_receiver.h"

#include <algorithm>
#include <optional>
#include <vector>

#include <fmt/format.h>

#include "base/log.h"
#include "net/address.h"
#include "pipeline/config/section.h"
#include "protocols/collector_door.h"
#include "protocols/datagram_door.h"
#include "protocols/jaeger/receiver.h"
#include "protocols/jaeger/span_datagrams.h"

namespace clew::jaeger {
namespace {

using pipeline::Section;

struct Settings {
  std::vector<CollectorDoorSettings> doors;
  std::vector<net::UdpOptions> datagram_doors;
};

// A door and whoever answers there.
struct TcpDoor {
  TcpDoor(const CollectorDoorSettings& settings, const pipeline::Site& site, pipeline::Consumer& next)
      : door(settings, site), receiver({.intake = intake_through(door, next)}) {
    receiver.register_routes(door.router());
  }
  CollectorDoor door;
  Receiver receiver;
};

class CollectorReceiver final : public pipeline::Receiver {
 public:
  CollectorReceiver(Settings settings, const pipeline::Site& site, pipeline::Consumer& next)
      : settings_(std::move(settings)), next_(next) {
    for (const CollectorDoorSettings& door : settings_.doors)
      doors_.push_back(std::make_unique<TcpDoor>(door, site, next));
  }
  ~CollectorReceiver() override { stop(); }

  Status start() override {
    const Status opened = open();
    if (!opened.ok()) stop();
    return opened;
  }

  void stop() override {
    for (const auto& door : datagram_doors_) door->close();
    for (const auto& door : doors_) door->door.close();
    if (intake_) intake_->stop();
  }

 private:
  Status open() {
    for (const auto& door : doors_) CLEW_TRY(door->door.open("Jaeger"));
    if (settings_.datagram_doors.empty()) return {};
    intake_ = std::make_unique<DatagramIntake>(
        span_datagrams(), DatagramIntakeOptions{.consumer = &next_, .arrivals = &arrivals_});
    for (const net::UdpOptions& options : settings_.datagram_doors) {
      CLEW_ASSIGN(std::unique_ptr<DatagramDoor> door, DatagramDoor::open(options, "Jaeger UDP", *intake_));
      log_info("collector",
               fmt::format("receiving Jaeger over UDP at {} (port {})", options.address, door->port()));
      datagram_doors_.push_back(std::move(door));
    }
    return {};
  }

  const Settings settings_;
  pipeline::Consumer& next_;
  Arrivals arrivals_;
  std::vector<std::unique_ptr<TcpDoor>> doors_;
  std::unique_ptr<DatagramIntake> intake_;
  std::vector<std::unique_ptr<DatagramDoor>> datagram_doors_;
};

CollectorDoorSettings read_grpc(Section&& section) {
  CollectorDoorSettings door;
  door.endpoint = "localhost:14250";
  read_collector_door(section, door);
  uint64_t most_mib = 4;
  section.read("max_recv_msg_size_mib", most_mib);
  door.limits.body_bytes = std::max<uint64_t>(most_mib, 1) << 20;
  section.ignore({"max_concurrent_streams", "keepalive"});
  return door;
}

net::UdpOptions read_udp(Section&& section, const char* endpoint) {
  net::UdpOptions options{.address = endpoint};
  section.read("endpoint", options.address);
  if (const auto where = net::parse_host_and_port(options.address); !where.ok())
    section.error("endpoint",
                  fmt::format("expected host:port, as in localhost:6831, got '{}'", options.address));
  uint64_t buffer = 0;
  section.read("socket_buffer_size", buffer);
  if (buffer > 0) options.receive_buffer_bytes = buffer;
  // Datagrams of any size are taken, and gathered by bytes.
  section.ignore({"queue_size", "max_packet_size", "workers"});
  return options;
}

}  // namespace

pipeline::MakeReceiver configure_collector_receiver(Section& section) {
  Settings settings;
  Section protocols = section.section("protocols");
  if (protocols.has("grpc")) settings.doors.push_back(read_grpc(protocols.section("grpc")));
  if (protocols.has("thrift_http")) {
    Section http = protocols.section("thrift_http");
    CollectorDoorSettings& door = settings.doors.emplace_back();
    door.endpoint = "localhost:14268";
    read_collector_http_door(http, door);
  }
  if (protocols.has("thrift_compact"))
    settings.datagram_doors.push_back(read_udp(protocols.section("thrift_compact"), "localhost:6831"));
  if (protocols.has("thrift_binary"))
    settings.datagram_doors.push_back(read_udp(protocols.section("thrift_binary"), "localhost:6832"));
  if (settings.doors.empty() && settings.datagram_doors.empty())
    section.error("protocols",
                  "expected at least one of grpc, thrift_http, thrift_compact and thrift_binary");
  section.ignore({"remote_sampling"});
  return [settings](const pipeline::Site& site,
                    pipeline::Consumer& next) -> Result<std::unique_ptr<pipeline::Receiver>> {
    for (const CollectorDoorSettings& door : settings.doors) CLEW_TRY(check_authenticator(door, site));
    return std::unique_ptr<pipeline::Receiver>(std::make_unique<CollectorReceiver>(settings, site, next));
  };
}

}  // namespace clew::jaeger
