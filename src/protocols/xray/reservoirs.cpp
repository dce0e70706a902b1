#include "protocols/xray/reservoirs.h"

#include <algorithm>

namespace clew::xray {
namespace {

constexpr size_t kMostClients = 10'000;
constexpr size_t kMostRules = 10'000;
constexpr Nanoseconds kWindow = seconds(10);
constexpr Nanoseconds kWindowsLife = seconds(3600);

}  // namespace

Quota Reservoirs::report(const SamplingReport& report, int64_t reservoir_size, UnixNanos now) {
  const std::lock_guard lock(mutex_);
  const Key key{report.environment, report.rule};
  if (!uses_.contains(key) && uses_.size() >= kMostRules) return {.size = 0, .good_until = now + kQuotaLife};
  Use& use = uses_[key];
  add_to_windows(use, report, now);

  std::erase_if(use.clients, [now](const auto& client) { return client.second.good_until <= now; });
  if (!use.clients.contains(report.client) && use.clients.size() >= kMostClients)
    return {.size = 0, .good_until = now + kQuotaLife};
  const auto place = use.clients.try_emplace(report.client).first;
  const auto rank = static_cast<int64_t>(std::distance(use.clients.begin(), place));
  const auto clients = static_cast<int64_t>(use.clients.size());
  const int64_t share = reservoir_size / clients + (rank < reservoir_size % clients ? 1 : 0);
  int64_t held_by_others = 0;
  for (const auto& [client, lease] : use.clients) {
    if (client != report.client) held_by_others += lease.size;
  }
  const int64_t size = std::clamp<int64_t>(reservoir_size - held_by_others, 0, share);
  place->second = {.size = size, .good_until = now + kQuotaLife};
  return {.size = size, .good_until = now + kQuotaLife};
}

void Reservoirs::add_to_windows(Use& use, const SamplingReport& report, UnixNanos now) {
  const UnixNanos start{now.count - now.count % kWindow.count};
  SamplingWindow& window = use.windows[start];
  window.rule = report.rule;
  window.start = start;
  window.requests += report.requests;
  window.sampled += report.sampled;
  window.borrowed += report.borrowed;
  use.windows.erase(use.windows.begin(), use.windows.lower_bound(now - kWindowsLife));
}

std::vector<SamplingWindow> Reservoirs::windows(EnvironmentId environment, UnixNanos now) const {
  const std::lock_guard lock(mutex_);
  std::vector<SamplingWindow> all;
  for (const auto& [key, use] : uses_) {
    if (key.environment != environment) continue;
    for (const auto& [start, window] : use.windows) {
      if (start >= now - kWindowsLife) all.push_back(window);
    }
  }
  return all;
}

}  // namespace clew::xray
