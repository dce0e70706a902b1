#include "app/unnamed_sender.h"

#include <charconv>
#include <string_view>

#include "app/port_owner.h"

namespace clew::app {
namespace {

uint16_t port_of(std::string_view address) {
  const std::string_view digits = address.substr(address.rfind(':') + 1);
  uint16_t port = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), port);
  return port;
}

}  // namespace

std::string UnnamedSender::find(const net::Mistake& mistake) {
  const uint16_t port = port_of(mistake.peer);
  if (!mistake.peer_is_loopback || port == 0 || !may_look(monotonic_now())) return {};
  return owner_of_connection(port).value_or(std::string());
}

bool UnnamedSender::may_look(Nanoseconds at) {
  const std::lock_guard lock(mutex_);
  return looks_.take(at);
}

}  // namespace clew::app
