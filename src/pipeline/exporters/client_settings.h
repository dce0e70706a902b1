// ClientSettings: what exporters that send over a network have in common: TLS, headers, compression,
// authentication.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/compression.h"
#include "base/time.h"
#include "net/tls.h"
#include "pipeline/component.h"

namespace clew::pipeline {

class Section;

struct ClientTls {
  bool insecure = false;  // without TLS, where the endpoint does not say
  net::TlsClientOptions options;
};

struct ClientSettings {
  std::string endpoint;
  ClientTls tls;
  std::vector<std::pair<std::string, std::string>> headers;
  std::optional<Compression> compression = Compression::gzip;
  std::optional<ComponentId> authenticator;
  Nanoseconds timeout{};
};

// `timeout` is the default of the exporter.
ClientSettings read_client_settings(Section& section, Nanoseconds timeout);

// bad_input when the settings name an authenticator that is none for exporters.
Status check_authenticator(const ClientSettings& settings, const Site& site);

// The configured headers and those of the authenticator.
class RequestHeaders {
 public:
  RequestHeaders(const ClientSettings& settings, const Site& site);
  Result<std::vector<std::pair<std::string, std::string>>> headers_for(const Batch& batch) const;
  // Whether headers_for() may wait for the network.
  bool may_wait() const { return authenticator_ != nullptr; }

 private:
  std::vector<std::pair<std::string, std::string>> headers_;
  ClientAuthenticator* authenticator_ = nullptr;
};

}  // namespace clew::pipeline
