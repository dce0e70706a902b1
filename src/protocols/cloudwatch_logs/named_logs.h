// NamedLogs: the groups and streams that senders of a collector have named, so that clients which look before
// they send find what they made. In memory alone: events are taken whether their stream is known or not.
#pragma once

#include <cstddef>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.h"

namespace clew::cloudwatch_logs {

// Any thread.
class NamedLogs {
 public:
  // Beyond so many names all are forgotten.
  explicit NamedLogs(size_t most = 100'000) : most_(most) {}

  // False when it was known already.
  bool add_group(const std::string& group, UnixNanos now);
  // The group with it.
  bool add_stream(const std::string& group, const std::string& stream, UnixNanos now);
  // False when there was none.
  bool remove_group(const std::string& group);
  bool remove_stream(const std::string& group, const std::string& stream);

  struct Named {
    std::string name;
    UnixNanos created;
  };
  // By name, those that begin with `prefix` and lie behind `after`, at most `limit`.
  std::vector<Named> groups(std::string_view prefix, std::string_view after, size_t limit) const;
  // Nothing when the group is not known.
  std::optional<std::vector<Named>> streams(const std::string& group, std::string_view prefix,
                                            std::string_view after, size_t limit) const;

 private:
  using Streams = std::map<std::string, UnixNanos, std::less<>>;
  struct Group {
    UnixNanos created;
    Streams streams;
  };
  void make_room();  // with the lock held

  const size_t most_;
  mutable std::mutex mutex_;
  // Guarded by mutex_:
  std::map<std::string, Group, std::less<>> groups_;
  size_t names_ = 0;
};

}  // namespace clew::cloudwatch_logs
