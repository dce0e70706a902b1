#include "protocols/clew/signal_counts.h"

#include <algorithm>

namespace clew::api {

SignalCount count_rows(const store::Snapshot& snapshot) {
  SignalCount count;
  count.segments = snapshot.segments.size();
  for (const auto& segment : snapshot.segments) {
    for (const store::GranuleInfo& granule : segment->granules()) {
      if (granule.rows == 0) continue;
      count.first = count.rows == 0 ? granule.first : std::min(count.first, granule.first);
      count.last = count.rows == 0 ? granule.last : std::max(count.last, granule.last);
      count.rows += granule.rows;
    }
  }
  return count;
}

}  // namespace clew::api
