#include "net/transport.h"

#include <cerrno>

#include <sys/socket.h>

namespace clew::net {
namespace {

Transfer outcome_of(ssize_t count) {
  if (count > 0) return {Transfer::Kind::done, static_cast<size_t>(count)};
  if (count == 0) return {Transfer::Kind::finished, 0};
  if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR) return {Transfer::Kind::would_block, 0};
  return {Transfer::Kind::failed, 0};
}

class PlainTransport final : public Transport {
 public:
  explicit PlainTransport(int socket) : socket_(socket) {}

  Transfer read(std::span<char> first, std::span<char> second) override {
    if (first.empty()) return outcome_of(recv(socket_, second.data(), second.size(), 0));
    const iovec places[2] = {{first.data(), first.size()}, {second.data(), second.size()}};
    return outcome_of(readv(socket_, places, 2));
  }

  Transfer write(std::span<const iovec> pieces) override {
    if (pieces.size() == 1)
      return outcome_of(send(socket_, pieces[0].iov_base, pieces[0].iov_len, MSG_NOSIGNAL));
    msghdr message{};
    message.msg_iov = const_cast<iovec*>(pieces.data());
    message.msg_iovlen = pieces.size();
    return outcome_of(sendmsg(socket_, &message, MSG_NOSIGNAL));
  }

  bool short_read_is_last() const override { return true; }

 private:
  const int socket_;
};

}  // namespace

std::unique_ptr<Transport> plain_transport(int socket) {
  return std::make_unique<PlainTransport>(socket);
}

}  // namespace clew::net
