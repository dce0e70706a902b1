#include "base/fuzz.h"
#include "base/log.h"
#include "protocols/clew/bubble_up_question.h"

// Any bytes as the body: a selection within a question, or a sentence.
CLEW_FUZZ(api_bubble_up_question) {
  const auto asked = clew::api::read_bubble_up_question(bytes, clew::UnixNanos{1'767'225'600'000'000'000});
  if (!asked.status.ok()) {
    if (asked.status.message().empty()) clew::bug("a refusal without a sentence");
    return;
  }
  if (asked.question.range.from >= asked.question.range.to) clew::bug("an empty range was let through");
  if (asked.question.selection.matches_everything()) clew::bug("an empty selection was let through");
}
