#include "protocols/collector_door.h"

#include <fmt/format.h>

#include "base/counters.h"
#include "base/log.h"
#include "net/address.h"
#include "pipeline/config/section.h"
#include "protocols/mistaken_sender.h"

namespace clew {
namespace {

using pipeline::Section;

// Requests under way may take so long to finish when the collector stops.
constexpr Nanoseconds kGrace = seconds(5);

void read_tls(Section&& tls, CollectorDoorSettings& door) {
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

}  // namespace

void read_collector_door(Section& section, CollectorDoorSettings& door) {
  const std::string usual = door.endpoint.empty() ? "localhost:8080" : door.endpoint;
  section.read("endpoint", door.endpoint);
  // An endpoint without a host means every address, as in Go.
  if (const auto where = net::parse_host_and_port(door.endpoint); !where.ok())
    section.error("endpoint", fmt::format("expected host:port, as in {}, got '{}'", usual, door.endpoint));
  section.read("include_metadata", door.include_metadata);
  if (section.has("tls")) read_tls(section.section("tls"), door);
  Section auth = section.section("auth");
  auth.read_extension("authenticator", door.authenticator);
  auth.ignore({"request_params"});
  section.ignore({"read_buffer_size", "write_buffer_size", "transport"});
}

void read_collector_http_door(Section& section, CollectorDoorSettings& door) {
  read_collector_door(section, door);
  uint64_t most = 20 << 20;
  section.read("max_request_body_size", most);
  if (most > 0) door.limits.body_bytes = most;
  Section cors = section.section("cors");
  cors.read("allowed_origins", door.allowed_origins);
  cors.ignore({"allowed_headers", "exposed_headers", "max_age"});
  section.ignore({"compression_algorithms", "response_headers", "idle_timeout", "read_header_timeout",
                  "read_timeout", "write_timeout", "keep_alives_enabled"});
}

Status check_authenticator(const CollectorDoorSettings& door, const pipeline::Site& site) {
  if (!door.authenticator) return {};
  pipeline::Extension* extension = site.extension(*door.authenticator);
  if (extension != nullptr && extension->server_authenticator() != nullptr) return {};
  return {ErrorKind::bad_input,
          fmt::format("auth::authenticator: '{}' does not let senders in", door.authenticator->text())};
}

CollectorDoor::CollectorDoor(CollectorDoorSettings settings, const pipeline::Site& site)
    : settings_(std::move(settings)) {
  if (!settings_.authenticator) return;
  if (pipeline::Extension* extension = site.extension(*settings_.authenticator))
    authenticator_ = extension->server_authenticator();
}

Result<std::shared_ptr<const SenderContext>> CollectorDoor::sender_context(const net::Headers& headers,
                                                                           const std::string& peer) const {
  if (!keeps_senders()) return std::shared_ptr<const SenderContext>();
  auto context = std::make_shared<SenderContext>(SenderContext{headers, peer, {}});
  if (authenticator_ != nullptr) {
    Result<std::string> subject = authenticator_->authenticate(headers);
    if (!subject.ok()) {
      count(Counter::unknown_key);
      return std::move(subject).status();
    }
    context->subject = std::move(*subject);
  }
  return std::shared_ptr<const SenderContext>(std::move(context));
}

Status CollectorDoor::open(std::string_view what) {
  net::ServerOptions options{.doors = {{settings_.endpoint}},
                             .tls = settings_.tls,
                             .limits = settings_.limits,
                             .on_mistake = [this](const net::Mistake& mistake) {
                               arrivals_.refused(std::nullopt, sender_of(mistake), mistake.status,
                                                 mistake.what, mistake.remedy);
                             }};
  CLEW_ASSIGN(server_, net::Server::start(
                           std::move(options),
                           [this](net::Request request, net::Responder responder) {
                             router_.handle(std::move(request), std::move(responder));
                           },
                           [this](net::GrpcRequest request, net::GrpcResponder responder) {
                             router_.handle_grpc(std::move(request), std::move(responder));
                           }));
  log_info("collector", fmt::format("receiving {} at {}{} (port {})", what, settings_.endpoint,
                                    settings_.tls ? " with TLS" : "", server_->ports().front()));
  return {};
}

void CollectorDoor::close() {
  if (server_) server_->stop(kGrace);
  server_.reset();
}

}  // namespace clew
