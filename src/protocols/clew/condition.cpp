#include "protocols/clew/condition.h"

#include <string>

#include "protocols/clew/pointed_error.h"
#include "query/short_form.h"

namespace clew::api {

ConditionOrFault read_condition(std::string_view text, std::string_view field, UnixNanos now) {
  constexpr std::string_view kBefore = "COUNT WHERE ";
  const std::string line = std::string(kBefore).append(text);
  Result<query::Plan> plan = query::plan_of_short_form(line, now);
  if (!plan.ok()) {
    PointedError error = point_out(plan.status(), line, kBefore.size());
    return {{}, std::move(error.status), error.position};
  }
  query::Plan bare;
  bare.filter = plan->filter;
  bare.calculations = plan->calculations;
  // The words after a condition (GROUP BY, LIMIT, …) would be ignored here: better to say so.
  if (*plan != bare) {
    return {{},
            Status(ErrorKind::bad_input, std::string(field) +
                                             " takes a condition only, what follows WHERE, got \"" +
                                             std::string(text) + "\""),
            std::nullopt};
  }
  return {std::move(plan->filter), {}, std::nullopt};
}

}  // namespace clew::api
