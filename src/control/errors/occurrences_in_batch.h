// The errors in a batch: exception events of spans, log records with exception attributes, and log records of
// severity ERROR with a stack in their body. And the batch again, with the group of each written into it.
#pragma once

#include <functional>
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
  std::string_view place;  // the event or the log record, within the batch
  bool from_body = false;  // type and message are nowhere but in the log record's text
};

using Grouping = std::function<Fingerprint(const Occurrence&)>;

// Whether there may be errors in it. Much cheaper than looking: a batch without any costs one pass over its
// bytes.
bool may_have_occurrences(const Batch& batch);
// Empty for bytes that are not OTLP; the store will say so.
std::vector<FoundOccurrence> occurrences_in(const Batch& batch, const Grouping& grouping);
// The batch's bytes with error.group and error.occurrence added to each place.
std::string with_groups(const Batch& batch, const std::vector<FoundOccurrence>& found);

}  // namespace clew::control::errors
