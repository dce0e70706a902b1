// From the wire into columns: what decoding costs a span, beside what copying and walking its bytes costs,
// which is the least that any decoder can do.
#include <cstring>
#include <random>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <protozero/pbf_reader.hpp>

#include "store/columnar/otlp_decoder.h"
#include "store/columnar/table_shard.h"
#include "telemetry/otlp_json.h"

namespace clew::store {
namespace {

constexpr size_t kSpans = 500;

std::string text_attribute(std::string_view key, std::string_view value) {
  return fmt::format(R"({{"key":"{}","value":{{"stringValue":"{}"}}}})", key, value);
}
std::string number_attribute(std::string_view key, uint64_t value) {
  return fmt::format(R"({{"key":"{}","value":{{"intValue":"{}"}}}})", key, value);
}

// A request of spans with ten attributes each, among them such that repeat and such that do not.
std::string make_request(uint64_t seed) {
  std::mt19937_64 random(seed);
  std::string spans;
  for (size_t i = 0; i < kSpans; ++i) {
    const std::string path = fmt::format("/api/shop/v1/item{}", random() % 12);
    spans += fmt::format(
        R"({}{{"traceId":"{:016x}{:016x}","spanId":"{:016x}","parentSpanId":"{:016x}","kind":2,"name":"GET {}","startTimeUnixNano":"{}","endTimeUnixNano":"{}","attributes":[{},{},{},{},{},{},{},{},{},{}]}})",
        i == 0 ? "" : ",", seed << 32 | i / 10, seed, random() | 1, random() | 1, path,
        1767225600'000'000'000 + i * 1000, 1767225600'000'000'000 + i * 1000 + random() % 10'000'000,
        text_attribute("http.request.method", "GET"), text_attribute("http.route", path),
        number_attribute("http.response.status_code", 200),
        text_attribute("url.full",
                       fmt::format("https://api.example.com{}?id={}", path, random() % 1'000'000)),
        text_attribute("user_agent.original",
                       fmt::format("Mozilla/5.0 (X11; Linux x86_64) build/{}", random() % 40)),
        text_attribute("client.address", fmt::format("10.0.{}.{}", random() % 256, random() % 256)),
        number_attribute("http.response.body.size", random() % 65536),
        text_attribute("user.id", fmt::format("u-{}", random() % 200'000)),
        text_attribute("app.tenant", fmt::format("tenant-{}", random() % 300)),
        number_attribute("thread.id", random() % 64));
  }
  const std::string json = fmt::format(
      R"({{"resourceSpans":[{{"resource":{{"attributes":[{},{}]}},"scopeSpans":[{{"scope":{{"name":"io.opentelemetry.http"}},"spans":[{}]}}]}}]}})",
      text_attribute("service.name", "shop"), text_attribute("host.name", "node-1"), spans);
  return std::string(json_to_protobuf(Signal::traces, json).value());
}

const std::string& request() {
  static const std::string bytes = make_request(1);
  return bytes;
}

// As many as a block takes, no two alike.
const std::vector<std::string>& requests() {
  static const std::vector<std::string> all = [] {
    std::vector<std::string> made;
    for (uint64_t seed = 1; seed <= 130; ++seed) made.push_back(make_request(seed));
    return made;
  }();
  return all;
}

void tell(benchmark::State& state) {
  state.SetItemsProcessed(static_cast<int64_t>(state.iterations() * kSpans));
  state.SetBytesProcessed(static_cast<int64_t>(state.iterations() * request().size()));
}

void decode_into_columns(benchmark::State& state) {
  for (auto _ : state) {
    state.PauseTiming();
    TableShard shard;  // of which a block takes some hundred requests
    state.ResumeTiming();
    for (int i = 0; i < 100; ++i)
      benchmark::DoNotOptimize(
          decode_otlp(Signal::traces, request(), UnixNanos{1767225600'000'000'000}, shard).ok());
    state.PauseTiming();
    shard.take();
    state.ResumeTiming();
  }
  state.SetItemsProcessed(static_cast<int64_t>(state.iterations() * kSpans * 100));
  state.SetBytesProcessed(static_cast<int64_t>(state.iterations() * request().size() * 100));
}
BENCHMARK(decode_into_columns)->Unit(benchmark::kMillisecond);

// The same with the dictionaries of a block filling up, and nothing at the processor's hand.
void decode_a_block(benchmark::State& state) {
  for (auto _ : state) {
    state.PauseTiming();
    TableShard shard;
    state.ResumeTiming();
    for (const std::string& bytes : requests())
      benchmark::DoNotOptimize(
          decode_otlp(Signal::traces, bytes, UnixNanos{1767225600'000'000'000}, shard).ok());
    state.PauseTiming();
    shard.take();
    state.ResumeTiming();
  }
  state.SetItemsProcessed(static_cast<int64_t>(state.iterations() * kSpans * requests().size()));
}
BENCHMARK(decode_a_block)->Unit(benchmark::kMillisecond);

size_t walk(protozero::pbf_reader message, int depth) {
  size_t fields = 0;
  while (message.next()) {
    ++fields;
    if (message.wire_type() == protozero::pbf_wire_type::length_delimited) {
      const protozero::data_view view = message.get_view();
      const bool is_message = depth < 3 || (depth == 3 && message.tag() == 9) || depth == 4;
      if (is_message && message.tag() != 1 && view.size() > 8)
        fields += walk(protozero::pbf_reader(view), depth + 1);
    } else {
      message.skip();
    }
  }
  return fields;
}

// The floor: every field found once, nothing done with it.
void walk_the_fields(benchmark::State& state) {
  for (auto _ : state) {
    protozero::pbf_reader top(request());
    size_t fields = 0;
    while (top.next(1)) {
      protozero::pbf_reader resource_spans = top.get_message();
      while (resource_spans.next()) {
        if (resource_spans.tag() != 2) {
          resource_spans.skip();
          continue;
        }
        protozero::pbf_reader scope_spans = resource_spans.get_message();
        while (scope_spans.next()) {
          if (scope_spans.tag() == 2)
            fields += walk(scope_spans.get_message(), 3);
          else
            scope_spans.skip();
        }
      }
    }
    benchmark::DoNotOptimize(fields);
  }
  tell(state);
}
BENCHMARK(walk_the_fields);

void copy_the_bytes(benchmark::State& state) {
  std::string to(request().size(), '\0');
  for (auto _ : state) {
    std::memcpy(to.data(), request().data(), to.size());
    benchmark::DoNotOptimize(to.data());
    benchmark::ClobberMemory();
  }
  tell(state);
}
BENCHMARK(copy_the_bytes);

}  // namespace
}  // namespace clew::store
