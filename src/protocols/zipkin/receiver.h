// Receiver: the doors of Zipkin for spans: POST /api/v2/spans (JSON, protobuf), POST /api/v1/spans (JSON,
// Thrift), and zipkin.proto3.SpanService/Report of gRPC.
#pragma once

#include "protocols/cross_origin.h"
#include "protocols/router.h"
#include "protocols/trace_intake.h"

namespace clew::zipkin {

struct ReceiverOptions {
  TraceIntakeOptions intake;
  CrossOrigin cross_origin{};
  bool parse_tags = false;  // see TranslationOptions
};

class Receiver {
 public:
  explicit Receiver(ReceiverOptions options);
  void register_routes(Router& router);

 private:
  void take(bool is_v1, const net::Request& request, const net::Responder& responder) const;
  void take(const net::GrpcRequest& request, const net::GrpcResponder& responder) const;

  const ReceiverOptions options_;
  const TraceIntake intake_;
};

}  // namespace clew::zipkin
