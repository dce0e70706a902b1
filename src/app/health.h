// What machines ask of a running server: /healthz (is it alive), /readyz (may it be sent to), /metrics
// (Prometheus).
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "protocols/router.h"

namespace clew::app {

struct Readiness {
  Status status;                   // its sentence says why not
  std::vector<std::string> notes;  // what is wrong but keeps nobody from being served
};

// `readiness` may be asked on any thread.
void add_health_routes(Router& router, std::function<Readiness()> readiness);

}  // namespace clew::app
