// CollectorDoor: the HTTP server that a receiver of a collector stands behind, with the settings that such
// receivers have in common: address, TLS, authentication, the pages that may send.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "control/access.h"
#include "net/server.h"
#include "pipeline/component.h"
#include "protocols/arrivals.h"
#include "protocols/router.h"

namespace clew {

struct CollectorDoorSettings {
  std::string endpoint;  // the default of the receiver; empty: it has none
  std::optional<net::TlsFiles> tls;
  net::Limits limits;
  std::vector<std::string> allowed_origins;
  std::optional<pipeline::ComponentId> authenticator;
  bool include_metadata = false;  // batches carry the headers of their request
};

// endpoint, include_metadata, tls and auth: what gRPC and HTTP servers of the Collector share.
void read_collector_door(pipeline::Section& section, CollectorDoorSettings& door);
// What its HTTP servers have besides: max_request_body_size, cors.
void read_collector_http_door(pipeline::Section& section, CollectorDoorSettings& door);

// bad_input when the settings name an authenticator that lets nobody in.
Status check_authenticator(const CollectorDoorSettings& door, const pipeline::Site& site);

// A collector keeps no keys: who may send is up to an authenticator.
class Everyone final : public control::Access {
 public:
  Result<EnvironmentId> admit(std::optional<std::string_view>) const override { return kDefaultEnvironment; }
};

class CollectorDoor {
 public:
  CollectorDoor(CollectorDoorSettings settings, const pipeline::Site& site);

  // Routes are added before it opens.
  Router& router() { return router_; }
  const control::Access& access() const { return everyone_; }
  Arrivals& arrivals() { return arrivals_; }
  // The settings name an authenticator, or ask for the headers of requests.
  bool keeps_senders() const { return settings_.include_metadata || authenticator_ != nullptr; }
  const pipeline::ServerAuthenticator* authenticator() const { return authenticator_; }
  // What is remembered of a request: nullptr unless keeps_senders(). unauthenticated when the authenticator
  // does not know its sender.
  Result<std::shared_ptr<const SenderContext>> sender_context(const net::Headers& headers,
                                                              const std::string& peer) const;

  // `what`: what is received here, for the log.
  Status open(std::string_view what);
  // Requests under way are answered first, for some seconds.
  void close();

 private:
  const CollectorDoorSettings settings_;
  const pipeline::ServerAuthenticator* authenticator_ = nullptr;
  const Everyone everyone_;
  Arrivals arrivals_;
  Router router_;
  std::unique_ptr<net::Server> server_;
};

}  // namespace clew
