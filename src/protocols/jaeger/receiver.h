// Receiver: the doors of a Jaeger collector and agent: POST /api/traces (Thrift), CollectorService/PostSpans
// of gRPC, and the questions for a sampling strategy (GET /sampling, GET /api/sampling, SamplingManager).
#pragma once

#include "protocols/jaeger/sampling.h"
#include "protocols/router.h"
#include "protocols/trace_intake.h"

namespace clew::jaeger {

struct ReceiverOptions {
  TraceIntakeOptions intake;
  SamplingStrategies strategies{};
};

class Receiver {
 public:
  explicit Receiver(ReceiverOptions options);
  void register_routes(Router& router);

 private:
  void take(const net::Request& request, const net::Responder& responder) const;
  void take(const net::GrpcRequest& request, const net::GrpcResponder& responder) const;
  net::Response strategy(const net::Request& request) const;
  net::GrpcResponse strategy(const net::GrpcRequest& request) const;

  const TraceIntake intake_;
  const SamplingStrategies strategies_;
};

}  // namespace clew::jaeger
