// Which parts to merge next. Parts of a day are merged when enough of a level have gathered, so that every
// row is rewritten about once a level; and what is left over when nothing arrives is gathered up.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "store/columnar/manifest.h"

namespace clew::store {

struct MergePolicy {
  uint32_t fan_in = 8;             // parts of one level that make a merge
  uint64_t max_rows = 16'000'000;  // of the part that a merge makes
  bool gather_leftovers = false;   // also merge fewer than fan_in parts of level 0
};

// Numbers of the parts to merge (at least two, of one environment, signal and day), or none.
std::vector<uint64_t> choose_merge(std::span<const PartEntry> parts, const MergePolicy& policy);

}  // namespace clew::store
