// GrpcClient: unary gRPC calls to one server over one HTTP/2 connection, any number at the same time. The
// connection is opened when it is first needed, and again after it was lost.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/compression.h"
#include "base/result.h"
#include "base/time.h"
#include "net/http.h"
#include "net/tls.h"

namespace clew::net {

// Pings to a server that has been silent while it owes answers.
struct GrpcKeepAlive {
  Nanoseconds time{};  // of silence; 0: no pings
  Nanoseconds timeout = seconds(20);
};

struct GrpcClientOptions {
  std::string server;                   // "host:port"
  std::optional<TlsClientOptions> tls;  // nothing: without TLS
  Nanoseconds connect_timeout = seconds(10);
  size_t answer_bytes = 64 << 20;
  GrpcKeepAlive keep_alive;
  bool proxy_from_environment = false;  // see net/proxy.h
};

struct GrpcCallOptions {
  Headers metadata;
  Nanoseconds timeout = seconds(10);
  std::optional<Compression> compression;
};

struct GrpcAnswer {
  GrpcCode code = GrpcCode::unknown;
  std::string error;           // grpc-message, or what went wrong on the way
  SharedBytes message;         // when ok
  std::string status_details;  // a serialized google.rpc.Status, or empty
};

class GrpcClient {
 public:
  using Done = std::function<void(GrpcAnswer)>;

  static Result<std::unique_ptr<GrpcClient>> create(GrpcClientOptions options);
  // Calls under way end with cancelled.
  virtual ~GrpcClient() = default;
  // Any thread. `done` is called once, on the client's own thread, and must not wait for another call.
  virtual void call(std::string method, SharedBytes message, GrpcCallOptions options, Done done) = 0;
  void call(std::string method, std::string message, GrpcCallOptions options, Done done) {
    call(std::move(method), SharedBytes(std::move(message)), std::move(options), std::move(done));
  }
  // The same, waiting for the answer.
  GrpcAnswer call_and_wait(std::string method, std::string message, GrpcCallOptions options = {});
};

}  // namespace clew::net
