// Whether a batch may have errors, found out at the price of one search or of stepping over its fields:
// nearly all batches have none, and they must not pay for those that do.
#pragma once

#include <string_view>

#include "telemetry/batch.h"

namespace clew::control::errors {

// False only when occurrences_in() would find nothing. Bytes that are no OTLP may have some.
bool may_have_occurrences(const Batch& batch);
// A span, an event of one, a log record.
bool span_may_have_error(std::string_view span);
bool event_may_be_error(std::string_view event);
bool log_record_may_be_error(std::string_view record);

}  // namespace clew::control::errors
