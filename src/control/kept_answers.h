// KeptAnswers: what people were answered, as it was, under a name that a link can carry: the same numbers
// next week, whatever has arrived or left since. A courtesy, not the data: the oldest are forgotten when
// there are too many.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "control/database.h"
#include "telemetry/batch.h"

namespace clew::control {

struct KeptAnswer {
  std::string question;  // JSON object: what was asked
  std::string person;    // who asked; may be empty
  UnixNanos at;
  std::string answer;  // JSON object
};

struct KeptAnswerLimits {
  size_t most_bytes_of_one = size_t{4} << 20;      // before it is packed
  int64_t most_bytes_in_all = int64_t{128} << 20;  // packed, of all environments
  Nanoseconds kept_for = days(90);
};

// Any thread.
class KeptAnswers {
 public:
  static Result<std::unique_ptr<KeptAnswers>> open(const std::string& data_directory,
                                                   KeptAnswerLimits limits = {});
  KeptAnswers(Database database, KeptAnswerLimits limits) : limits_(limits), database_(std::move(database)) {}

  // The name to find it by; nothing when it is too large to be kept.
  Result<std::optional<std::string>> keep(EnvironmentId environment, const KeptAnswer& kept);
  Result<std::optional<KeptAnswer>> find(EnvironmentId environment, std::string_view name);

 private:
  Status forget(UnixNanos at);

  const KeptAnswerLimits limits_;
  std::mutex mutex_;
  Database database_;              // guarded by mutex_
  int64_t kept_since_a_look_ = 0;  // bytes; guarded by mutex_
};

}  // namespace clew::control
