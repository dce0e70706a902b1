#include "store/columnar/merge_policy.h"

#include <algorithm>
#include <map>
#include <tuple>

namespace clew::store {
namespace {

// The oldest parts of the list that fit together.
std::vector<uint64_t> fit(std::vector<PartEntry> parts, const MergePolicy& policy, size_t at_most) {
  std::sort(parts.begin(), parts.end(), [](const PartEntry& a, const PartEntry& b) {
    return std::tie(a.first, a.number) < std::tie(b.first, b.number);
  });
  std::vector<uint64_t> chosen;
  uint64_t rows = 0;
  for (const PartEntry& part : parts) {
    if (chosen.size() == at_most || rows + part.rows > policy.max_rows) break;
    rows += part.rows;
    chosen.push_back(part.number);
  }
  if (chosen.size() < 2) chosen.clear();
  return chosen;
}

}  // namespace

std::vector<uint64_t> choose_merge(std::span<const PartEntry> parts, const MergePolicy& policy) {
  using Key = std::tuple<uint32_t, Signal, int32_t, uint32_t>;  // environment, signal, day, level
  std::map<Key, std::vector<PartEntry>> groups;
  for (const PartEntry& part : parts)
    groups[{part.environment.number, part.signal, part.day, part.level}].push_back(part);
  for (const auto& [key, group] : groups) {
    if (group.size() < policy.fan_in) continue;
    if (auto chosen = fit(group, policy, policy.fan_in); !chosen.empty()) return chosen;
  }
  if (!policy.gather_leftovers) return {};
  for (const auto& [key, group] : groups) {
    if (std::get<3>(key) != 0 || group.size() < 2) continue;
    if (auto chosen = fit(group, policy, group.size()); !chosen.empty()) return chosen;
  }
  return {};
}

}  // namespace clew::store
