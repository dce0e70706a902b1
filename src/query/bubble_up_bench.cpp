// A million rows with 60 columns: what sets half a percent of them apart.
#include <benchmark/benchmark.h>

#include "query/bubble_up.h"
#include "query/short_form.h"
#include "query/testing/bulk_segment.h"

namespace clew::query {
namespace {

void bubble_up_of_60_columns(benchmark::State& state) {
  static ThreadPool pool(1);
  static const store::Snapshot snapshot = testing::million_wide_spans();
  BubbleUpQuestion question;
  question.selection = plan_of_short_form("COUNT WHERE duration_ms > 150", {})->filter;
  for (auto _ : state) {
    auto answer = bubble_up(question, snapshot, {.pool = &pool});
    if (!answer.ok() || answer->columns_in_all < 60) state.SkipWithError("failed");
    benchmark::DoNotOptimize(answer);
  }
}
BENCHMARK(bubble_up_of_60_columns)->Unit(benchmark::kMillisecond)->UseRealTime()->MeasureProcessCPUTime();

}  // namespace
}  // namespace clew::query
