#include "net/address.h"

#include <cerrno>
#include <charconv>
#include <cstring>
#include <netdb.h>
#include <optional>
#include <poll.h>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>

namespace clew::net {
namespace {

std::string error_text(int number) {
  return std::generic_category().message(number);
}

Result<uint16_t> parse_port(std::string_view digits, std::string_view whole) {
  uint16_t port = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (digits.empty() || error != std::errc() || end != digits.data() + digits.size())
    return {ErrorKind::bad_input,
            fmt::format("expected a port from 0 to 65535 after the last ':' of \"{}\"", whole)};
  return port;
}

Status cannot_listen(std::string_view address, int number) {
  const std::string at = fmt::format("cannot listen on {}: {}", address, error_text(number));
  if (number == EADDRINUSE)
    return {ErrorKind::conflict,
            at + ". Another program has this port (`ss -ltnp` shows which): stop it or take another port"};
  if (number == EACCES)
    return {ErrorKind::forbidden, at + ". Ports under 1024 need rights: take a higher port"};
  if (number == EADDRNOTAVAIL)
    return {ErrorKind::bad_input, at +
                                      ". This machine has no such address (`ip address` shows those it has): "
                                      "take one of them, or 0.0.0.0 for all"};
  return {ErrorKind::unavailable, at};
}

Result<Listener> listen_at(const SocketAddress& at, std::string_view address) {
  FileDescriptor socket(::socket(at.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket.is_open()) return cannot_listen(address, errno);
  const int on = 1, off = 0;
  // Restarting must not wait for old connections to time out. Not SO_REUSEPORT: it would hide that the port
  // is taken.
  setsockopt(socket.number(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (at.family() == AF_INET6) setsockopt(socket.number(), IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
  if (bind(socket.number(), at.get(), at.size()) != 0) return cannot_listen(address, errno);
  if (listen(socket.number(), 1024) != 0) return cannot_listen(address, errno);
  sockaddr_storage bound{};
  socklen_t size = sizeof bound;
  getsockname(socket.number(), reinterpret_cast<sockaddr*>(&bound), &size);
  const uint16_t port = SocketAddress(reinterpret_cast<sockaddr*>(&bound), size).port();
  return Listener{std::move(socket), port};
}

}  // namespace

Result<HostAndPort> parse_host_and_port(std::string_view text, std::optional<uint16_t> default_port) {
  std::string_view host = text, port;
  bool has_port = false;
  if (text.starts_with('[')) {
    const size_t close = text.find(']');
    if (close == std::string_view::npos)
      return {ErrorKind::bad_input, fmt::format("expected ']' in \"{}\"", text)};
    host = text.substr(1, close - 1);
    const std::string_view rest = text.substr(close + 1);
    has_port = rest.starts_with(':');
    if (!has_port && !rest.empty())
      return {ErrorKind::bad_input, fmt::format("expected ':' and a port after ']' in \"{}\"", text)};
    if (has_port) port = rest.substr(1);
  } else if (const size_t colon = text.rfind(':'); colon != std::string_view::npos) {
    host = text.substr(0, colon);
    if (host.find(':') != std::string_view::npos)
      return {ErrorKind::bad_input,
              fmt::format("write an IPv6 address in brackets, as in [::1]:4318, not \"{}\"", text)};
    port = text.substr(colon + 1);
    has_port = true;
  }
  if (host == "*") host = {};
  if (!has_port && default_port) return HostAndPort{std::string(host), *default_port};
  CLEW_ASSIGN(const uint16_t number, parse_port(port, text));
  return HostAndPort{std::string(host), number};
}

SocketAddress::SocketAddress(const sockaddr* address, socklen_t size) : size_(size) {
  std::memcpy(&storage_, address, std::min<size_t>(size, sizeof storage_));
}

uint16_t SocketAddress::port() const {
  if (family() == AF_INET) return ntohs(reinterpret_cast<const sockaddr_in*>(&storage_)->sin_port);
  if (family() == AF_INET6) return ntohs(reinterpret_cast<const sockaddr_in6*>(&storage_)->sin6_port);
  return 0;
}

void SocketAddress::set_port(uint16_t port) {
  if (family() == AF_INET) reinterpret_cast<sockaddr_in*>(&storage_)->sin_port = htons(port);
  if (family() == AF_INET6) reinterpret_cast<sockaddr_in6*>(&storage_)->sin6_port = htons(port);
}

bool SocketAddress::is_loopback() const {
  if (family() == AF_INET)
    return (ntohl(reinterpret_cast<const sockaddr_in*>(&storage_)->sin_addr.s_addr) >> 24) == 127;
  if (family() != AF_INET6) return false;
  const in6_addr& address = reinterpret_cast<const sockaddr_in6*>(&storage_)->sin6_addr;
  return IN6_IS_ADDR_LOOPBACK(&address) || (IN6_IS_ADDR_V4MAPPED(&address) && address.s6_addr[12] == 127);
}

std::string SocketAddress::to_string() const {
  char text[INET6_ADDRSTRLEN] = "";
  if (family() == AF_INET) {
    inet_ntop(AF_INET, &reinterpret_cast<const sockaddr_in*>(&storage_)->sin_addr, text, sizeof text);
    return fmt::format("{}:{}", text, port());
  }
  if (family() == AF_INET6) {
    inet_ntop(AF_INET6, &reinterpret_cast<const sockaddr_in6*>(&storage_)->sin6_addr, text, sizeof text);
    const std::string_view address = text;
    // An IPv4 client of a socket for both reads better as what it is.
    if (address.starts_with("::ffff:") && address.find('.') != std::string_view::npos)
      return fmt::format("{}:{}", address.substr(7), port());
    return fmt::format("[{}]:{}", address, port());
  }
  return "unknown";
}

Result<std::vector<SocketAddress>> resolve(const HostAndPort& where) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE;
  addrinfo* found = nullptr;
  const std::string port = std::to_string(where.port);
  const int outcome =
      getaddrinfo(where.host.empty() ? nullptr : where.host.c_str(), port.c_str(), &hints, &found);
  if (outcome != 0)
    return {ErrorKind::unavailable,
            fmt::format("cannot resolve \"{}\": {}", where.host, gai_strerror(outcome))};
  std::vector<SocketAddress> addresses;
  for (const addrinfo* it = found; it != nullptr; it = it->ai_next)
    addresses.emplace_back(it->ai_addr, it->ai_addrlen);
  freeaddrinfo(found);
  if (addresses.empty()) return {ErrorKind::unavailable, fmt::format("\"{}\" has no address", where.host)};
  return addresses;
}

Result<std::vector<Listener>> listen_on(std::string_view address) {
  CLEW_ASSIGN(const HostAndPort where, parse_host_and_port(address));
  // An IPv6 socket for every address serves IPv4 as well; a machine without IPv6 has only the other.
  if (where.host.empty()) {
    auto both = listen_on(fmt::format("[::]:{}", where.port));
    if (both.ok() || both.status().kind() != ErrorKind::unavailable) return both;
    return listen_on(fmt::format("0.0.0.0:{}", where.port));
  }
  CLEW_ASSIGN(std::vector<SocketAddress> addresses, resolve(where));
  std::vector<Listener> listeners;
  Status failure;
  for (SocketAddress& at : addresses) {
    if (!listeners.empty()) at.set_port(listeners.front().port);
    auto listener = listen_at(at, address);
    if (listener.ok()) {
      listeners.push_back(std::move(*listener));
    } else if (listener.status().kind() == ErrorKind::conflict && where.port != 0) {
      return std::move(listener).status();
    } else {
      failure = std::move(listener).status();  // such as ::1 on a machine without IPv6
    }
  }
  if (listeners.empty()) return failure;
  return listeners;
}

bool wait_for(int descriptor, short events, Nanoseconds timeout) {
  const Nanoseconds until{monotonic_now().count + timeout.count};
  while (true) {
    pollfd waiting{descriptor, events, 0};
    const int64_t left = until.count - monotonic_now().count;
    const int milliseconds_left =
        left <= 0 ? 0 : static_cast<int>(std::min<int64_t>(left / 1'000'000 + 1, 1 << 30));
    const int outcome = poll(&waiting, 1, milliseconds_left);
    if (outcome > 0) return true;
    if (outcome == 0 && monotonic_now() >= until) return false;
    if (outcome < 0 && errno != EINTR) return false;
  }
}

Result<FileDescriptor> connect_to(const HostAndPort& where, Nanoseconds timeout) {
  CLEW_ASSIGN(const std::vector<SocketAddress> addresses, resolve(where));
  const Nanoseconds until{monotonic_now().count + timeout.count};
  Status failure;
  for (const SocketAddress& at : addresses) {
    FileDescriptor socket(::socket(at.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!socket.is_open()) continue;
    int error = connect(socket.number(), at.get(), at.size()) == 0 ? 0 : errno;
    if (error == EINPROGRESS) {
      if (!wait_for(socket.number(), POLLOUT, {until.count - monotonic_now().count})) {
        failure = {ErrorKind::unavailable,
                   fmt::format("no connection to {} within {}", at.to_string(), to_human(timeout))};
        continue;
      }
      socklen_t size = sizeof error;
      getsockopt(socket.number(), SOL_SOCKET, SO_ERROR, &error, &size);
    }
    if (error != 0) {
      failure = {ErrorKind::unavailable,
                 fmt::format("cannot connect to {}: {}", at.to_string(), error_text(error))};
      continue;
    }
    const int on = 1;
    setsockopt(socket.number(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return socket;
  }
  if (failure.ok()) failure = {ErrorKind::unavailable, fmt::format("cannot open a socket to {}", where.host)};
  return failure;
}

}  // namespace clew::net
