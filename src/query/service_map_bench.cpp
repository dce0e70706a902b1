// A million spans, 50,000 traces: half of the spans are calls, most of them answered.
#include <benchmark/benchmark.h>

#include "query/service_map.h"
#include "query/testing/bulk_segment.h"

namespace clew::query {
namespace {

void service_map(benchmark::State& state) {
  static ThreadPool pool(1);
  static const store::Snapshot snapshot = testing::million_spans();
  for (auto _ : state) {
    auto map = map_services({}, snapshot, {.pool = &pool});
    if (!map.ok()) state.SkipWithError("failed");
    benchmark::DoNotOptimize(map);
  }
}
BENCHMARK(service_map)->Unit(benchmark::kMillisecond)->UseRealTime()->MeasureProcessCPUTime();

}  // namespace
}  // namespace clew::query
