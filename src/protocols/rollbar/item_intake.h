// ItemIntake: takes in what Rollbar's clients send to /api/1/item, and answers as Rollbar does.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "control/access.h"
#include "pipeline/consumer.h"
#include "protocols/arrivals.h"
#include "protocols/rollbar/scrubbing.h"

namespace clew::rollbar {

struct ItemIntakeOptions {
  // These four must outlive the intake, and the intake every request it was given.
  pipeline::Consumer& consumer;
  const control::Access& access;
  Arrivals& arrivals;
  const Scrubber& scrubber;
  // Whether an item with this uuid was taken in before: it is answered as if it were taken again.
  std::function<bool(EnvironmentId, const std::string& uuid)> is_known{};
};

class ItemIntake {
 public:
  explicit ItemIntake(ItemIntakeOptions options) : options_(std::move(options)) {}

  // `context` goes along with the batch; may be null.
  void take(const net::Request& request, std::shared_ptr<const SenderContext> context,
            const net::Responder& responder);

 private:
  const ItemIntakeOptions options_;
};

}  // namespace clew::rollbar
