// Occurrences as they rest in the store: rows of logs and of span events that carry error.group.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "control/errors/occurrence.h"
#include "query/run.h"
#include "store/storage.h"

namespace clew::control::errors {

struct StoredOccurrence {
  int64_t id = 0;
  std::string group;
  UnixNanos at;
  Signal signal = Signal::logs;
  std::string stack;      // exception.stacktrace; may be empty
  std::string frames;     // as JSON: error.frames, else exception.frames, else empty
  std::string payload;    // of a Rollbar client, as it came but scrubbed; JSON
  std::string body;       // of a log record
  Occurrence occurrence;  // what grouping sees
  // Every column of the row; only when asked for one occurrence.
  std::vector<std::pair<std::string, std::string>> columns;
};

struct OccurrenceQuery {
  std::vector<std::string> groups;  // empty: of every group
  int64_t later_than = 0;           // an id; only those that arrived after that one
  TimeRange range;
  size_t limit = 100;
};

// The newest first. `storage` is only read.
Result<std::vector<StoredOccurrence>> find_occurrences(store::Storage& storage, EnvironmentId environment,
                                                       const OccurrenceQuery& query,
                                                       const query::RunOptions& options);
// With all columns. Nothing when there is none (any more).
Result<std::optional<StoredOccurrence>> find_occurrence(store::Storage& storage, EnvironmentId environment,
                                                        int64_t id, const query::RunOptions& options);

// How often each value of a column occurs among the newest occurrences.
struct Distribution {
  std::string column;
  std::vector<std::pair<std::string, int64_t>> values;  // the most frequent first, at most 10
  int64_t others = 0;
};
std::vector<Distribution> distributions_of(const std::vector<StoredOccurrence>& occurrences);

}  // namespace clew::control::errors
