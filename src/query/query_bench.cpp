// The questions of the budget and the kernels below them, over a million rows in memory.
#include <random>

#include <benchmark/benchmark.h>

#include "query/run.h"
#include "query/short_form.h"
#include "query/testing/bulk_segment.h"

namespace clew::query {
namespace {

ThreadPool& pool() {
  static ThreadPool threads(1);
  return threads;
}

void run_query(benchmark::State& state, const char* text) {
  static const store::Snapshot snapshot = testing::million_spans();
  Plan plan = std::move(plan_of_short_form(text, {})).value();
  for (auto _ : state) {
    auto result = run(plan, snapshot, {.pool = &pool()});
    if (!result.ok()) state.SkipWithError("failed");
    benchmark::DoNotOptimize(result);
  }
}

#define CLEW_QUERY_BENCHMARK(name, text) \
  void name(benchmark::State& state) {   \
    run_query(state, text);              \
  }                                      \
  BENCHMARK(name)->Unit(benchmark::kMillisecond)->UseRealTime()->MeasureProcessCPUTime()

CLEW_QUERY_BENCHMARK(count_all, "COUNT");
CLEW_QUERY_BENCHMARK(p99_by_service, "COUNT, P99(duration_ms) GROUP BY service.name");
CLEW_QUERY_BENCHMARK(p95_by_service_route_10s,
                     "COUNT, P95(duration_ms) GROUP BY service.name, http.route EVERY 10s ROWS");
CLEW_QUERY_BENCHMARK(p95_by_service_route_series,
                     "COUNT, P95(duration_ms) GROUP BY service.name, http.route EVERY 10s");
CLEW_QUERY_BENCHMARK(top_tenants,
                     "COUNT WHERE http.response.status_code >= 500 GROUP BY app.tenant LIMIT 10");
CLEW_QUERY_BENCHMARK(distinct_users, "COUNT_DISTINCT(user.id)");
CLEW_QUERY_BENCHMARK(distinct_users_plain, "COUNT_DISTINCT(user.plain)");
CLEW_QUERY_BENCHMARK(distinct_users_by_service, "COUNT_DISTINCT(user.id) GROUP BY service.name");
CLEW_QUERY_BENCHMARK(group_by_user, "COUNT GROUP BY user.id");
CLEW_QUERY_BENCHMARK(substring_plain, "COUNT WHERE db.statement contains \"table7 WHERE\"");
CLEW_QUERY_BENCHMARK(substring_dictionary, "COUNT WHERE user.id contains \"777\"");
CLEW_QUERY_BENCHMARK(rows_of_one_user, "COUNT WHERE user.id = u-777 GROUP BY trace.trace_id LIMIT 20");
CLEW_QUERY_BENCHMARK(sum_of_all, "SUM(duration_ms), AVG(duration_ms), MAX(duration_ns)");
CLEW_QUERY_BENCHMARK(regex, "COUNT WHERE db.statement matches \"table7 W\"");
CLEW_QUERY_BENCHMARK(newest_rows, "ROWS WHERE http.response.status_code >= 500 LIMIT 100");
CLEW_QUERY_BENCHMARK(heatmap, "HEATMAP(duration_ms) EVERY 60s");

}  // namespace
}  // namespace clew::query
