// The ids of occurrences: microseconds since 2020, made distinct and ascending. Below 2^53 until the year
// 2300, so that JavaScript can hold them; as decimal text they sort like numbers until 2051.
#pragma once

#include <cstdint>

namespace clew::control::errors {

// Larger than every one given before. Any thread.
int64_t new_occurrence_id();
// The largest that may have been given so far.
int64_t latest_occurrence_id();
// Ids to come are larger than this one, whatever the clock says: after a restart.
void continue_occurrence_ids_after(int64_t id);

}  // namespace clew::control::errors
