#include "app/xray_door.h"

#include <algorithm>

#include <fmt/format.h>

#include "app/port_owner.h"
#include "net/address.h"
#include "net/udp_receiver.h"

namespace clew::app {
namespace {

// Opened and closed again, both of them: the port is of use only when UDP and TCP are ours.
Status try_both(const ListenAddress& door) {
  if (const auto listeners = net::listen_on(door.text()); !listeners.ok()) return listeners.status();
  return net::UdpReceiver::start({.address = door.text(), .receive_buffer_bytes = 4096},
                                 [](std::span<const net::Datagram>) {})
      .status();
}

}  // namespace

Result<XrayListen> parse_xray_listen(std::string_view text) {
  if (text == "auto") return XrayListen();
  if (text == "off") return XrayListen{.mode = XrayListen::Mode::off, .address = {}};
  const Result<net::HostAndPort> where = net::parse_host_and_port(text, kXrayPort);
  if (!where.ok())
    return Status(ErrorKind::bad_input, fmt::format("expected auto, off or HOST:PORT, got '{}'", text));
  const bool only_port = !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
  if (only_port || where->host.empty())
    return Status(ErrorKind::bad_input,
                  fmt::format("expected auto, off or HOST:PORT, got '{}': which host is missing", text));
  return XrayListen{.mode = XrayListen::Mode::at, .address = {.host = where->host, .port = where->port}};
}

Result<XrayDoor> choose_xray_door(const XrayListen& wanted, const std::vector<ListenAddress>& doors) {
  if (wanted.mode == XrayListen::Mode::off) return XrayDoor();
  if (wanted.mode == XrayListen::Mode::at) {
    const Status free = try_both(wanted.address);
    if (!free.ok())
      return Status(free.kind(), fmt::format("{}: stop what has it, or choose another --xray-listen address",
                                             free.message()));
    return XrayDoor{.address = wanted.address, .notes = {}};
  }
  const bool is_usual = std::any_of(doors.begin(), doors.end(), [](const ListenAddress& door) {
    return door.port == kPagePort && door.is_loopback();
  });
  if (!is_usual) return XrayDoor();
  const ListenAddress usual{.host = "127.0.0.1", .port = kXrayPort};
  if (const Status free = try_both(usual); !free.ok())
    return XrayDoor{
        .address = {},
        .notes = {fmt::format("{} is taken by {}; going on without that door for AWS X-Ray", usual.text(),
                              owner_of_port(kXrayPort).value_or("another program"))}};
  return XrayDoor{.address = usual, .notes = {}};
}

}  // namespace clew::app
