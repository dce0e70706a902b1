// What a TLS client says of itself in the first message of a handshake, which is not encrypted. Only for
// telling people about it: a client that came to a door without TLS.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace clew::net {

struct TlsHello {
  std::string server_name;             // the host it believes to reach; empty: not said
  std::vector<std::string> protocols;  // in the order of its wish: "h2", "http/1.1"

  // Clients of gRPC speak HTTP/2 and nothing else.
  bool is_grpc() const;
};

// Reads as much as has come. What is damaged or missing is left out.
TlsHello read_tls_hello(std::string_view bytes);

}  // namespace clew::net
