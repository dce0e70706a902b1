// Receiver: OTLP over HTTP and gRPC. Admits the sender, translates JSON to protobuf, hands the batch on, and
// answers what became of it. Protobuf bodies are passed on as they came: whoever decodes them says whether
// they are valid.
#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "control/access.h"
#include "net/http.h"
#include "pipeline/consumer.h"
#include "protocols/arrivals.h"
#include "protocols/cross_origin.h"
#include "protocols/router.h"
#include "telemetry/batch.h"

namespace clew::otlp {

struct ReceiverOptions {
  CrossOrigin cross_origin{};
  // Asked before anything else; returns whom the sender was taken for. Without it everyone may send.
  std::function<Result<std::string>(const net::Headers&)> authenticate{};
  // Batches carry the headers of their request, for stages that act on them.
  bool keeps_sender = false;
  // May add to what came in, by what its headers say, before it is passed on.
  std::function<SharedBytes(Signal, const net::Headers&, SharedBytes)> prepare{};
  // Paths that take a signal, besides /v1/<signal>.
  std::vector<std::pair<std::string, Signal>> more_paths{};
};

using Reply = std::function<void(net::Response)>;  // once, any thread

class Receiver {
 public:
  // All three must outlive the receiver, and the receiver every request it was given.
  Receiver(pipeline::Consumer& next, const control::Access& access, Arrivals& arrivals,
           ReceiverOptions options = {})
      : next_(next), access_(access), arrivals_(arrivals), options_(std::move(options)) {}

  // POST and OPTIONS on /v1/{traces,logs,metrics}, on the doubled paths that a base endpoint with a path
  // leads to, on / and on /v1development/profiles; the Export methods of gRPC.
  void add_routes(Router& router);

  // An export request of `signal`. `reply` may be called before this returns.
  void receive(Signal signal, net::Request request, Reply reply);
  void receive(Signal signal, net::GrpcRequest request, net::GrpcResponder reply);
  // A request whose path does not tell the signal: its body does, or it is refused.
  void receive_at_root(net::Request request, Reply reply);

 private:
  struct Exchange;

  SharedBytes prepared(Signal signal, const net::Headers& headers, SharedBytes protobuf) const;
  void pass_on(std::shared_ptr<Exchange> exchange, SharedBytes protobuf);
  void finish(const Exchange& exchange, const pipeline::Outcome& outcome);
  void refuse(const Exchange& exchange, const Status& failure, std::string_view remedy);
  // Fills in the environment that the key in `headers` belongs to, or refuses the request.
  bool admit(Exchange& exchange, const net::Headers& headers, const std::string& peer);
  void refuse_profiles(net::Request request, Reply reply);

  pipeline::Consumer& next_;
  const control::Access& access_;
  Arrivals& arrivals_;
  ReceiverOptions options_;
};

}  // namespace clew::otlp
