// What machines ask of a running server: /healthz (is it alive), /readyz (may it be sent to), /metrics
// (Prometheus).
#pragma once

#include <functional>

#include "base/result.h"
#include "protocols/router.h"

namespace clew::app {

// `readiness` may be asked on any thread; its sentence says why not.
void add_health_routes(Router& router, std::function<Status()> readiness);

}  // namespace clew::app
