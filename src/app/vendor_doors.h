// VendorDoors: the ports of `clew serve` where the clients of other systems look when nothing is configured:
// X-Ray's daemon, a Zipkin, a Jaeger's collector and agent.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "app/listen_address.h"
#include "base/result.h"

namespace clew::app {

enum class Vendor : uint8_t { xray, zipkin, jaeger };

// What a setting says. auto: on this machine, if the page's usual door is open there and the port is free.
struct VendorListen {
  enum class Mode : uint8_t {
    automatic,
    off,
    usual_ports,  // of the vendor, on the address's host
    at            // the address alone, for all that the vendor's clients send
  } mode = Mode::automatic;
  ListenAddress address{};
};
// "auto", "off", "0.0.0.0" (the usual ports there), "127.0.0.1:2000".
Result<VendorListen> parse_vendor_listen(std::string_view text);

struct VendorDoor {
  Vendor vendor = Vendor::xray;
  ListenAddress address;
  bool tcp = true;
  bool udp = false;
  std::string_view purpose;  // "Zipkin"
};

struct ChosenVendorDoors {
  std::vector<VendorDoor> doors;
  std::vector<std::string> notes;  // for the operator
};
// `usual` are the doors that will be open besides. A port that was asked for and is taken is a failure.
Result<ChosenVendorDoors> choose_vendor_doors(Vendor vendor, const VendorListen& wanted,
                                              const std::vector<ListenAddress>& usual);

}  // namespace clew::app
