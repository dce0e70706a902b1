#include "base/fuzz.h"
#include "base/log.h"
#include "control/errors/fingerprint.h"
#include "control/errors/occurrences_in_batch.h"

using namespace clew::control::errors;

CLEW_FUZZ(error_stack_text) {
  const StackText stack = parse_stack(bytes);
  if (stack.frames.size() > kMostFrames + 1) clew::bug("more frames than allowed");
  Occurrence occurrence;
  occurrence.type = stack.type;
  occurrence.message = stack.message;
  occurrence.frames = stack.frames;
  if (fingerprint_of(occurrence).group.size() != 32) clew::bug("a group that is no hash");
}

CLEW_FUZZ(errors_in_batch) {
  for (const clew::Signal signal : {clew::Signal::traces, clew::Signal::logs}) {
    clew::Batch batch;
    batch.signal = signal;
    batch.otlp = clew::SharedBytes(std::string(bytes));
    auto found = occurrences_in(batch);
    for (FoundOccurrence& one : found) one.fingerprint = fingerprint_of(one.occurrence);
    if (found.empty()) continue;
    clew::Batch grouped = batch;
    grouped.otlp = clew::SharedBytes(with_groups(batch, found));
    const auto again = occurrences_in(grouped);
    if (again.size() < found.size()) clew::bug("an error that is gone once its group is written");
  }
}
