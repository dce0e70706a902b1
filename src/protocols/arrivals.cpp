#include "protocols/arrivals.h"

#include <algorithm>

#include "protocols/refusal_lines.h"

namespace clew {
namespace {

constexpr size_t kMostSenders = 512;
constexpr size_t kMostRefusals = 100;
constexpr size_t kMostText = 300;

std::string address_of(std::string_view peer) {
  const size_t colon = peer.rfind(':');
  return std::string(peer.substr(0, colon));
}

std::string shortened(std::string_view text) {
  return std::string(text.substr(0, kMostText));
}

}  // namespace

Sender sender_of(const net::Request& request, std::string_view protocol) {
  return {address_of(request.peer), request.door, std::string(protocol),
          shortened(request.header("user-agent").value_or(std::string_view()))};
}

Sender sender_of(const net::GrpcRequest& request, std::string_view protocol) {
  return {address_of(request.peer), request.door, std::string(protocol),
          shortened(net::find_header(request.metadata, "user-agent").value_or(std::string_view()))};
}

Arrivals::Seen& Arrivals::seen(std::optional<EnvironmentId> environment, const Sender& sender, UnixNanos at) {
  if (const auto found = senders_.find({environment, sender}); found != senders_.end()) {
    found->second.last_seen = at;
    return found->second;
  }
  if (senders_.size() >= kMostSenders) {
    senders_.erase(std::min_element(senders_.begin(), senders_.end(), [](const auto& a, const auto& b) {
      return a.second.last_seen < b.second.last_seen;
    }));
  }
  Seen fresh;
  fresh.sender = sender;
  fresh.first_seen = fresh.last_seen = at;
  return senders_.emplace(Place{environment, sender}, std::move(fresh)).first->second;
}

void Arrivals::accepted(EnvironmentId environment, const Sender& sender, uint64_t items, uint64_t bytes) {
  const UnixNanos at = now();
  const std::lock_guard lock(mutex_);
  Seen& entry = seen(environment, sender, at);
  ++entry.requests;
  entry.items += items;
  entry.bytes += bytes;
}

void Arrivals::refused(std::optional<EnvironmentId> environment, const Sender& sender, int status,
                       std::string_view reason, std::string_view remedy) {
  const UnixNanos at = now();
  Refusal kept;
  {
    const std::lock_guard lock(mutex_);
    Seen& entry = seen(environment, sender, at);
    ++entry.requests;
    ++entry.refused;
    ++refused_requests_[environment];
    keep(environment, sender, status, reason, remedy, at);
    kept = refusals_.front().refusal;
  }
  if (kept.times == 1) refusal_lines().tell(kept);
}

void Arrivals::noted(EnvironmentId environment, const Sender& sender, std::string_view reason,
                     std::string_view remedy) {
  const UnixNanos at = now();
  Refusal kept;
  {
    const std::lock_guard lock(mutex_);
    keep(environment, sender, 200, reason, remedy, at);
    kept = refusals_.front().refusal;
  }
  if (kept.times == 1) refusal_lines().tell(kept);
}

void Arrivals::keep(std::optional<EnvironmentId> environment, const Sender& sender, int status,
                    std::string_view reason, std::string_view remedy, UnixNanos at) {
  const std::string shown = shortened(reason);
  const auto same = std::find_if(refusals_.begin(), refusals_.end(), [&](const KeptRefusal& kept) {
    return kept.environment == environment && kept.refusal.status == status &&
           kept.refusal.sender == sender && kept.refusal.reason == shown;
  });
  KeptRefusal kept;
  if (same != refusals_.end()) {
    kept = std::move(*same);
    refusals_.erase(same);
    ++kept.refusal.times;
  } else {
    kept = {environment, {sender, status, shown, shortened(remedy), 1, at, at}};
  }
  kept.refusal.last = at;
  refusals_.push_front(std::move(kept));
  if (refusals_.size() > kMostRefusals) refusals_.pop_back();
}

std::vector<Arrivals::Seen> Arrivals::senders(EnvironmentId environment) const {
  std::vector<Seen> visible;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [place, entry] : senders_) {
      if (!place.environment || *place.environment == environment) visible.push_back(entry);
    }
  }
  std::sort(visible.begin(), visible.end(),
            [](const Seen& a, const Seen& b) { return a.last_seen > b.last_seen; });
  return visible;
}

std::vector<Arrivals::Refusal> Arrivals::refusals(EnvironmentId environment) const {
  std::vector<Refusal> visible;
  const std::lock_guard lock(mutex_);
  for (const KeptRefusal& kept : refusals_) {
    if (!kept.environment || *kept.environment == environment) visible.push_back(kept.refusal);
  }
  return visible;
}

uint64_t Arrivals::refused_requests(EnvironmentId environment) const {
  uint64_t total = 0;
  const std::lock_guard lock(mutex_);
  for (const auto& [place, times] : refused_requests_) {
    if (!place || *place == environment) total += times;
  }
  return total;
}

}  // namespace clew
