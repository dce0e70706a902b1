#include "pipeline/fan_out.h"

#include <algorithm>
#include <memory>
#include <mutex>

namespace clew::pipeline {
namespace {

// 0: accepted, 1: refused for now, 2: refused for good.
int gravity(const Status& status) {
  if (status.ok()) return 0;
  return is_retryable(status) ? 1 : 2;
}

struct Joint {
  std::mutex mutex;
  size_t open;
  Outcome worst;
  Done done;
};

}  // namespace

void FanOut::consume(Batch batch, std::function<void(Outcome)> done) {
  if (consumers_.size() == 1) return consumers_.front()->consume(std::move(batch), std::move(done));
  auto joint = std::make_shared<Joint>();
  joint->open = consumers_.size();
  joint->done = std::move(done);
  for (Consumer* consumer : consumers_) {
    consumer->consume(batch, [joint](Outcome outcome) {
      {
        std::lock_guard lock(joint->mutex);
        if (gravity(outcome.status) > gravity(joint->worst.status))
          joint->worst.status = std::move(outcome.status);
        if (outcome.rejected > joint->worst.rejected) {
          joint->worst.rejected = outcome.rejected;
          joint->worst.rejection = std::move(outcome.rejection);
        }
        joint->worst.accepted = std::max(joint->worst.accepted, outcome.accepted);
        joint->worst.retry_after = std::max(joint->worst.retry_after, outcome.retry_after);
        if (--joint->open > 0) return;
      }
      joint->done(std::move(joint->worst));
    });
  }
}

}  // namespace clew::pipeline
