// RunningServer: all the pieces of `clew serve`, wired together; from open doors to a closed store.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "app/configuration.h"
#include "app/setup_hints.h"
#include "base/result.h"
#include "telemetry/batch.h"

namespace clew::app {

struct ServerRequest {
  Configuration configuration;
  std::vector<ListenAddress> doors;      // of these all must open
  std::vector<VendorDoor> vendor_doors;  // these too
  // Set: no key is asked for, and everyone is admitted to this environment. For a server of one's own, on
  // loopback.
  std::optional<EnvironmentId> only_environment;
};

class RunningServer {
 public:
  // `data` must exist. Fails with one sentence; what was opened by then is closed again.
  static Result<std::unique_ptr<RunningServer>> start(ServerRequest request);
  virtual ~RunningServer() = default;

  virtual OpenDoors open_doors() const = 0;
  // Closes the doors, answers what is under way, writes out what is in memory. Nothing works afterwards.
  virtual Status stop() = 0;
};

}  // namespace clew::app
