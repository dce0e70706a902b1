#include "base/fuzz.h"
#include "base/log.h"
#include "protocols/clew/question.h"
#include "query/plan.h"

// Any bytes as the body of a question: a plan that may be run, or a sentence.
CLEW_FUZZ(api_question) {
  const clew::api::QuestionOrFault asked =
      clew::api::read_question(bytes, clew::UnixNanos{1'767'225'600'000'000'000});
  if (!asked.status.ok()) {
    if (asked.status.message().empty()) clew::bug("a refusal without a sentence");
    return;
  }
  const clew::query::Plan& plan = asked.question.plan;
  if (plan.range.from >= plan.range.to) clew::bug("an empty range was let through");
  if (!clew::query::validate(plan).ok()) clew::bug("a plan that is not valid was let through");
}
