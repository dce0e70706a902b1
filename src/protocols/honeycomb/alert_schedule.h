// When triggers with a schedule are looked at.
#pragma once

#include "base/json_value.h"
#include "base/time.h"

namespace clew::honeycomb {

// Whether a trigger with a schedule is looked at at this time (UTC).
bool within_schedule(const JsonValue& trigger, UnixNanos at);

}  // namespace clew::honeycomb
