#include "protocols/xray/retrievals.h"

#include <algorithm>
#include <array>
#include <random>

#include <fmt/format.h>

namespace clew::xray {

std::string Retrievals::start(EnvironmentId environment, std::vector<TraceId> traces, const TimeRange& range,
                              UnixNanos now) {
  // Only who started it should find it.
  std::random_device random;
  std::string token;
  for (int i = 0; i < 8; ++i) token += fmt::format("{:08x}", random());
  const std::lock_guard lock(mutex_);
  std::erase_if(all_, [now](const Retrieval& one) { return one.expires < now; });
  if (all_.size() == kMost) all_.pop_front();
  all_.push_back({.environment = environment,
                  .token = token,
                  .traces = std::move(traces),
                  .range = range,
                  .expires = now + kLifetime});
  return token;
}

Retrieval* Retrievals::find_locked(EnvironmentId environment, const std::string& token, UnixNanos now) {
  const auto found = std::find_if(all_.begin(), all_.end(), [&](const Retrieval& one) {
    return one.environment == environment && one.token == token && one.expires >= now;
  });
  return found == all_.end() ? nullptr : &*found;
}

std::optional<Retrieval> Retrievals::find(EnvironmentId environment, const std::string& token,
                                          UnixNanos now) {
  const std::lock_guard lock(mutex_);
  const Retrieval* found = find_locked(environment, token, now);
  return found == nullptr ? std::nullopt : std::optional(*found);
}

bool Retrievals::cancel(EnvironmentId environment, const std::string& token, UnixNanos now) {
  const std::lock_guard lock(mutex_);
  Retrieval* found = find_locked(environment, token, now);
  if (found == nullptr) return false;
  found->cancelled = true;
  return true;
}

}  // namespace clew::xray
