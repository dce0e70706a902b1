// Receiver: the doors of a Jaeger collector and agent: POST /api/traces (Thrift), CollectorService/PostSpans
// of gRPC, and the questions for a sampling strategy (GET /sampling, GET /api/sampling, SamplingManager).
#pragma once

#include "control/sampling.h"
#include "protocols/router.h"
#include "protocols/trace_intake.h"

namespace clew::jaeger {

struct ReceiverOptions {
  TraceIntakeOptions intake;
  control::Sampling* sampling = nullptr;  // must outlive the receiver; nullptr: clients keep everything
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
  control::SamplingStrategy told(const net::Headers& headers, std::string_view service) const;

  const control::Access* const access_;
  control::Sampling* const sampling_;
  const TraceIntake intake_;
};

}  // namespace clew::jaeger
