#include "protocols/cloudwatch_logs/named_logs.h"

namespace clew::cloudwatch_logs {
namespace {

// Of an ordered map by name.
template <typename Names, typename CreatedOf>
std::vector<NamedLogs::Named> page_of(const Names& names, std::string_view prefix, std::string_view after,
                                      size_t limit, CreatedOf created_of) {
  std::vector<NamedLogs::Named> page;
  auto it = after < prefix ? names.lower_bound(prefix) : names.upper_bound(after);
  for (; it != names.end() && it->first.starts_with(prefix) && page.size() < limit; ++it)
    page.push_back({it->first, created_of(it->second)});
  return page;
}

}  // namespace

void NamedLogs::make_room() {
  if (names_ < most_) return;
  groups_.clear();
  names_ = 0;
}

bool NamedLogs::add_group(const std::string& group, UnixNanos now) {
  const std::lock_guard lock(mutex_);
  if (groups_.contains(group)) return false;
  make_room();
  groups_[group].created = now;
  ++names_;
  return true;
}

bool NamedLogs::add_stream(const std::string& group, const std::string& stream, UnixNanos now) {
  const std::lock_guard lock(mutex_);
  const auto known = groups_.find(group);
  if (known != groups_.end() && known->second.streams.contains(stream)) return false;
  make_room();
  const auto [place, is_new] = groups_.try_emplace(group, Group{now, {}});
  place->second.streams.emplace(stream, now);
  names_ += is_new ? 2 : 1;
  return true;
}

bool NamedLogs::remove_group(const std::string& group) {
  const std::lock_guard lock(mutex_);
  const auto found = groups_.find(group);
  if (found == groups_.end()) return false;
  names_ -= 1 + found->second.streams.size();
  groups_.erase(found);
  return true;
}

bool NamedLogs::remove_stream(const std::string& group, const std::string& stream) {
  const std::lock_guard lock(mutex_);
  const auto found = groups_.find(group);
  if (found == groups_.end() || found->second.streams.erase(stream) == 0) return false;
  --names_;
  return true;
}

std::vector<NamedLogs::Named> NamedLogs::groups(std::string_view prefix, std::string_view after,
                                                size_t limit) const {
  const std::lock_guard lock(mutex_);
  return page_of(groups_, prefix, after, limit, [](const Group& group) { return group.created; });
}

std::optional<std::vector<NamedLogs::Named>> NamedLogs::streams(const std::string& group,
                                                                std::string_view prefix,
                                                                std::string_view after, size_t limit) const {
  const std::lock_guard lock(mutex_);
  const auto found = groups_.find(group);
  if (found == groups_.end()) return std::nullopt;
  return page_of(found->second.streams, prefix, after, limit, [](UnixNanos created) { return created; });
}

}  // namespace clew::cloudwatch_logs
