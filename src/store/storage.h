// Storage: where batches come to rest and where queries find them. One implementation is embedded
// (columnar/).
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "store/segment.h"
#include "telemetry/batch.h"

namespace clew::store {

// What became of one appended batch.
struct AppendOutcome {
  // A failure concerns the whole batch: nothing of it was stored. kind() tells whether to try again
  // (exhausted, unavailable) or not (bad_input).
  Status status;
  uint64_t accepted = 0;  // items stored (spans, log records, data points)
  uint64_t rejected = 0;  // items that can never be stored; the others were
  std::string rejection;  // why, for the sender; empty when nothing was rejected
};

// Everything of one environment and signal, as of one moment. Immutable; holding it keeps its files alive.
struct Snapshot {
  std::vector<std::shared_ptr<const Segment>> segments;
  // What it is without, because of damage.
  std::vector<SetAside> set_aside;
};

class Storage {
 public:
  virtual ~Storage() = default;

  // Stores a batch. `done` is called exactly once, on any thread, possibly before this returns; when it
  // reports success the data survives power loss (as configured by durability) and is in every later
  // snapshot.
  virtual void append(const Batch& batch, std::function<void(AppendOutcome)> done) = 0;

  // All that was acknowledged before the call. May wait for a sync in progress, never for a reader.
  virtual Snapshot snapshot(EnvironmentId environment, Signal signal) = 0;

  // Stops taking appends and finishes what is under way.
  virtual Status close() = 0;
};

}  // namespace clew::store
