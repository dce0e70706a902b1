#include "app/vendor_doors.h"

#include <gtest/gtest.h>

#include "net/address.h"
#include "net/udp_receiver.h"

namespace clew::app {
namespace {

using Mode = VendorListen::Mode;

TEST(VendorDoors, AHostAloneMeansTheUsualPorts) {
  EXPECT_EQ(parse_vendor_listen("0.0.0.0")->mode, Mode::usual_ports);
  EXPECT_EQ(parse_vendor_listen("0.0.0.0")->address.host, "0.0.0.0");
  EXPECT_EQ(parse_vendor_listen("[::1]:77")->address, (ListenAddress{"::1", 77}));
  EXPECT_EQ(parse_vendor_listen("127.0.0.1:0")->mode, Mode::at);
  EXPECT_EQ(parse_vendor_listen("127.0.0.1:1")->mode, Mode::at);
  EXPECT_EQ(parse_vendor_listen("off")->mode, Mode::off);
  EXPECT_EQ(parse_vendor_listen("auto")->mode, Mode::automatic);
  for (const char* text : {"", "2000", ":2000", "a:b", "127.0.0.1:99999"})
    EXPECT_FALSE(parse_vendor_listen(text).ok()) << text;
}

TEST(VendorDoors, OpenByThemselvesOnlyBesideTheUsualDoors) {
  for (const Vendor vendor : {Vendor::xray, Vendor::zipkin, Vendor::jaeger}) {
    EXPECT_TRUE(choose_vendor_doors(vendor, {}, {{"127.0.0.1", 8080}})->doors.empty());
    EXPECT_TRUE(choose_vendor_doors(vendor, {}, {{"0.0.0.0", kPagePort}})->doors.empty());
    EXPECT_TRUE(choose_vendor_doors(vendor, {.mode = Mode::off}, {{"127.0.0.1", kPagePort}})->doors.empty());
  }
}

TEST(VendorDoors, APortThatIsTakenByEitherProtocolIsAFailureWhenItWasAskedFor) {
  auto taken = net::UdpReceiver::start({.address = "127.0.0.1:0"}, [](std::span<const net::Datagram>) {});
  ASSERT_TRUE(taken.ok());
  const ListenAddress address{"127.0.0.1", (*taken)->port()};
  const VendorListen wanted{.mode = Mode::at, .address = address};
  EXPECT_FALSE(choose_vendor_doors(Vendor::xray, wanted, {}).ok());
  const auto jaeger = choose_vendor_doors(Vendor::jaeger, wanted, {});
  ASSERT_FALSE(jaeger.ok());
  EXPECT_NE(jaeger.status().message().find("--jaeger-listen"), std::string::npos);
  // Zipkin's clients send no datagrams.
  EXPECT_TRUE(choose_vendor_doors(Vendor::zipkin, wanted, {}).ok());
  (*taken)->stop();
  const auto doors = choose_vendor_doors(Vendor::xray, wanted, {});
  ASSERT_TRUE(doors.ok());
  ASSERT_EQ(doors->doors.size(), 1U);
  EXPECT_EQ(doors->doors[0].address, address);
  EXPECT_TRUE(doors->doors[0].tcp && doors->doors[0].udp);
}

}  // namespace
}  // namespace clew::app
