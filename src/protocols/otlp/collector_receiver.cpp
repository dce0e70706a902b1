#include "protocols/otlp/collector_receiver.h"

#include <fmt/format.h>

#include "base/log.h"
#include "net/address.h"
#include "net/server.h"
#include "pipeline/config/section.h"
#include "protocols/otlp/receiver.h"

namespace clew::otlp {
namespace {

using pipeline::Section;

// Requests under way may take so long to finish when the collector stops.
constexpr Nanoseconds kGrace = seconds(5);

// One door: `protocols.grpc` or `protocols.http`. Both speak both.
struct DoorSettings {
  std::string endpoint;
  std::optional<net::TlsFiles> tls;
  net::Limits limits;
  std::vector<std::string> allowed_origins;
  std::vector<std::pair<std::string, Signal>> paths;
  std::optional<pipeline::ComponentId> authenticator;
  bool include_metadata = false;
};

class Everyone final : public control::Access {
 public:
  Result<EnvironmentId> admit(std::optional<std::string_view>) const override { return kDefaultEnvironment; }
};

class OpenDoor {
 public:
  OpenDoor(DoorSettings settings, const pipeline::Site& site, pipeline::Consumer& next)
      : settings_(std::move(settings)), receiver_(next, everyone_, arrivals_, options(settings_, site)) {
    receiver_.add_routes(router_);
  }

  Status open() {
    net::ServerOptions options{.doors = {{settings_.endpoint}},
                               .tls = settings_.tls,
                               .limits = settings_.limits,
                               .on_mistake = [](std::string_view line) { log_warning("net", line); }};
    CLEW_ASSIGN(server_, net::Server::start(
                             std::move(options),
                             [this](net::Request request, net::Responder responder) {
                               router_.handle(std::move(request), std::move(responder));
                             },
                             [this](net::GrpcRequest request, net::GrpcResponder responder) {
                               router_.handle_grpc(std::move(request), std::move(responder));
                             }));
    log_info("collector", fmt::format("receiving OTLP at {}{} (port {})", settings_.endpoint,
                                      settings_.tls ? " with TLS" : "", server_->ports().front()));
    return {};
  }

  void close() {
    if (server_) server_->stop(kGrace);
    server_.reset();
  }

 private:
  static ReceiverOptions options(const DoorSettings& settings, const pipeline::Site& site) {
    ReceiverOptions options{.cross_origin = CrossOrigin(settings.allowed_origins)};
    options.keeps_sender = settings.include_metadata || settings.authenticator.has_value();
    options.more_paths = settings.paths;
    if (!settings.authenticator) return options;
    if (pipeline::Extension* extension = site.extension(*settings.authenticator))
      if (pipeline::ServerAuthenticator* authenticator = extension->server_authenticator())
        options.authenticate = [authenticator](const net::Headers& headers) {
          return authenticator->authenticate(headers);
        };
    return options;
  }

  const DoorSettings settings_;
  const Everyone everyone_;
  Arrivals arrivals_;
  Router router_;
  Receiver receiver_;
  std::unique_ptr<net::Server> server_;
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

void read_tls(Section&& tls, DoorSettings& door) {
  net::TlsFiles files;
  tls.read("cert_file", files.certificate);
  tls.read("key_file", files.key);
  tls.read("client_ca_file", files.client_ca);
  tls.ignore({"min_version", "max_version", "reload_interval", "cipher_suites", "curve_preferences",
              "client_ca_file_reload", "include_system_ca_certs_pool", "ca_file"});
  for (const char* key : {"cert_pem", "key_pem", "ca_pem"})
    tls.refuse(key, "clew reads certificates from files; use cert_file and key_file");
  if (files.certificate.empty() != files.key.empty()) tls.error("expected cert_file and key_file together");
  if (!files.certificate.empty()) door.tls = std::move(files);
}

void read_common(Section& section, DoorSettings& door) {
  section.read("endpoint", door.endpoint);
  // An endpoint without a host means every address, as in Go.
  if (const auto where = net::parse_host_and_port(door.endpoint); !where.ok())
    section.error("endpoint",
                  fmt::format("expected host:port, as in localhost:4317, got '{}'", door.endpoint));
  section.read("include_metadata", door.include_metadata);
  if (section.has("tls")) read_tls(section.section("tls"), door);
  Section auth = section.section("auth");
  auth.read_extension("authenticator", door.authenticator);
  auth.ignore({"request_params"});
  section.ignore({"read_buffer_size", "write_buffer_size", "transport"});
}

DoorSettings read_grpc(Section&& section) {
  DoorSettings door{.endpoint = "localhost:4317"};
  read_common(section, door);
  uint64_t most_mib = 4;
  section.read("max_recv_msg_size_mib", most_mib);
  door.limits.body_bytes = std::max<uint64_t>(most_mib, 1) << 20;
  section.ignore({"max_concurrent_streams", "keepalive"});
  return door;
}

DoorSettings read_http(Section&& section) {
  DoorSettings door{.endpoint = "localhost:4318"};
  read_common(section, door);
  uint64_t most = 20 << 20;
  section.read("max_request_body_size", most);
  if (most > 0) door.limits.body_bytes = most;
  for (const Signal signal : {Signal::traces, Signal::logs, Signal::metrics}) {
    std::string path;
    const std::string name(name_of(signal));
    if (!section.read(name + "_url_path", path) || path == "/v1/" + name) continue;
    if (!path.starts_with('/')) path.insert(0, "/");
    door.paths.emplace_back(path, signal);
  }
  Section cors = section.section("cors");
  cors.read("allowed_origins", door.allowed_origins);
  cors.ignore({"allowed_headers", "exposed_headers", "max_age"});
  section.ignore({"compression_algorithms", "response_headers", "idle_timeout", "read_header_timeout",
                  "read_timeout", "write_timeout", "keep_alives_enabled", "profiles_url_path"});
  return door;
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
    for (const DoorSettings& door : doors) {
      if (!door.authenticator) continue;
      pipeline::Extension* extension = site.extension(*door.authenticator);
      if (extension == nullptr || extension->server_authenticator() == nullptr)
        return {ErrorKind::bad_input,
                fmt::format("auth::authenticator: '{}' does not let senders in", door.authenticator->text())};
    }
    return std::unique_ptr<pipeline::Receiver>(std::make_unique<CollectorReceiver>(doors, site, next));
  };
}

}  // namespace clew::otlp
