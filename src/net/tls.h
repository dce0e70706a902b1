// TLS for both sides: settings read once (TlsContext), and a Transport for each connection.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "net/transport.h"

struct ssl_ctx_st;

namespace clew::net {

struct TlsFiles {
  std::string certificate;  // PEM chain
  std::string key;          // PEM
  std::string client_ca;    // PEM; when set, clients must show a certificate signed by it
};

// What a client wants of TLS. Everything empty: the system's certificate authorities decide.
struct TlsClientOptions {
  std::string ca;           // PEM file of the authorities to trust instead of the system's
  std::string certificate;  // PEM chain to show, with its
  std::string key;          // PEM
  std::string server_name;  // to expect in the certificate; empty: the host that is connected to
  bool insecure = false;    // trust whatever certificate comes
};

class TlsContext {
 public:
  static Result<std::shared_ptr<TlsContext>> for_server(const TlsFiles& files);
  // `protocols` in order of preference, as ALPN names them: "h2", "http/1.1".
  static Result<std::shared_ptr<TlsContext>> for_client(const TlsClientOptions& options,
                                                        const std::vector<std::string>& protocols);
  ~TlsContext();
  TlsContext(const TlsContext&) = delete;
  TlsContext& operator=(const TlsContext&) = delete;

  std::unique_ptr<Transport> accept(int socket) const;
  // `host` is sent as server name and expected in the certificate.
  Result<std::unique_ptr<Transport>> connect(int socket, const std::string& host) const;

 private:
  explicit TlsContext(ssl_ctx_st* context) : context_(context) {}
  ssl_ctx_st* const context_;
  std::string expected_name_;
  bool insecure_ = false;
};

}  // namespace clew::net
