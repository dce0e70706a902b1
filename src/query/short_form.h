// The short form: one line that a person types.
//
//   COUNT, P99(duration_ms) WHERE service.name = api AND http.status_code >= 500 GROUP BY http.route
//   ORDER BY COUNT DESC LIMIT 10 HAVING COUNT > 5 FROM logs
#pragma once

#include <string>
#include <string_view>

#include "query/plan.h"

namespace clew::query {

// The time range stays unbounded unless SINCE/UNTIL give one (relative to `reference`). Errors (bad_input)
// quote the line and point at the character.
Result<Plan> plan_of_short_form(std::string_view text, UnixNanos reference);

// A line that plan_of_short_form() reads as the same plan.
std::string short_form_of(const Plan& plan);

}  // namespace clew::query
