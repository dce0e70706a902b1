// Mistake: something a sender did that a door refuses before any handler sees it, in words for the person
// behind that sender.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

namespace clew::net {

struct Mistake {
  std::string peer{};  // "127.0.0.1:51234"; empty: nobody's in particular
  bool peer_is_loopback = false;
  uint16_t door = 0;       // the local port
  std::string protocol{};  // as far as it can be told: "TLS", "HTTP", "gRPC"; may be empty
  std::string agent{};     // user-agent, if as much came
  int status = 0;          // of the answer, in terms of HTTP; 0: there is none
  std::string what{};      // "opened TLS on port 4318, which has no certificate"
  std::string remedy{};
};

// Called on any event loop, once for every refusal: a flood of mistakes is a flood of calls.
using MistakeObserver = std::function<void(const Mistake&)>;

}  // namespace clew::net
