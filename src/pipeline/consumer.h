// Consumer: the next stage of a pipeline. Receivers hand batches to one, processors are one, exporters are
// the last.
#pragma once

#include <functional>
#include <string>

#include "base/result.h"
#include "base/time.h"
#include "telemetry/batch.h"

namespace clew::pipeline {

// What became of a batch. Receivers answer their senders with it, so it is given only after the next stage
// accepted.
struct Outcome {
  Status status;              // a failure concerns the whole batch; see is_retryable
  uint64_t rejected = 0;      // items turned away for good while the others were accepted
  std::string rejection;      // why
  uint64_t accepted = 0;      // items the store took, where that is known already
  Nanoseconds retry_after{};  // of a retryable failure: what the backend asked for; 0: it did not say
};

using Done = std::function<void(Outcome)>;

// Whether the same batch may be accepted later. Any other failure is final.
inline bool is_retryable(const Status& failure) {
  return failure.kind() == ErrorKind::exhausted || failure.kind() == ErrorKind::unavailable ||
         failure.kind() == ErrorKind::cancelled;
}

class Consumer {
 public:
  virtual ~Consumer() = default;
  // `done` is called exactly once, on any thread, possibly before this returns.
  virtual void consume(Batch batch, std::function<void(Outcome)> done) = 0;
};

}  // namespace clew::pipeline
