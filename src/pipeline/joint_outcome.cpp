#include "pipeline/joint_outcome.h"

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

Done joint_outcome(size_t consumers, Shared shared, Done done) {
  auto joint = std::make_shared<Joint>();
  joint->open = consumers;
  joint->done = std::move(done);
  return [joint, shared](Outcome outcome) {
    {
      std::lock_guard lock(joint->mutex);
      Outcome& worst = joint->worst;
      if (gravity(outcome.status) > gravity(worst.status)) worst.status = std::move(outcome.status);
      if (outcome.rejected > 0 && (worst.rejection.empty() || outcome.rejected > worst.rejected))
        worst.rejection = std::move(outcome.rejection);
      const auto join = [shared](uint64_t a, uint64_t b) {
        return shared == Shared::parts ? a + b : std::max(a, b);
      };
      worst.rejected = join(worst.rejected, outcome.rejected);
      worst.accepted = join(worst.accepted, outcome.accepted);
      worst.retry_after = std::max(worst.retry_after, outcome.retry_after);
      if (--joint->open > 0) return;
    }
    joint->done(std::move(joint->worst));
  };
}

}  // namespace clew::pipeline
