// Consumer: the next stage of a pipeline. Receivers hand batches to one, processors are one, exporters are
// the last.
#pragma once

#include <functional>
#include <string>

#include "base/result.h"
#include "telemetry/batch.h"

namespace clew::pipeline {

// What became of a batch. Receivers answer their senders with it, so it is given only after the next stage
// accepted.
struct Outcome {
  Status status;          // a failure concerns the whole batch; exhausted and unavailable: try again
  uint64_t rejected = 0;  // items turned away for good while the others were accepted
  std::string rejection;  // why
  uint64_t accepted = 0;  // items the store took, where that is known already
};

class Consumer {
 public:
  virtual ~Consumer() = default;
  // `done` is called exactly once, on any thread, possibly before this returns.
  virtual void consume(Batch batch, std::function<void(Outcome)> done) = 0;
};

}  // namespace clew::pipeline
