#include "base/fuzz.h"
#include "base/log.h"
#include "protocols/otlp/receiver.h"
#include "protocols/otlp/receiver_doubles.h"

// Any bytes as a body, under every content type and path: each request is answered exactly once.
CLEW_FUZZ(otlp_receiver) {
  static clew::Arrivals arrivals;
  const clew::otlp::OneKey access;
  clew::otlp::RecordingConsumer consumer;
  clew::otlp::Receiver receiver(consumer, access, arrivals);
  const clew::SharedBytes body{std::string(bytes)};
  int answers = 0;
  const auto reply = [&](clew::net::Response response) {
    ++answers;
    if (response.status < 200 || response.status > 599) clew::bug("no such status");
  };
  int requests = 0;
  for (const clew::Signal signal : {clew::Signal::traces, clew::Signal::logs, clew::Signal::metrics}) {
    for (const char* content_type : {"application/json", "application/x-protobuf", "text/plain"}) {
      clew::net::Request request{.method = "POST", .path = "/v1/traces"};
      request.headers = {{"content-type", content_type}};
      request.body = body;
      receiver.receive(signal, request, reply);
      receiver.receive_at_root(std::move(request), reply);
      requests += 2;
    }
    clew::net::GrpcRequest call;
    call.message = body;
    receiver.receive(signal, std::move(call), [&](clew::net::GrpcResponse) { ++answers; });
    ++requests;
  }
  if (answers != requests) clew::bug("a request was not answered exactly once");
}
