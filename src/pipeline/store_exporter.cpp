#include "pipeline/store_exporter.h"

#include "base/counters.h"

namespace clew::pipeline {

void StoreExporter::consume(Batch batch, std::function<void(Outcome)> done) {
  storage_.append(batch, [done = std::move(done)](store::AppendOutcome outcome) {
    // A store that cannot keep up is the operator's business, whatever the sender does about it.
    if (!outcome.status.ok() &&
        (outcome.status.kind() == ErrorKind::exhausted || outcome.status.kind() == ErrorKind::unavailable))
      count(Counter::appends_exhausted);
    done({.status = std::move(outcome.status),
          .rejected = outcome.rejected,
          .rejection = std::move(outcome.rejection),
          .accepted = outcome.accepted});
  });
}

}  // namespace clew::pipeline
