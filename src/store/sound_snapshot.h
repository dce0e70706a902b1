// A snapshot without the granules that were found damaged. Whoever reads never meets the same damage twice,
// and whoever answers can say what is missing.
#pragma once

#include "base/time.h"
#include "store/storage.h"

namespace clew::store {

// The same snapshot without the granules that its segments have set aside by now; they are added to
// Snapshot::set_aside.
Snapshot without_damage(Snapshot snapshot);

// Rows set aside whose granule overlaps the time range [from, to).
uint64_t rows_set_aside(const Snapshot& snapshot, UnixNanos from, UnixNanos to);

}  // namespace clew::store
