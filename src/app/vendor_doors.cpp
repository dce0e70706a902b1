#include "app/vendor_doors.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "app/port_owner.h"
#include "net/address.h"
#include "net/udp_receiver.h"

namespace clew::app {
namespace {

struct UsualPort {
  Vendor vendor;
  uint16_t port;
  bool tcp;
  bool udp;
  std::string_view purpose;
};

constexpr std::array kUsualPorts = {
    UsualPort{Vendor::xray, 2000, true, true, "AWS X-Ray, UDP too"},
    UsualPort{Vendor::zipkin, 9411, true, false, "Zipkin"},
    UsualPort{Vendor::jaeger, 14268, true, false, "Jaeger, Thrift over HTTP"},
    UsualPort{Vendor::jaeger, 14250, true, false, "Jaeger over gRPC"},
    UsualPort{Vendor::jaeger, 5778, true, false, "Jaeger's sampling strategies"},
    UsualPort{Vendor::jaeger, 6831, false, true, "Jaeger, UDP compact"},
    UsualPort{Vendor::jaeger, 6832, false, true, "Jaeger, UDP binary"},
};

// What one door for everything is called, and the setting it comes from.
struct VendorName {
  std::string_view purpose;
  std::string_view setting;
  bool udp;
};
VendorName name_of(Vendor vendor) {
  switch (vendor) {
    case Vendor::xray:
      return {"AWS X-Ray, UDP too", "--xray-listen", true};
    case Vendor::zipkin:
      return {"Zipkin", "--zipkin-listen", false};
    case Vendor::jaeger:
      return {"Jaeger, UDP too", "--jaeger-listen", true};
  }
  return {};
}

// Opened and closed again. A door of both protocols is of use only when both are ours.
Status try_open(const VendorDoor& door) {
  if (door.tcp)
    if (const auto listeners = net::listen_on(door.address.text()); !listeners.ok())
      return listeners.status();
  if (!door.udp) return {};
  return net::UdpReceiver::start({.address = door.address.text(), .receive_buffer_bytes = 4096},
                                 [](std::span<const net::Datagram>) {})
      .status();
}

std::vector<VendorDoor> doors_of(Vendor vendor, const VendorListen& wanted) {
  if (wanted.mode == VendorListen::Mode::off) return {};
  if (wanted.mode == VendorListen::Mode::at) {
    const VendorName name = name_of(vendor);
    return {{.vendor = vendor, .address = wanted.address, .udp = name.udp, .purpose = name.purpose}};
  }
  const bool automatic = wanted.mode == VendorListen::Mode::automatic;
  std::vector<VendorDoor> doors;
  for (const UsualPort& one : kUsualPorts) {
    if (one.vendor != vendor) continue;
    doors.push_back({.vendor = vendor,
                     .address = {.host = automatic ? "127.0.0.1" : wanted.address.host, .port = one.port},
                     .tcp = one.tcp,
                     .udp = one.udp,
                     .purpose = one.purpose});
  }
  return doors;
}

}  // namespace

Result<VendorListen> parse_vendor_listen(std::string_view text) {
  using Mode = VendorListen::Mode;
  if (text == "auto") return VendorListen();
  if (text == "off") return VendorListen{.mode = Mode::off};
  // Read twice with different ports, it tells whether it has one itself.
  const Result<net::HostAndPort> where = net::parse_host_and_port(text, 1),
                                 again = net::parse_host_and_port(text, 2);
  if (!where.ok() || !again.ok())
    return Status(ErrorKind::bad_input, fmt::format("expected auto, off or HOST:PORT, got '{}'", text));
  const bool only_port = !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
  if (only_port || where->host.empty())
    return Status(ErrorKind::bad_input,
                  fmt::format("expected auto, off or HOST:PORT, got '{}': which host is missing", text));
  if (where->port != again->port)
    return VendorListen{.mode = Mode::usual_ports, .address = {.host = where->host, .port = 0}};
  return VendorListen{.mode = Mode::at, .address = {.host = where->host, .port = where->port}};
}

Result<ChosenVendorDoors> choose_vendor_doors(Vendor vendor, const VendorListen& wanted,
                                              const std::vector<ListenAddress>& usual) {
  const bool automatic = wanted.mode == VendorListen::Mode::automatic;
  const bool page_is_open = std::any_of(usual.begin(), usual.end(), [](const ListenAddress& door) {
    return door.port == kPagePort && door.is_loopback();
  });
  ChosenVendorDoors chosen;
  if (automatic && !page_is_open) return chosen;
  for (VendorDoor& door : doors_of(vendor, wanted)) {
    const Status free = try_open(door);
    if (free.ok()) {
      chosen.doors.push_back(std::move(door));
    } else if (automatic) {
      chosen.notes.push_back(
          fmt::format("{} is taken by {}; going on without that door ({})", door.address.text(),
                      owner_of_port(door.address.port).value_or("another program"), door.purpose));
    } else {
      return Status(free.kind(), fmt::format("{}: stop what has it, or choose another {} address",
                                             free.message(), name_of(vendor).setting));
    }
  }
  return chosen;
}

}  // namespace clew::app
