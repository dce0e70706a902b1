#include "app/xray_door.h"

#include <gtest/gtest.h>

#include "net/address.h"
#include "net/udp_receiver.h"

namespace clew::app {
namespace {

TEST(XrayDoor, AddressesAreReadWithTheUsualPort) {
  EXPECT_EQ(parse_xray_listen("0.0.0.0")->address, (ListenAddress{"0.0.0.0", 2000}));
  EXPECT_EQ(parse_xray_listen("[::1]:77")->address, (ListenAddress{"::1", 77}));
  EXPECT_EQ(parse_xray_listen("off")->mode, XrayListen::Mode::off);
  EXPECT_EQ(parse_xray_listen("auto")->mode, XrayListen::Mode::automatic);
  for (const char* text : {"", "2000", ":2000", "a:b", "127.0.0.1:99999"})
    EXPECT_FALSE(parse_xray_listen(text).ok()) << text;
}

TEST(XrayDoor, OpensByItselfOnlyBesideTheUsualDoors) {
  EXPECT_FALSE(choose_xray_door({}, {{"127.0.0.1", 8080}})->address);
  EXPECT_FALSE(choose_xray_door({}, {{"0.0.0.0", kPagePort}})->address);
  EXPECT_FALSE(
      choose_xray_door({.mode = XrayListen::Mode::off, .address = {}}, {{"127.0.0.1", kPagePort}})->address);
}

TEST(XrayDoor, APortThatIsTakenByEitherProtocolIsAFailureWhenItWasAskedFor) {
  auto taken = net::UdpReceiver::start({.address = "127.0.0.1:0"}, [](std::span<const net::Datagram>) {});
  ASSERT_TRUE(taken.ok());
  const ListenAddress address{"127.0.0.1", (*taken)->port()};
  EXPECT_FALSE(choose_xray_door({.mode = XrayListen::Mode::at, .address = address}, {}).ok());
  (*taken)->stop();
  EXPECT_EQ(choose_xray_door({.mode = XrayListen::Mode::at, .address = address}, {})->address, address);
}

}  // namespace
}  // namespace clew::app
