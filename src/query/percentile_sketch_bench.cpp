#include <random>

#include <benchmark/benchmark.h>

#include "query/percentile_sketch.h"

namespace clew::query {
namespace {

std::vector<double> latencies(size_t count) {
  std::mt19937_64 random(1);
  std::lognormal_distribution<double> latency(3, 1);
  std::vector<double> values(count);
  for (double& value : values) value = latency(random);
  return values;
}

void sketch_add(benchmark::State& state) {
  const std::vector<double> values = latencies(static_cast<size_t>(state.range(0)));
  for (auto _ : state) {
    PercentileSketch sketch;
    for (const double value : values) sketch.add(value);
    benchmark::DoNotOptimize(sketch.quantile(0.99));
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(sketch_add)->Arg(100)->Arg(1'000)->Arg(100'000);

void sketch_merge(benchmark::State& state) {
  PercentileSketch part;
  for (const double value : latencies(10'000)) part.add(value);
  for (auto _ : state) {
    PercentileSketch sum;
    for (int i = 0; i < 16; ++i) sum.merge(part);
    benchmark::DoNotOptimize(sum.quantile(0.5));
  }
  state.SetItemsProcessed(state.iterations() * 16);
}
BENCHMARK(sketch_merge);

}  // namespace
}  // namespace clew::query
