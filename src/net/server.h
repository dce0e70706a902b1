// Server: listens on any number of doors. Every door looks at the first bytes of a connection and then speaks
// HTTP/1.1, HTTP/2 (gRPC and plain), or either of them within TLS when a certificate is configured.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "net/http.h"
#include "net/mistake.h"
#include "net/tls.h"

namespace clew::net {

struct Limits {
  size_t header_bytes = 64 << 10;
  size_t body_bytes = 64 << 20;             // as it comes, and again after decompression
  size_t body_bytes_in_flight = 512 << 20;  // of all connections together; beyond it: 503, retryable
  size_t connections = 10'000;
  Nanoseconds idle = seconds(120);    // between requests
  Nanoseconds request = seconds(60);  // for a request to arrive completely
};

struct Door {
  std::string address;  // "127.0.0.1:4318", "[::1]:4318", "localhost:0" (0: any free port)
};

struct ServerOptions {
  std::vector<Door> doors;
  std::optional<TlsFiles> tls;
  Limits limits;
  unsigned threads = 0;  // event loops; 0: one a core
  // Told of whatever is refused before it reaches a handler.
  MistakeObserver on_mistake;
};

class Server {
 public:
  // Binds all doors and begins to serve. Handlers run on the event loops: they may take milliseconds, not
  // seconds.
  static Result<std::unique_ptr<Server>> start(ServerOptions options, Handler http, GrpcHandler grpc);
  virtual ~Server() = default;
  // The ports really bound, in the order of options.doors.
  virtual std::vector<uint16_t> ports() const = 0;
  // Closes the doors, lets requests under way finish for at most `grace`, then closes what is left.
  virtual void stop(Nanoseconds grace) = 0;
};

}  // namespace clew::net
