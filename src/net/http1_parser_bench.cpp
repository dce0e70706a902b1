#include <benchmark/benchmark.h>

#include "net/http1_parser.h"

namespace clew::net {
namespace {

void parsing_a_head(benchmark::State& state) {
  constexpr std::string_view kHead =
      "POST /v1/traces HTTP/1.1\r\nHost: localhost:4318\r\nUser-Agent: OTel-OTLP-Exporter-Python/1.27.0\r\n"
      "Accept-Encoding: gzip, deflate\r\nAccept: */*\r\nConnection: keep-alive\r\n"
      "Content-Type: application/x-protobuf\r\nContent-Encoding: gzip\r\nx-honeycomb-team: "
      "abcdefghijklmnopqrstuv\r\n"
      "Content-Length: 21345\r\n\r\n";
  HeadParser parser(64 << 10);
  for (auto _ : state) {
    if (parser.feed(kHead) != Progress::complete) state.SkipWithError("not parsed");
    benchmark::DoNotOptimize(parser.take());
  }
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(kHead.size()));
}
BENCHMARK(parsing_a_head);

}  // namespace
}  // namespace clew::net
