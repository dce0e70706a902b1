// Which program listens on a port, for the sentence that says why a door cannot be opened.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace clew::app {

// "node (process 1234)"; nullopt when the system does not tell (another user's program, no /proc).
std::optional<std::string> owner_of_port(uint16_t port);

}  // namespace clew::app
