// Doors: where a server is going to listen, checked before anything is opened.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "app/listen_address.h"
#include "base/result.h"

namespace clew::app {

// Nobody may reach a door from another machine as long as there are no keys, unless `insecure` is wanted.
struct DoorPolicy {
  bool keys_required = false;
  bool insecure = false;
  std::string data;  // for the sentence that says how to make a key
};
Status check_doors(const std::vector<ListenAddress>& doors, const DoorPolicy& policy);

struct FreeDoors {
  std::vector<ListenAddress> doors;
  std::vector<std::string> notes;  // one for each door left out
};
// The doors that no other program holds. Where the operator named the doors, one that is taken is an error;
// of the usual doors it is left out, and only if none is left it is an error.
enum class DoorsAre : uint8_t { the_usual, named_by_operator };
Result<FreeDoors> free_doors(const std::vector<ListenAddress>& wanted, DoorsAre doors_are);

// "OTLP over gRPC": what a port is known for. Every door takes everything.
std::string purpose_of_port(uint16_t port);

}  // namespace clew::app
