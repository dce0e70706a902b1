// Access: who may send and ask, and for which environment. Answers from memory; keys live in the control
// database.
#pragma once

#include <optional>
#include <string_view>

#include "base/result.h"
#include "telemetry/batch.h"

namespace clew::control {

class Access {
 public:
  virtual ~Access() = default;
  // The environment that a request with this key (x-honeycomb-team) belongs to.
  // Without any key configured, every key and none is admitted to the default environment. With keys
  // configured: unauthenticated "missing 'x-honeycomb-team' header", or unauthenticated "unknown API key -
  // check your credentials, region, and API URL".
  virtual Result<EnvironmentId> admit(std::optional<std::string_view> key) const = 0;
};

}  // namespace clew::control
