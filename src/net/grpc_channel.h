// GrpcChannel: one client connection that carries gRPC calls. Everything happens on its event loop.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "net/event_loop.h"
#include "net/grpc_client.h"
#include "net/transport.h"

namespace clew::net {

struct PendingCall {
  std::string method;
  std::string prefix;   // of the message
  SharedBytes message;  // compressed, if the prefix says so
  GrpcCallOptions options;
  GrpcClient::Done done;
  Nanoseconds until{};
  bool tried_before = false;
};

class GrpcChannel {
 public:
  struct Settings {
    std::string authority;
    bool tls = false;
    size_t answer_bytes = 0;
    GrpcKeepAlive keep_alive;
    // A call that the server refused without looking at it.
    std::function<void(std::unique_ptr<PendingCall>)> try_again;
  };

  static Result<std::shared_ptr<GrpcChannel>> open(std::shared_ptr<EventLoop> loop, FileDescriptor socket,
                                                   std::unique_ptr<Transport> transport, Settings settings);
  virtual ~GrpcChannel() = default;
  // No new calls: closed, or told to go away.
  virtual bool is_usable() const = 0;
  virtual void begin(std::unique_ptr<PendingCall> call) = 0;
  // Ends calls whose time is over; returns when to come again.
  virtual Nanoseconds check_time(Nanoseconds now) = 0;
  virtual void close(GrpcCode code, const std::string& why) = 0;
};

}  // namespace clew::net
