// What is wrong with a plan beyond each member of its specification by itself, told with the member's name.
#pragma once

#include "base/result.h"
#include "query/plan.h"

namespace clew::query {

// A plan that was read from a specification with so many calculations; the formulas follow them. Success when
// nothing was found, which does not mean that the plan is valid.
Status find_fault(const Plan& plan, size_t calculations);

}  // namespace clew::query
