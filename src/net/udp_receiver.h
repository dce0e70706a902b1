// UdpReceiver: takes datagrams off a socket on a thread of its own, many with one call, and knows how many
// the kernel dropped because nobody took them in time.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "net/address.h"

namespace clew::net {

struct Datagram {
  std::string_view bytes;  // valid during the call
  SocketAddress from;
};

struct UdpOptions {
  std::string address;  // "127.0.0.1:2000"; port 0: any free one
  // What the kernel keeps for us between two calls. More than the system's limit needs rights
  // (CAP_NET_ADMIN); without them it is the limit (net.core.rmem_max).
  size_t receive_buffer_bytes = size_t{64} << 20;
};

class UdpReceiver {
 public:
  // On the receiver's thread; datagrams wait in the kernel meanwhile, so it should be quick.
  using OnDatagrams = std::function<void(std::span<const Datagram>)>;

  // Of a name with several addresses the first is taken.
  static Result<std::unique_ptr<UdpReceiver>> start(UdpOptions options, OnDatagrams on_datagrams);
  virtual ~UdpReceiver() = default;

  virtual uint16_t port() const = 0;
  virtual std::string address() const = 0;  // "127.0.0.1:2000", as bound
  virtual size_t receive_buffer_bytes() const = 0;
  virtual uint64_t received() const = 0;
  // Dropped by the kernel because the buffer was full. Counted in clew_udp_datagrams_dropped_total too.
  virtual uint64_t dropped() const = 0;
  // Takes what the kernel still holds, and closes the socket. No call to the handler after it.
  virtual void stop() = 0;
};

}  // namespace clew::net
