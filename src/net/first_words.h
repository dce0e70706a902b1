// What may be speaking on a door when it is neither HTTP nor TLS, by its first bytes: people mix up ports.
#pragma once

#include <string_view>

namespace clew::net {

struct Speaker {
  std::string_view what;  // "segments of AWS X-Ray over TCP"; empty: nothing known
  std::string_view remedy;
};

// There is always a remedy.
Speaker speaker_of(std::string_view first_bytes);

}  // namespace clew::net
