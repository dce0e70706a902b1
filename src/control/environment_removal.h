// Removing an environment: nobody can send to it or ask it any more, and what people set there is gone.
#pragma once

#include "base/result.h"
#include "control/database.h"
#include "telemetry/batch.h"

namespace clew::control {

// Its number is never given to another one: the rows that the store has of it stay out of reach until they
// are too old. Keys that manage the team move to the default environment. conflict for that one, which always
// exists; not_found when there is none of this number.
Status remove_environment(Database& database, EnvironmentId environment);

}  // namespace clew::control
