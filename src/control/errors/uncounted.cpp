#include "control/errors/uncounted.h"

#include <algorithm>

#include "control/errors/occurrence_ids.h"
#include "control/errors/stored_occurrences.h"

namespace clew::control::errors {
namespace {

// Far more than are ever on their way to being counted. When the control database was lost and there are more
// in the store, the newest are counted.
constexpr size_t kMost = 100'000;

}  // namespace

Result<std::vector<Arrived>> find_uncounted(
    store::Storage& storage, ItemStore& items,
    const std::function<Fingerprint(EnvironmentId, const Occurrence&)>& grouping) {
  CLEW_ASSIGN(const CountedSoFar so_far, items.counted_so_far());
  CLEW_ASSIGN(const std::vector<EnvironmentId> environments, items.environments());
  std::vector<Arrived> all;
  int64_t largest = so_far.beyond.empty() ? so_far.until : std::max(so_far.until, so_far.beyond.back());
  for (const EnvironmentId environment : environments) {
    OccurrenceQuery query;
    query.later_than = so_far.until;
    query.limit = kMost;
    CLEW_ASSIGN(std::vector<StoredOccurrence> found, find_occurrences(storage, environment, query, {}));
    for (StoredOccurrence& one : found) {
      largest = std::max(largest, one.id);
      if (std::binary_search(so_far.beyond.begin(), so_far.beyond.end(), one.id)) continue;
      Arrived arrived{.environment = environment, .occurrence = std::move(one.occurrence), .fingerprint = {}};
      arrived.fingerprint = grouping(environment, arrived.occurrence);
      arrived.fingerprint.group = std::move(one.group);
      all.push_back(std::move(arrived));
    }
  }
  continue_occurrence_ids_after(largest);
  // In the order in which they came.
  std::sort(all.begin(), all.end(),
            [](const Arrived& a, const Arrived& b) { return a.occurrence.id < b.occurrence.id; });
  return all;
}

}  // namespace clew::control::errors
