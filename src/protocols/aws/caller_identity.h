// GetCallerIdentity of AWS STS: some clients of other services ask for their account first.
#pragma once

#include "control/access.h"
#include "protocols/router.h"

namespace clew::aws {

// A route for it. `access` must outlive the router.
void add_caller_identity_route(Router& router, const control::Access& access);

}  // namespace clew::aws
