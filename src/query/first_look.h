// What a long question is answered first: over its newest rows alone, while the rest is still to be read.
#pragma once

#include <cstdint>
#include <optional>

#include "query/plan.h"
#include "store/storage.h"

namespace clew::query {

struct FirstLook {
  Plan plan;  // the same steps of the same range, but nothing in those before `from`
  UnixNanos from;
};

// Over about `rows` rows. Nothing for a plan that has no such part: one for single rows, one that asks about
// other spans or an earlier period, and where so few rows cannot be read without many others.
std::optional<FirstLook> first_look(const Plan& plan, const store::Snapshot& snapshot, uint64_t rows);

}  // namespace clew::query
