// What the receiver itself costs a request: protobuf is passed on unread, JSON is translated.
#include <string>

#include <benchmark/benchmark.h>

#include "protocols/otlp/receiver.h"
#include "protocols/otlp/receiver_doubles.h"
#include "telemetry/otlp_json.h"

namespace clew::otlp {
namespace {

constexpr int kSpans = 500;

class Forgetful : public pipeline::Consumer {
 public:
  void consume(Batch batch, std::function<void(pipeline::Outcome)> done) override {
    benchmark::DoNotOptimize(batch.otlp.view().data());
    done({});
  }
};

std::string json_request() {
  std::string spans;
  for (int i = 0; i < kSpans; ++i) {
    if (i > 0) spans += ',';
    spans +=
        R"({"traceId":"5b8efff798038103d269b633813fc60c","spanId":"eee19b7ec3c1b174","parentSpanId":"eee19b7ec3c1b173",)"
        R"("name":"GET /api/cart/{id}","kind":2,"startTimeUnixNano":"1700000000000000000","endTimeUnixNano":"1700000000012345678",)"
        R"("attributes":[{"key":"http.request.method","value":{"stringValue":"GET"}},)"
        R"({"key":"http.response.status_code","value":{"intValue":"200"}},{"key":"url.path","value":{"stringValue":"/api/cart/7"}},)"
        R"({"key":"user.id","value":{"stringValue":"user-)" +
        std::to_string(i * 7919 % 1000) +
        R"("}},{"key":"ratio","value":{"doubleValue":0.25}},{"key":"cached","value":{"boolValue":true}}],"status":{}})";
  }
  return R"({"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}}]},)"
         R"("scopeSpans":[{"scope":{"name":"lib"},"spans":[)" +
         spans + "]}]}]}";
}

net::Request request_of(const SharedBytes& body, std::string content_type) {
  net::Request request{.method = "POST", .path = "/v1/traces"};
  request.headers = {{"host", "localhost:4318"},
                     {"user-agent", "OTel-OTLP-Exporter-JavaScript/0.223.0"},
                     {"x-honeycomb-team", "secret"},
                     {"content-type", std::move(content_type)}};
  request.body = body;
  request.peer = "127.0.0.1:51234";
  request.door = 4318;
  return request;
}

void run(benchmark::State& state, std::string body, const char* content_type) {
  Forgetful consumer;
  const OneKey access("secret");
  Arrivals arrivals;
  Receiver receiver(consumer, access, arrivals);
  const SharedBytes bytes(std::move(body));
  for (auto _ : state) {
    receiver.receive(Signal::traces, request_of(bytes, content_type),
                     [](net::Response response) { benchmark::DoNotOptimize(response.status); });
  }
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(bytes.size()));
  state.SetItemsProcessed(state.iterations() * kSpans);
}

void receive_protobuf(benchmark::State& state) {
  run(state, *json_to_protobuf(Signal::traces, json_request()), "application/x-protobuf");
}
BENCHMARK(receive_protobuf);

void receive_json(benchmark::State& state) {
  run(state, json_request(), "application/json");
}
BENCHMARK(receive_json);

void show_as_json(benchmark::State& state) {
  const std::string protobuf = *json_to_protobuf(Signal::traces, json_request());
  for (auto _ : state) benchmark::DoNotOptimize(protobuf_to_json(Signal::traces, protobuf).ok());
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(protobuf.size()));
  state.SetItemsProcessed(state.iterations() * kSpans);
}
BENCHMARK(show_as_json);

}  // namespace
}  // namespace clew::otlp
