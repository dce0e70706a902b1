#include "net/udp_receiver.h"

#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <poll.h>
#include <system_error>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include "base/counters.h"

namespace clew::net {
namespace {

constexpr size_t kAtOnce = 64;
// No datagram is larger.
constexpr size_t kLargest = 65536;

Status cannot(std::string_view what, std::string_view address, int number) {
  const ErrorKind kind = number == EADDRINUSE ? ErrorKind::conflict
                         : number == EACCES   ? ErrorKind::forbidden
                                              : ErrorKind::unavailable;
  return Status(kind,
                fmt::format("cannot {} UDP {}: {}", what, address, std::generic_category().message(number)));
}

// The size in force: the kernel reports twice of what is for datagrams.
size_t set_receive_buffer(int socket, size_t wanted) {
  const int bytes = static_cast<int>(std::min<size_t>(wanted, INT32_MAX / 2));
  if (setsockopt(socket, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof bytes) != 0)
    setsockopt(socket, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
  int in_force = 0;
  socklen_t size = sizeof in_force;
  getsockopt(socket, SOL_SOCKET, SO_RCVBUF, &in_force, &size);
  return static_cast<size_t>(in_force) / 2;
}

SocketAddress address_of(int socket) {
  sockaddr_storage bound{};
  socklen_t size = sizeof bound;
  getsockname(socket, reinterpret_cast<sockaddr*>(&bound), &size);
  return SocketAddress(reinterpret_cast<sockaddr*>(&bound), size);
}

class Receiver final : public UdpReceiver {
 public:
  Receiver(FileDescriptor socket, FileDescriptor wake, size_t buffer_bytes, OnDatagrams on_datagrams)
      : socket_(std::move(socket)),
        wake_(std::move(wake)),
        address_(address_of(socket_.number())),
        buffer_bytes_(buffer_bytes),
        on_datagrams_(std::move(on_datagrams)),
        room_(kAtOnce * kLargest) {
    thread_ = std::thread([this] { run(); });
  }
  ~Receiver() override { stop(); }

  uint16_t port() const override { return address_.port(); }
  std::string address() const override { return address_.to_string(); }
  size_t receive_buffer_bytes() const override { return buffer_bytes_; }
  uint64_t received() const override { return received_; }
  uint64_t dropped() const override { return dropped_; }

  void stop() override {
    if (!thread_.joinable()) return;
    const uint64_t one = 1;
    while (write(wake_.number(), &one, sizeof one) < 0 && errno == EINTR) {
    }
    thread_.join();
    socket_.close();
  }

 private:
  struct Slot {
    sockaddr_storage from;
    iovec bytes;
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(uint32_t))> control;
  };

  void run() {
    std::array<pollfd, 2> waiting = {{{socket_.number(), POLLIN, 0}, {wake_.number(), POLLIN, 0}}};
    while (true) {
      if (poll(waiting.data(), waiting.size(), -1) < 0 && errno != EINTR) break;
      // Everything that came before the end is taken.
      while (receive()) {
      }
      if ((waiting[1].revents & POLLIN) != 0) break;
    }
    note_drops(drops_by_socket());
  }

  // False when there is nothing more for now.
  bool receive() {
    for (size_t i = 0; i < kAtOnce; ++i) {
      slots_[i].bytes = {room_.data() + i * kLargest, kLargest};
      messages_[i].msg_hdr = {.msg_name = &slots_[i].from,
                              .msg_namelen = sizeof slots_[i].from,
                              .msg_iov = &slots_[i].bytes,
                              .msg_iovlen = 1,
                              .msg_control = slots_[i].control.data(),
                              .msg_controllen = slots_[i].control.size(),
                              .msg_flags = 0};
    }
    const int count = recvmmsg(socket_.number(), messages_.data(), kAtOnce, MSG_DONTWAIT, nullptr);
    if (count <= 0) return count < 0 && errno == EINTR;
    std::array<Datagram, kAtOnce> datagrams;
    for (size_t i = 0; i < static_cast<size_t>(count); ++i) {
      const msghdr& header = messages_[i].msg_hdr;
      datagrams[i] = {{room_.data() + i * kLargest, messages_[i].msg_len},
                      SocketAddress(reinterpret_cast<const sockaddr*>(&slots_[i].from), header.msg_namelen)};
    }
    if (const auto drops = drops_with(messages_[static_cast<size_t>(count) - 1].msg_hdr)) note_drops(*drops);
    received_ += static_cast<uint64_t>(count);
    clew::count(Counter::udp_datagrams, static_cast<uint64_t>(count));
    on_datagrams_(std::span(datagrams).first(static_cast<size_t>(count)));
    return true;
  }

  // The kernel tells with each datagram how many it has dropped before.
  static std::optional<uint32_t> drops_with(const msghdr& header) {
    for (const cmsghdr* one = CMSG_FIRSTHDR(&header); one != nullptr;
         one = CMSG_NXTHDR(const_cast<msghdr*>(&header), const_cast<cmsghdr*>(one))) {
      if (one->cmsg_level != SOL_SOCKET || one->cmsg_type != SO_RXQ_OVFL) continue;
      uint32_t drops = 0;
      std::memcpy(&drops, CMSG_DATA(one), sizeof drops);
      return drops;
    }
    return std::nullopt;
  }

  // Those after the last datagram are known to the socket only.
  uint32_t drops_by_socket() const {
    std::array<uint32_t, SK_MEMINFO_VARS> memory{};
    socklen_t size = sizeof memory;
    if (getsockopt(socket_.number(), SOL_SOCKET, SO_MEMINFO, memory.data(), &size) != 0) return last_drops_;
    return memory[SK_MEMINFO_DROPS];
  }

  void note_drops(uint32_t total) {
    const uint32_t more = total - last_drops_;  // the kernel's number runs round
    if (more == 0) return;
    last_drops_ = total;
    dropped_ += more;
    clew::count(Counter::udp_datagrams_dropped, more);
  }

  FileDescriptor socket_;
  FileDescriptor wake_;
  const SocketAddress address_;
  const size_t buffer_bytes_;
  const OnDatagrams on_datagrams_;
  std::atomic<uint64_t> received_ = 0;
  std::atomic<uint64_t> dropped_ = 0;

  // Of the thread alone.
  std::vector<char> room_;
  std::array<Slot, kAtOnce> slots_{};
  std::array<mmsghdr, kAtOnce> messages_{};
  uint32_t last_drops_ = 0;

  std::thread thread_;
};

}  // namespace

Result<std::unique_ptr<UdpReceiver>> UdpReceiver::start(UdpOptions options, OnDatagrams on_datagrams) {
  CLEW_ASSIGN(const HostAndPort where, parse_host_and_port(options.address));
  CLEW_ASSIGN(const std::vector<SocketAddress> addresses, resolve(where));
  const SocketAddress& at = addresses.front();
  FileDescriptor socket(::socket(at.family(), SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket.is_open()) return cannot("open", options.address, errno);
  const size_t buffer_bytes = set_receive_buffer(socket.number(), options.receive_buffer_bytes);
  const int on = 1, off = 0;
  setsockopt(socket.number(), SOL_SOCKET, SO_RXQ_OVFL, &on, sizeof on);
  if (at.family() == AF_INET6) setsockopt(socket.number(), IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
  if (bind(socket.number(), at.get(), at.size()) != 0) return cannot("listen on", options.address, errno);
  FileDescriptor wake(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!wake.is_open()) return cannot("wait on", options.address, errno);
  return std::unique_ptr<UdpReceiver>(
      std::make_unique<Receiver>(std::move(socket), std::move(wake), buffer_bytes, std::move(on_datagrams)));
}

}  // namespace clew::net
