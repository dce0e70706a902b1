// From Zipkin's lists to OTLP: what a span costs before anything is stored. `items_per_second` are spans.
#include <string>

#include <benchmark/benchmark.h>

#include "protocols/zipkin/span_list.h"
#include "telemetry/protobuf_writer.h"

namespace clew::zipkin {
namespace {

constexpr int kSpans = 500;

std::string json_list() {
  std::string list = "[";
  for (int i = 0; i < kSpans; ++i) {
    if (i > 0) list += ',';
    list +=
        R"({"traceId":"5b8efff798038103d269b633813fc60c","parentId":"eee19b7ec3c1b173","id":"eee19b7ec3c1b174","kind":"SERVER",)"
        R"("name":"get /api/cart/{id}","timestamp":1700000000000000,"duration":12345,)"
        R"("localEndpoint":{"serviceName":"shop","ipv4":"10.1.2.3","port":8080},"remoteEndpoint":{"ipv4":"10.3.2.1","port":51234},)"
        R"("tags":{"http.method":"GET","http.status_code":"200","http.path":"/api/cart/7","user.id":"user-)" +
        std::to_string(i * 7919 % 1000) + R"(","cached":"true"}})";
  }
  return list + "]";
}

std::string proto_list() {
  std::string list;
  ProtobufWriter to(list);
  for (int i = 0; i < kSpans; ++i) {
    const auto span = to.begin_message(1);
    to.bytes(1, "0123456789abcdef");
    to.bytes(2, "parentid");
    to.bytes(3, "spanspan");
    to.varint(4, 2);
    to.bytes(5, "get /api/cart/{id}");
    to.fixed64(6, 1'700'000'000'000'000);
    to.varint(7, 12345);
    const auto local = to.begin_message(8);
    to.bytes(1, "shop");
    to.bytes(2, "\x0a\x01\x02\x03");
    to.varint(4, 8080);
    to.end_message(local);
    for (const auto& [key, value] : {std::pair("http.method", "GET"), std::pair("http.status_code", "200"),
                                     std::pair("http.path", "/api/cart/7"), std::pair("user.id", "user-77"),
                                     std::pair("cached", "true")}) {
      const auto tag = to.begin_message(11);
      to.bytes(1, key);
      to.bytes(2, value);
      to.end_message(tag);
    }
    to.end_message(span);
  }
  return list;
}

void run(benchmark::State& state, const std::string& list, Format format) {
  for (auto _ : state) benchmark::DoNotOptimize(spans_to_otlp(list, format, {.arrived = {1}}).ok());
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(list.size()));
  state.SetItemsProcessed(state.iterations() * kSpans);
}

void zipkin_json(benchmark::State& state) {
  run(state, json_list(), Format::json_v2);
}
BENCHMARK(zipkin_json);

void zipkin_proto(benchmark::State& state) {
  run(state, proto_list(), Format::proto);
}
BENCHMARK(zipkin_proto);

}  // namespace
}  // namespace clew::zipkin
