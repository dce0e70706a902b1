// The door of `clew serve` for X-Ray SDKs: one port, UDP for segments and TCP for sampling rules, where the
// X-Ray daemon would listen.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/listen_address.h"
#include "base/result.h"

namespace clew::app {

inline constexpr uint16_t kXrayPort = 2000;

// auto: where the SDKs look when nothing is configured, if the page's usual door on this machine is open and
// the port is free.
struct XrayListen {
  enum class Mode : uint8_t { automatic, off, at } mode = Mode::automatic;
  ListenAddress address;  // when `at`
};
// "auto", "off", "127.0.0.1:2000", "0.0.0.0" (port 2000 there).
Result<XrayListen> parse_xray_listen(std::string_view text);

struct XrayDoor {
  std::optional<ListenAddress> address;
  std::vector<std::string> notes;  // for the operator
};
// `doors` are the others that will be open. A port that was asked for and is taken is a failure.
Result<XrayDoor> choose_xray_door(const XrayListen& wanted, const std::vector<ListenAddress>& doors);

}  // namespace clew::app
