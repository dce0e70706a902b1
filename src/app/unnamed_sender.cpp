#include "app/unnamed_sender.h"

#include <algorithm>
#include <charconv>
#include <string_view>

#include "app/port_owner.h"

namespace clew::app {
namespace {

// So many looks at once, and then one in this time.
constexpr int64_t kAtOnce = 20;
constexpr Nanoseconds kBetween = milliseconds(200);

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
  if (refilled_.count == 0) {
    refilled_ = at;
    looks_left_ = kAtOnce;
  }
  const int64_t more = (at.count - refilled_.count) / kBetween.count;
  refilled_.count += more * kBetween.count;
  looks_left_ = std::min(kAtOnce, looks_left_ + more);
  if (looks_left_ == 0) return false;
  --looks_left_;
  return true;
}

}  // namespace clew::app
