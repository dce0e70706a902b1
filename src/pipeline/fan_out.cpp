#include "pipeline/fan_out.h"

#include "pipeline/joint_outcome.h"

namespace clew::pipeline {

void FanOut::consume(Batch batch, std::function<void(Outcome)> done) {
  if (consumers_.size() == 1) return consumers_.front()->consume(std::move(batch), std::move(done));
  const Done joint = joint_outcome(consumers_.size(), Shared::whole, std::move(done));
  for (Consumer* consumer : consumers_) consumer->consume(batch, joint);
}

}  // namespace clew::pipeline
