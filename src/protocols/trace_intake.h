// TraceIntake: what the doors for other tracing systems have in common. A request is admitted by its key,
// translated to OTLP, handed on, and answered when its spans are stored.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "control/access.h"
#include "net/http.h"
#include "pipeline/consumer.h"
#include "protocols/arrivals.h"

namespace clew {

class CollectorDoor;

struct TraceIntakeOptions {
  // These three must outlive the intake and every request it was given.
  pipeline::Consumer* consumer = nullptr;
  const control::Access* access = nullptr;
  Arrivals* arrivals = nullptr;
  // Asked before anything else: what the batch carries of its request, which may be nothing, or a refusal.
  std::function<Result<std::shared_ptr<const SenderContext>>(const net::Headers&, const std::string& peer)>
      sender_context{};
};

// Of a collector's receiver behind this door, which must outlive it all.
TraceIntakeOptions intake_through(CollectorDoor& door, pipeline::Consumer& next);

// How these doors tell a sender what became of its spans: 202 without a body, or why they were not taken,
// with retry-after where they may be sent again.
net::Response intake_answer(const Status& outcome);
net::GrpcResponse grpc_intake_answer(const Status& outcome);

class TraceIntake {
 public:
  explicit TraceIntake(TraceIntakeOptions options) : options_(std::move(options)) {}

  struct Delivery {
    Sender sender;
    const net::Headers& headers;  // only during the call
    std::string peer;
    uint64_t bytes = 0;  // of the body
    // Makes the request of OTLP; an empty one is a success at once. Called if the sender is admitted.
    std::function<Result<std::string>()> translate;
    // Once, on any thread, with what became of it.
    std::function<void(const Status&)> finish;
  };
  void take(Delivery delivery) const;

 private:
  struct Waiting;
  Result<EnvironmentId> admit(const net::Headers& headers) const;
  void refuse(const Waiting& waiting, const Status& failure) const;

  const TraceIntakeOptions options_;
};

}  // namespace clew
