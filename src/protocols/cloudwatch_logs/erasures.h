// Erasures: has the store erase what is not shown any more: events older than their group is to keep them,
// and those of groups and streams that were deleted. What was deleted is remembered in the control database
// until none of it is left.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/result.h"
#include "protocols/cloudwatch_logs/api.h"
#include "protocols/cloudwatch_logs/log_group.h"

namespace clew::cloudwatch_logs {

// Any thread.
class Erasures {
 public:
  // They must outlive this.
  explicit Erasures(const ApiOptions& options) : options_(options) {}

  // Tells the store about all that is in the control database. At the start.
  Status restore();
  // nullopt: events are kept for ever.
  void set_retention(EnvironmentId environment, std::string_view group, std::optional<int64_t> days);
  // Removes by `remove`, and has the events with numbers below the limit erased; after a crash in between,
  // either both or neither. An empty stream: of the whole group.
  template <typename Remove>
  Status remove_with_events(EnvironmentId environment, std::string_view group, std::string_view stream,
                            int64_t limit, Remove remove) {
    const std::string name = name_of(group, stream);
    CLEW_TRY(note(environment, name, limit));
    CLEW_TRY(remove());
    erase(environment, name, limit, now());
    return {};
  }
  // Forgets some of what was deleted long enough ago, if nothing of it is left in the store.
  Status forget_what_is_gone(EnvironmentId environment, UnixNanos at, const query::RunOptions& options);

 private:
  static std::string name_of(std::string_view group, std::string_view stream);
  Status note(EnvironmentId environment, std::string_view name, int64_t limit);
  void erase(EnvironmentId environment, std::string_view name, int64_t limit, UnixNanos since);
  Status restore_deleted(EnvironmentId environment);
  Result<int64_t> limit_today(EnvironmentId environment, std::string_view name, int64_t limit);

  const ApiOptions& options_;
};

}  // namespace clew::cloudwatch_logs
