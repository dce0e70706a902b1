// Eraser: which part is worth writing anew without the rows that rules say are to go. Remembers what it has
// looked at, so that to ask again costs next to nothing while parts and rules stay as they are.
#pragma once

#include <map>
#include <memory>
#include <span>
#include <vector>

#include "store/columnar/erasure.h"

namespace clew::store {

struct ErasurePolicy {
  double worthwhile_share = 0.125;     // of the rows of a part; so many are worth writing the others again,
  Nanoseconds longest_wait = days(3);  // and fewer when they could have left so long ago
};

// One thread at a time.
class Eraser {
 public:
  explicit Eraser(ErasurePolicy policy = {}) : policy_(policy) {}

  // The rules to go by from now on; nullptr when there are none.
  const Erasure* use(std::shared_ptr<const ErasureRules::List> list);
  // The number of the part to look at next; nothing when all have been.
  std::optional<uint64_t> next(std::span<const PartEntry> parts, UnixNanos at);
  // Looks at a part. The rows to write it without; nothing when it may stay as it is for now.
  Result<std::optional<RowsToErase>> look_at(const PublishedPart& part, UnixNanos at);

 private:
  const ErasurePolicy policy_;
  std::unique_ptr<const Erasure> erasure_;
  // By number of a part that was looked at: when again; nothing when only other rules can change that.
  std::map<uint64_t, std::optional<UnixNanos>> again_;
};

}  // namespace clew::store
