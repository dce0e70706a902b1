// What each processor that looks inside costs: time a span of about 20 attributes, in requests of 500.
#include <benchmark/benchmark.h>

#include "pipeline/otlp/item_count.h"
#include "pipeline/otlp/join.h"
#include "pipeline/processors/processors.h"
#include "pipeline/testing/configured.h"
#include "pipeline/testing/requests.h"

namespace clew::pipeline {
namespace {

constexpr size_t kSpans = 500;

Batch typical_batch() {
  std::vector<testing::SpanText> spans;
  for (uint32_t i = 0; i < kSpans; ++i) {
    testing::SpanText span{.name = "GET /cart/{id}", .trace = i / 8 + 1, .span = i + 1};
    for (int k = 0; k < 18; ++k)
      span.attributes.emplace_back("attribute.name." + std::to_string(k),
                                   "value-" + std::to_string(i * 31 + k));
    span.attributes.emplace_back("http.route", "/cart/{id}");
    span.attributes.emplace_back("user.id", "u" + std::to_string(i));
    spans.push_back(std::move(span));
  }
  return testing::batch_of(Signal::traces,
                           testing::span_request({{"service.name", "shop"}, {"host.name", "a"}}, spans));
}

class Sink final : public Consumer {
 public:
  void consume(Batch batch, std::function<void(Outcome)> done) override {
    benchmark::DoNotOptimize(batch.otlp.view().data());
    done({});
  }
};

void run(benchmark::State& state, MakeProcessor (*configure)(Section&), const char* yaml) {
  testing::Workshop workshop;
  Sink sink;
  const auto processor = workshop.processor(configure, yaml, sink);
  const Batch batch = typical_batch();
  for (auto _ : state) processor->consume(batch, [](const Outcome&) {});
  processor->stop();
  state.SetItemsProcessed(static_cast<int64_t>(state.iterations() * kSpans));
}

void count_of_items(benchmark::State& state) {
  const Batch batch = typical_batch();
  for (auto _ : state) benchmark::DoNotOptimize(count_items(Signal::traces, batch.otlp.view()));
  state.SetItemsProcessed(static_cast<int64_t>(state.iterations() * kSpans));
}
BENCHMARK(count_of_items);

BENCHMARK_CAPTURE(run, batch, configure_batch, "timeout: 10s");
BENCHMARK_CAPTURE(run, resource, configure_resource,
                  "attributes: [{key: deployment.environment, value: production, action: upsert}]");
BENCHMARK_CAPTURE(run, attributes_upsert, configure_attributes,
                  "actions: [{key: region, value: eu, action: upsert}]");
BENCHMARK_CAPTURE(run, attributes_delete, configure_attributes, "actions: [{key: user.id, action: delete}]");
BENCHMARK_CAPTURE(run, attributes_hash, configure_attributes, "actions: [{key: user.id, action: hash}]");
BENCHMARK_CAPTURE(
    run, attributes_no_match, configure_attributes,
    "{include: {match_type: strict, services: [other]}, actions: [{key: user.id, action: hash}]}");

BENCHMARK_CAPTURE(run, redaction, configure_redaction,
                  "{allow_all_keys: true, blocked_values: ['4[0-9]{12}(?:[0-9]{3})?', '(5[1-5][0-9]{14})']}");
BENCHMARK_CAPTURE(run, probabilistic_sampler, configure_probabilistic_sampler,
                  "{sampling_percentage: 100, mode: proportional}");
BENCHMARK_CAPTURE(run, groupbytrace, configure_groupbytrace, "{wait_duration: 1ms, limit_mib: 4096}");
BENCHMARK_CAPTURE(
    run, tail_sampling, configure_tail_sampling,
    "{decision_wait: 1ms, limit_mib: 4096, num_traces: 1000000, policies: [{name: errors, type: "
    "status_code, status_code: {status_codes: [ERROR]}}, {name: all, type: always_sample}]}");
BENCHMARK_CAPTURE(run, filter, configure_filter,
                  "traces: {span: ['attributes[\"http.route\"] == \"/health\"']}");
BENCHMARK_CAPTURE(run, transform_set, configure_transform,
                  "trace_statements: ['set(span.attributes[\"region\"], \"eu\")']");
BENCHMARK_CAPTURE(
    run, transform_replace_all, configure_transform,
    "trace_statements: ['replace_all_patterns(span.attributes, \"value\", \"^secret\", \"x\")']");

}  // namespace
}  // namespace clew::pipeline
