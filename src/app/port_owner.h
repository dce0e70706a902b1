// Which program on this machine listens on a port, or speaks from one: for the sentence that says why a door
// cannot be opened, or who does it wrong.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace clew::app {

// "node (process 1234)"; nullopt when the system does not tell (another user's program, no /proc).
std::optional<std::string> owner_of_port(uint16_t port);

// The same of the client's end of a connection on this machine. Costs milliseconds.
std::optional<std::string> owner_of_connection(uint16_t local_port);

}  // namespace clew::app
