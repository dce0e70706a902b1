// Addresses as people write them ("127.0.0.1:4318", "[::1]:4318", "localhost:0", ":4317") and the sockets
// behind them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <sys/socket.h>

#include "base/result.h"
#include "base/time.h"
#include "net/file_descriptor.h"

namespace clew::net {

struct HostAndPort {
  std::string host;  // without brackets; empty: every address of this machine
  uint16_t port = 0;
};
// The port may be left out when `default_port` is given.
Result<HostAndPort> parse_host_and_port(std::string_view text,
                                        std::optional<uint16_t> default_port = std::nullopt);

// One resolved address of a socket.
class SocketAddress {
 public:
  SocketAddress() = default;
  SocketAddress(const sockaddr* address, socklen_t size);
  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage_); }
  socklen_t size() const { return size_; }
  int family() const { return storage_.ss_family; }
  uint16_t port() const;
  void set_port(uint16_t port);
  bool is_loopback() const;
  std::string to_string() const;  // "127.0.0.1:51234", "[::1]:51234"

 private:
  sockaddr_storage storage_{};
  socklen_t size_ = 0;
};

Result<std::vector<SocketAddress>> resolve(const HostAndPort& where);

struct Listener {
  FileDescriptor socket;  // non-blocking
  uint16_t port = 0;
};
// Listens on every address the name stands for ("localhost" is both 127.0.0.1 and ::1), all with the same
// port. Fails with a sentence that says what to do when the port is taken or not allowed.
Result<std::vector<Listener>> listen_on(std::string_view address);

// A connected, non-blocking socket; tries the addresses of the name in turn.
Result<FileDescriptor> connect_to(const HostAndPort& where, Nanoseconds timeout);
// Waits until the descriptor is readable or writable (`poll` events); false when the time is over.
bool wait_for(int descriptor, short events, Nanoseconds timeout);

}  // namespace clew::net
