// For tests: a socket that sends exactly the bytes it is told, torn where it is told, and a server to send
// them to.
#pragma once

#include <memory>
#include <poll.h>
#include <string>
#include <string_view>

#include <gtest/gtest.h>
#include <sys/socket.h>

#include "net/address.h"
#include "net/server.h"

namespace clew::net {

class RawClient {
 public:
  explicit RawClient(uint16_t port) {
    auto socket = connect_to({"127.0.0.1", port}, seconds(5));
    if (socket.ok())
      socket_ = std::move(*socket);
    else
      ADD_FAILURE() << socket.status().to_string();
  }

  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(socket_.number(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent > 0)
        bytes.remove_prefix(static_cast<size_t>(sent));
      else if (errno != EAGAIN || !wait_for(socket_.number(), POLLOUT, seconds(5)))
        return false;
    }
    return true;
  }

  // What has come when the server closes, `enough` has come, or `patience` is over.
  std::string read(std::string_view enough = {}, Nanoseconds patience = seconds(10)) {
    std::string all;
    char buffer[65536];
    while (enough.empty() || all.find(enough) == std::string::npos) {
      if (!wait_for(socket_.number(), POLLIN, patience)) return all + "<nothing more>";
      const ssize_t count = recv(socket_.number(), buffer, sizeof buffer, 0);
      if (count == 0) return all + "<closed>";
      if (count < 0) return all + "<reset>";
      all.append(buffer, static_cast<size_t>(count));
    }
    return all;
  }

  void finish_sending() { shutdown(socket_.number(), SHUT_WR); }
  void close() { socket_.close(); }
  int number() const { return socket_.number(); }

 private:
  FileDescriptor socket_;
};

// Answers every request with what it understood of it.
inline void echo(const Request& request, const Responder& responder) {
  std::string said = request.method + " " + request.path;
  if (!request.query.empty()) said += "?" + request.query;
  responder.send(text_response(200, said + " [" + std::string(request.body.view()) + "]"));
}

struct TestServer {
  explicit TestServer(ServerOptions options = {}, Handler http = echo, GrpcHandler grpc = {}) {
    if (options.doors.empty()) options.doors = {{"127.0.0.1:0"}};
    if (options.threads == 0) options.threads = 2;
    auto started = Server::start(std::move(options), std::move(http), std::move(grpc));
    if (started.ok())
      server = std::move(*started);
    else
      ADD_FAILURE() << started.status().to_string();
  }
  uint16_t port() const { return server->ports().front(); }
  std::string url(std::string_view target) const {
    return "http://127.0.0.1:" + std::to_string(port()) + std::string(target);
  }

  std::unique_ptr<Server> server;
};

// All that comes back for these bytes until the server closes.
inline std::string answer_to(const TestServer& server, std::string_view bytes) {
  RawClient client(server.port());
  client.send(bytes);
  return client.read();
}

}  // namespace clew::net
