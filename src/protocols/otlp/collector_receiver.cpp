#include "protocols/otlp/collector_receiver.h"

#include "pipeline/config/section.h"
#include "protocols/collector_door.h"
#include "protocols/otlp/receiver.h"

namespace clew::otlp {
namespace {

using pipeline::Section;

// One door: `protocols.grpc` or `protocols.http`. Both speak both.
struct DoorSettings {
  CollectorDoorSettings door;
  std::vector<std::pair<std::string, Signal>> paths;
};

class OpenDoor {
 public:
  OpenDoor(const DoorSettings& settings, const pipeline::Site& site, pipeline::Consumer& next)
      : door_(settings.door, site),
        receiver_(next, door_.access(), door_.arrivals(), options(settings, door_)) {
    receiver_.add_routes(door_.router());
  }

  Status open() { return door_.open("OTLP"); }
  void close() { door_.close(); }

 private:
  static ReceiverOptions options(const DoorSettings& settings, const CollectorDoor& door) {
    ReceiverOptions options{.cross_origin = CrossOrigin(settings.door.allowed_origins)};
    options.keeps_sender = door.keeps_senders();
    options.more_paths = settings.paths;
    if (const pipeline::ServerAuthenticator* authenticator = door.authenticator())
      options.authenticate = [authenticator](const net::Headers& headers) {
        return authenticator->authenticate(headers);
      };
    return options;
  }

  CollectorDoor door_;
  Receiver receiver_;
};

class CollectorReceiver final : public pipeline::Receiver {
 public:
  CollectorReceiver(const std::vector<DoorSettings>& doors, const pipeline::Site& site,
                    pipeline::Consumer& next) {
    for (const DoorSettings& door : doors) doors_.push_back(std::make_unique<OpenDoor>(door, site, next));
  }
  Status start() override {
    for (const auto& door : doors_) {
      const Status opened = door->open();
      if (opened.ok()) continue;
      stop();
      return opened;
    }
    return {};
  }
  void stop() override {
    for (const auto& door : doors_) door->close();
  }

 private:
  std::vector<std::unique_ptr<OpenDoor>> doors_;
};

DoorSettings read_grpc(Section&& section) {
  DoorSettings settings;
  settings.door.endpoint = "localhost:4317";
  read_collector_door(section, settings.door);
  uint64_t most_mib = 4;
  section.read("max_recv_msg_size_mib", most_mib);
  settings.door.limits.body_bytes = std::max<uint64_t>(most_mib, 1) << 20;
  section.ignore({"max_concurrent_streams", "keepalive"});
  return settings;
}

DoorSettings read_http(Section&& section) {
  DoorSettings settings;
  settings.door.endpoint = "localhost:4318";
  read_collector_http_door(section, settings.door);
  for (const Signal signal : {Signal::traces, Signal::logs, Signal::metrics}) {
    std::string path;
    const std::string name(name_of(signal));
    if (!section.read(name + "_url_path", path) || path == "/v1/" + name) continue;
    if (!path.starts_with('/')) path.insert(0, "/");
    settings.paths.emplace_back(path, signal);
  }
  section.ignore({"profiles_url_path"});
  return settings;
}

}  // namespace

pipeline::MakeReceiver configure_collector_receiver(Section& section) {
  std::vector<DoorSettings> doors;
  Section protocols = section.section("protocols");
  if (protocols.has("grpc")) doors.push_back(read_grpc(protocols.section("grpc")));
  if (protocols.has("http")) doors.push_back(read_http(protocols.section("http")));
  if (doors.empty())
    section.error(
        "protocols",
        "expected at least one of grpc and http; 'http:' with nothing behind it takes the defaults");
  return [doors](const pipeline::Site& site,
                 pipeline::Consumer& next) -> Result<std::unique_ptr<pipeline::Receiver>> {
    for (const DoorSettings& one : doors) CLEW_TRY(check_authenticator(one.door, site));
    return std::unique_ptr<pipeline::Receiver>(std::make_unique<CollectorReceiver>(doors, site, next));
  };
}

}  // namespace clew::otlp
