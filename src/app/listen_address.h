// Where a door listens: "127.0.0.1:4318", "[::1]:4318", "localhost:4318", "4318" (loopback), "0.0.0.0" (all
// three usual ports).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace clew::app {

struct ListenAddress {
  std::string host;
  uint16_t port = 0;  // 0: any free one
  bool operator==(const ListenAddress&) const = default;

  // "[::1]:4318"
  std::string text() const;
  // Nobody outside this machine can connect.
  bool is_loopback() const;
  // Listens on every network of the machine.
  bool is_any() const;
};

inline constexpr uint16_t kPagePort = 2539;  // C-L-E-W on a keypad
inline constexpr uint16_t kOtlpGrpcPort = 4317;
inline constexpr uint16_t kOtlpHttpPort = 4318;

// A host alone stands for the usual ports on it, so that one text may mean several doors.
Result<std::vector<ListenAddress>> parse_listen_address(std::string_view text);

}  // namespace clew::app
