// Transport: moves bytes between a connection and its socket, as they are or through TLS. Never blocks.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>

#include <sys/uio.h>

namespace clew::net {

struct Transfer {
  enum class Kind : unsigned char {
    done,         // `bytes` were moved
    would_block,  // not now
    finished,     // the peer will send no more
    failed,       // the connection is broken
  };
  Kind kind = Kind::would_block;
  size_t bytes = 0;
};

class Transport {
 public:
  virtual ~Transport() = default;
  // Fills `first`, then `second`.
  virtual Transfer read(std::span<char> first, std::span<char> second) = 0;
  virtual Transfer write(std::span<const iovec> pieces) = 0;
  // Whether a short read means that nothing is left, so that asking again can be spared.
  virtual bool short_read_is_last() const = 0;
  // Reading has to wait until the socket takes bytes (TLS handshakes only).
  virtual bool read_waits_for_write() const { return false; }
  // Says goodbye in the transport's own way (TLS close_notify).
  virtual void say_goodbye() {}
  // What went wrong, if the transport knows more than that it did.
  virtual std::string failure() const { return {}; }
};

// Of a socket that stays owned by the caller.
std::unique_ptr<Transport> plain_transport(int socket);

}  // namespace clew::net
