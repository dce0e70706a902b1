// For tests: a Router behind a real server on a free port of the loopback, and a client simple enough to be
// trusted.
#pragma once

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <unistd.h>

#include <netinet/in.h>
#include <sys/socket.h>

#include "net/http.h"
#include "net/server.h"
#include "protocols/router.h"

namespace clew::testing {

struct Exchange {
  std::string method = "GET";
  std::string target = "/";
  net::Headers headers;
  std::string body;
};

class ServedRouter {
 public:
  explicit ServedRouter(const Router& router) {
    net::ServerOptions options;
    options.doors = {{"127.0.0.1:0"}};
    options.threads = 1;
    auto started = net::Server::start(
        std::move(options),
        [&router](net::Request request, net::Responder responder) {
          router.handle(std::move(request), std::move(responder));
        },
        [&router](net::GrpcRequest request, net::GrpcResponder responder) {
          router.handle_grpc(std::move(request), std::move(responder));
        });
    if (started.ok()) server_ = std::move(started).value();
  }
  ~ServedRouter() {
    if (server_) server_->stop(seconds(1));
  }

  bool is_up() const { return server_ != nullptr; }

  // Status 0 when there was no answer. The body of a chunked answer comes joined.
  net::Response ask(const Exchange& exchange) const {
    const int socket = connect();
    if (socket < 0) return {.status = 0};
    std::string text =
        exchange.method + " " + exchange.target + " HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n";
    for (const auto& [name, value] : exchange.headers) text += name + ": " + value + "\r\n";
    if (!exchange.body.empty()) text += "content-length: " + std::to_string(exchange.body.size()) + "\r\n";
    text += "\r\n" + exchange.body;
    write_all(socket, text);
    std::string answer;
    char buffer[65536];
    for (ssize_t count; (count = ::read(socket, buffer, sizeof buffer)) > 0;) answer.append(buffer, count);
    ::close(socket);
    return parse(answer);
  }

  // A connection that has sent `text`; the caller reads and closes it.
  int open_and_send(std::string_view text) const {
    const int socket = connect();
    if (socket >= 0) write_all(socket, text);
    return socket;
  }

 private:
  int connect() const {
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(server_->ports()[0]);
    if (::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return socket;
    ::close(socket);
    return -1;
  }

  static void write_all(int socket, std::string_view text) {
    while (!text.empty()) {
      const ssize_t count = ::send(socket, text.data(), text.size(), MSG_NOSIGNAL);
      if (count <= 0) return;
      text.remove_prefix(static_cast<size_t>(count));
    }
  }

  static net::Response parse(std::string_view answer) {
    net::Response response{.status = 0};
    const size_t head_end = answer.find("\r\n\r\n");
    if (head_end == std::string_view::npos || answer.size() < 12) return response;
    std::string_view head = answer.substr(0, head_end);
    const size_t line_end = head.find("\r\n");
    response.status = std::atoi(std::string(head.substr(9, 3)).c_str());
    if (line_end > 13) response.reason = head.substr(13, line_end - 13);
    while (line_end != std::string_view::npos && !head.empty()) {
      const size_t next = head.find("\r\n");
      if (next == std::string_view::npos) break;
      head.remove_prefix(next + 2);
      const std::string_view line = head.substr(0, head.find("\r\n"));
      const size_t colon = line.find(": ");
      std::string name(line.substr(0, colon));
      for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
      if (colon != std::string_view::npos)
        response.headers.emplace_back(std::move(name), line.substr(colon + 2));
    }
    const std::string_view body = answer.substr(head_end + 4);
    const auto encoding = net::find_header(response.headers, "transfer-encoding");
    response.body = encoding == "chunked" ? without_chunks(body) : std::string(body);
    return response;
  }

  static std::string without_chunks(std::string_view body) {
    std::string joined;
    while (!body.empty()) {
      const size_t size = std::strtoull(std::string(body.substr(0, 16)).c_str(), nullptr, 16);
      const size_t begin = body.find("\r\n");
      if (size == 0 || begin == std::string_view::npos) break;
      joined += body.substr(begin + 2, size);
      body.remove_prefix(std::min(begin + 2 + size + 2, body.size()));
    }
    return joined;
  }

  std::unique_ptr<net::Server> server_;
};

}  // namespace clew::testing
