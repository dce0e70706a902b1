// Collector: pipelines that run, from receivers to exporters, as a configuration asks for them.
#pragma once

#include <map>
#include <memory>
#include <vector>

#include "pipeline/collector_plan.h"
#include "pipeline/self_telemetry.h"

namespace clew::pipeline {

// Batches that were acknowledged and not sent when their exporter stopped.
using Unsent = std::map<ComponentId, std::vector<Batch>>;

class Collector {
 public:
  // Builds everything and starts it, receivers last. Fails with a sentence that names the part; what was
  // started by then is stopped again. `telemetry` outlives it. `unsent` comes from the collector before this
  // one: what its exporters left goes to those of the same name, the rest is counted as lost (not when the
  // start fails).
  static Result<std::unique_ptr<Collector>> start(CollectorPlan plan, SelfTelemetry& telemetry,
                                                  Unsent unsent = {});
  virtual ~Collector() = default;
  // Receivers first, so that nothing new comes in; then everything that is inside goes on its way. Returns
  // what could not be sent.
  virtual Unsent stop() = 0;
  virtual const CollectorView& view() const = 0;
};

// Says goodbye to batches that nobody will send: counted and logged.
void count_as_lost(const Unsent& unsent);

}  // namespace clew::pipeline
