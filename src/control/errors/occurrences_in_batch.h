// The errors in a batch: exception events of spans, log records with exception attributes, and log records of
// severity ERROR with a stack in their body. And the batch again, with the group of each written into it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "control/errors/fingerprint.h"
#include "control/errors/occurrence.h"
#include "telemetry/batch.h"

namespace clew::control::errors {

struct FoundOccurrence {
  Occurrence occurrence;
  Fingerprint fingerprint;
  std::string_view place;   // the event or the log record, within the batch
  std::string_view frames;  // exception.frames as JSON, within the batch; may be empty
  std::string mapped;       // the frames led back to their sources, as JSON; empty: none was
  bool from_body = false;   // type and message are nowhere but in the log record's text
};

// In the order of their places, without fingerprints. Empty for bytes that are not OTLP; the store will say
// so.
std::vector<FoundOccurrence> occurrences_in(const Batch& batch);
// The batch's bytes with error.group, error.occurrence and error.frames added to each place.
std::string with_groups(const Batch& batch, const std::vector<FoundOccurrence>& found);

}  // namespace clew::control::errors
