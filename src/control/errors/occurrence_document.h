// What a Rollbar client would have told of an occurrence, however it came: the `data` of its API and
// webhooks.
#pragma once

#include "base/json_value.h"
#include "control/errors/occurrence.h"

namespace clew::control::errors {

JsonValue document_of(const Occurrence& occurrence);

}  // namespace clew::control::errors
