#include <benchmark/benchmark.h>

#include "base/compression.h"

namespace {

std::string sample() {
  std::string text;
  for (unsigned i = 0; text.size() < 215'000; ++i)
    text += "service.name=checkout http.route=/cart/{id} user.id=" + std::to_string(i * 2654435761u) + ";";
  return text;
}

void decompressing(benchmark::State& state) {
  const auto how = static_cast<clew::Compression>(state.range(0));
  const std::string text = sample(), packed = clew::compress(how, text);
  for (auto _ : state) benchmark::DoNotOptimize(clew::decompress(how, packed, 64 << 20));
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(text.size()));
  state.SetLabel(std::string(clew::name_of(how)));
}
BENCHMARK(decompressing)->DenseRange(0, 2);

void compressing(benchmark::State& state) {
  const auto how = static_cast<clew::Compression>(state.range(0));
  const std::string text = sample();
  for (auto _ : state) benchmark::DoNotOptimize(clew::compress(how, text));
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(text.size()));
  state.SetLabel(std::string(clew::name_of(how)));
}
BENCHMARK(compressing)->DenseRange(0, 2);

}  // namespace
