#include "protocols/rollbar/bundle_tickets.h"

#include <algorithm>

#include "control/key_value.h"

namespace clew::rollbar {

std::string BundleTickets::issue(BundlePlace place, UnixNanos at) {
  std::string ticket = control::new_key_secret();
  const std::lock_guard lock(mutex_);
  while (issued_.size() >= kMost) issued_.pop_front();
  issued_.push_back({.ticket = ticket, .place = std::move(place), .at = at});
  return ticket;
}

std::optional<BundlePlace> BundleTickets::take(std::string_view ticket, UnixNanos at) {
  const std::lock_guard lock(mutex_);
  while (!issued_.empty() && at - issued_.front().at >= kValid) issued_.pop_front();
  const auto found =
      std::find_if(issued_.begin(), issued_.end(), [&](const Issued& one) { return one.ticket == ticket; });
  if (found == issued_.end()) return std::nullopt;
  BundlePlace place = std::move(found->place);
  issued_.erase(found);
  return place;
}

}  // namespace clew::rollbar
