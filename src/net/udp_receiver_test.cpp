#include "net/udp_receiver.h"

#include <condition_variable>
#include <mutex>
#include <set>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace clew::net {
namespace {

// Sends to a port of the loopback.
class Sender {
 public:
  explicit Sender(uint16_t port) : socket_(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connect(socket_.number(), reinterpret_cast<sockaddr*>(&to), sizeof to);
  }
  bool send(std::string_view bytes) {
    return ::send(socket_.number(), bytes.data(), bytes.size(), 0) == static_cast<ssize_t>(bytes.size());
  }

 private:
  FileDescriptor socket_;
};

TEST(UdpReceiver, TakesDatagramsAsTheyWereSent) {
  std::vector<std::string> taken;
  auto receiver = UdpReceiver::start({.address = "127.0.0.1:0"}, [&](std::span<const Datagram> datagrams) {
    for (const Datagram& one : datagrams) {
      EXPECT_TRUE(one.from.is_loopback());
      taken.emplace_back(one.bytes);
    }
  });
  ASSERT_TRUE(receiver.ok()) << receiver.status().to_string();
  Sender sender((*receiver)->port());
  const std::string largest(65507, 'x');
  for (const std::string& bytes : {std::string("one"), std::string(), largest, std::string("two\0three", 9)})
    EXPECT_TRUE(sender.send(bytes));
  (*receiver)->stop();
  EXPECT_THAT(taken, ::testing::ElementsAre("one", "", largest, std::string("two\0three", 9)));
  EXPECT_EQ((*receiver)->received(), 4u);
  EXPECT_EQ((*receiver)->dropped(), 0u);
}

TEST(UdpReceiver, EveryDatagramIsEitherTakenOrKnownToBeDropped) {
  std::mutex mutex;
  std::condition_variable woken;
  bool go_on = false;
  auto receiver = UdpReceiver::start({.address = "127.0.0.1:0", .receive_buffer_bytes = 64 << 10},
                                     [&](std::span<const Datagram>) {
                                       std::unique_lock lock(mutex);
                                       woken.wait(lock, [&] { return go_on; });
                                     });
  ASSERT_TRUE(receiver.ok()) << receiver.status().to_string();
  Sender sender((*receiver)->port());
  // Far more than the buffer holds, while the handler waits.
  constexpr uint64_t kSent = 5000;
  for (uint64_t i = 0; i < kSent; ++i) ASSERT_TRUE(sender.send(std::string(1000, 'x')));
  {
    const std::lock_guard lock(mutex);
    go_on = true;
  }
  woken.notify_all();
  (*receiver)->stop();
  EXPECT_GT((*receiver)->received(), 0u);
  EXPECT_GT((*receiver)->dropped(), 0u);
  EXPECT_EQ((*receiver)->received() + (*receiver)->dropped(), kSent);
}

TEST(UdpReceiver, APortThatIsTakenIsAConflict) {
  const auto nothing = [](std::span<const Datagram>) {};
  auto first = UdpReceiver::start({.address = "127.0.0.1:0"}, nothing);
  ASSERT_TRUE(first.ok());
  const auto second = UdpReceiver::start({.address = (*first)->address()}, nothing);
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.status().kind(), ErrorKind::conflict);
  EXPECT_FALSE(UdpReceiver::start({.address = "nonsense"}, nothing).ok());
}

}  // namespace
}  // namespace clew::net
