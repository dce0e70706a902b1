// FanOut: hands each batch to several consumers. The bytes are shared, not copied.
#pragma once

#include <vector>

#include "pipeline/consumer.h"

namespace clew::pipeline {

class FanOut final : public Consumer {
 public:
  // All must outlive it.
  explicit FanOut(std::vector<Consumer*> consumers) : consumers_(std::move(consumers)) {}

  // The outcome is given when all have given theirs: the worst of them. A refusal for good beats one for now,
  // since a sender that tries again would repeat what the others have accepted.
  void consume(Batch batch, std::function<void(Outcome)> done) override;

 private:
  const std::vector<Consumer*> consumers_;
};

}  // namespace clew::pipeline
