#include "base/fuzz.h"
#include "base/log.h"
#include "query/short_form.h"
#include "query/specification.h"

CLEW_FUZZ(query_short_form) {
  auto plan = clew::query::plan_of_short_form(bytes, {});
  if (!plan.ok()) return;
  std::string text = clew::query::short_form_of(*plan);
  if (!clew::query::plan_of_short_form(text, {}).ok()) clew::bug("a printed plan cannot be read: " + text);
}

CLEW_FUZZ(query_specification) {
  auto plan = clew::query::plan_of_specification(bytes, {1'767'225'600'000'000'000});
  if (plan.ok()) (void)clew::query::short_form_of(*plan);
}
