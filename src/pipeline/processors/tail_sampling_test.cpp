#include <algorithm>
#include <future>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pipeline/processors/processors.h"
#include "pipeline/testing/configured.h"
#include "pipeline/testing/requests.h"
#include "telemetry/otlp_json.h"

namespace clew::pipeline {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

// Waits until what is handed on has as many spans.
class CountingConsumer final : public Consumer {
 public:
  void consume(Batch batch, std::function<void(Outcome)> done) override {
    std::lock_guard lock(mutex_);
    spans_ += batch.items;
    batches_.push_back(std::move(batch));
    changed_.notify_all();
    done(refuses_ > 0 ? Outcome{.status = Status(ErrorKind::unavailable, "later")} : Outcome{});
    if (refuses_ > 0) {
      --refuses_;
      spans_ -= batches_.back().items;
      batches_.pop_back();
    }
  }
  std::vector<Batch> after(uint64_t spans) {
    std::unique_lock lock(mutex_);
    EXPECT_TRUE(changed_.wait_for(lock, std::chrono::seconds(60), [&] { return spans_ >= spans; }));
    return batches_;
  }
  void refuse_next(int times) { refuses_ = times; }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Batch> batches_;
  uint64_t spans_ = 0;
  int refuses_ = 0;
};

void send(Processor& processor, const Batch& batch, bool is_taken = true) {
  std::promise<Outcome> answered;
  processor.consume(batch, [&](Outcome outcome) { answered.set_value(std::move(outcome)); });
  const Outcome outcome = answered.get_future().get();
  EXPECT_EQ(outcome.status.ok(), is_taken) << outcome.status.message();
}

// The names of the spans that are left of these when the processor is stopped, sorted.
std::vector<std::string> kept(const std::string& policies, const std::vector<testing::SpanText>& spans,
                              std::string* json = nullptr) {
  testing::Workshop workshop;
  testing::KeepingConsumer next;
  const auto processor = workshop.processor(configure_tail_sampling, "policies: " + policies, next);
  send(*processor,
       testing::batch_of(Signal::traces, testing::span_request({{"service.name", "shop"}}, spans)));
  processor->stop();
  std::string all;
  for (const Batch& batch : next.batches()) all += testing::json_of(batch);
  std::vector<std::string> names;
  for (const testing::SpanText& one : spans)
    if (all.find("\"name\":\"" + one.name + "\"") != std::string::npos) names.push_back(one.name);
  std::sort(names.begin(), names.end());
  if (json != nullptr) *json = all;
  return names;
}

const std::vector<testing::SpanText>& three_traces() {
  static const std::vector<testing::SpanText> spans = {
      {.name = "health", .attributes = {{"url.path", "/health"}}, .trace = 1, .span = 1},
      {.name = "slow", .trace = 2, .span = 2, .duration = 3'000'000'000},
      {.name = "slow.part", .attributes = {{"user", "a"}}, .trace = 2, .span = 3, .parent = 2},
      {.name = "failed", .attributes = {{"user", "b"}}, .trace = 3, .span = 4, .status_code = 2},
  };
  return spans;
}

TEST(TailSampling, Policies) {
  using Names = std::vector<std::string>;
  struct Case {
    const char* policies;
    Names kept;
  };
  const Names all = {"failed", "health", "slow", "slow.part"};
  const Case cases[] = {
      {"[{name: a, type: always_sample}]", all},
      {"[{name: a, type: latency, latency: {threshold_ms: 2000}}]", {"slow", "slow.part"}},
      {"[{name: a, type: latency, latency: {threshold_ms: 100, upper_threshold_ms: 2000}}]", {}},
      {"[{name: a, type: status_code, status_code: {status_codes: [ERROR]}}]", {"failed"}},
      {"[{name: a, type: status_code, status_code: {status_codes: [UNSET]}}]",
       {"health", "slow", "slow.part"}},
      {"[{name: a, type: span_count, span_count: {min_spans: 2}}]", {"slow", "slow.part"}},
      {"[{name: a, type: span_count, span_count: {max_spans: 1}}]", {"failed", "health"}},
      {"[{name: a, type: string_attribute, string_attribute: {key: user, values: [a, c]}}]",
       {"slow", "slow.part"}},
      {"[{name: a, type: string_attribute, string_attribute: {key: service.name, values: [shop]}}]", all},
      {"[{name: a, type: string_attribute, string_attribute: {key: user, values: ['^[ab]$'], "
       "enabled_regex_matching: true, cache_max_size: 10}}]",
       {"failed", "slow", "slow.part"}},
      {"[{name: a, type: string_attribute, string_attribute: {key: url.path, values: [/health], "
       "invert_match: "
       "true}}]",
       {"failed", "slow", "slow.part"}},
      {"[{name: a, type: always_sample}, {name: b, type: string_attribute, string_attribute: {key: url.path, "
       "values: [/health], invert_match: true}}]",
       {"failed", "slow", "slow.part"}},
      {"[{name: a, type: ottl_condition, ottl_condition: {span: ['attributes[\"user\"] == \"b\"']}}]",
       {"failed"}},
      {"[{name: a, type: probabilistic, probabilistic: {sampling_percentage: 100}}]", all},
      {"[{name: a, type: probabilistic, probabilistic: {sampling_percentage: 0}}]", {}},
      {"[{name: a, type: rate_limiting, rate_limiting: {spans_per_second: 1000}}]", all},
      {"[{name: a, type: bytes_limiting, bytes_limiting: {bytes_per_second: 1, burst_capacity: 1}}]", {}},
      {"[{name: a, type: trace_state, trace_state: {key: vendor, values: [x]}}]", {}},
      {"[{name: a, type: trace_flags}]", {}},
      {"[{name: a, type: and, and: {and_sub_policy: [{name: b, type: latency, latency: {threshold_ms: "
       "2000}}, "
       "{name: c, type: string_attribute, string_attribute: {key: user, values: [a]}}]}}]",
       {"slow", "slow.part"}},
      {"[{name: a, type: and, and: {and_sub_policy: [{name: b, type: latency, latency: {threshold_ms: "
       "2000}}, "
       "{name: c, type: string_attribute, string_attribute: {key: user, values: [b]}}]}}]",
       {}},
      {"[{name: a, type: not, not: {not_sub_policy: {name: b, type: latency, latency: {threshold_ms: "
       "2000}}}}]",
       {"failed", "health"}},
      {"[{name: a, type: always_sample}, {name: d, type: drop, drop: {drop_sub_policy: [{name: b, type: "
       "string_attribute, string_attribute: {key: url.path, values: [/health]}}]}}]",
       {"failed", "slow", "slow.part"}},
      {"[{name: a, type: composite, composite: {max_total_spans_per_second: 1000, policy_order: [b, c], "
       "composite_sub_policy: [{name: b, type: status_code, status_code: {status_codes: [ERROR]}}, {name: c, "
       "type: span_count, span_count: {min_spans: 2}}], rate_allocation: [{policy: b, percent: 50}]}}]",
       {"failed", "slow", "slow.part"}},
      {"[{name: a, type: composite, composite: {max_total_spans_per_second: 2, policy_order: [b, c], "
       "composite_sub_policy: [{name: b, type: span_count, span_count: {min_spans: 2}}, {name: c, type: "
       "status_code, status_code: {status_codes: [ERROR]}}], rate_allocation: [{policy: b, percent: 50}]}}]",
       {"failed"}},
  };
  for (const Case& one : cases) EXPECT_EQ(kept(one.policies, three_traces()), one.kept) << one.policies;
}

TEST(TailSampling, NumbersAndTruths) {
  const std::string request = *json_to_protobuf(Signal::traces, R"({"resourceSpans":[{"scopeSpans":[{"spans":[
      {"traceId":"01020304050607080102030405060708","spanId":"0102030405060708","name":"op","attributes":[
        {"key":"n","value":{"intValue":"50"}},{"key":"f","value":{"doubleValue":0.5}},{"key":"b","value":{"boolValue":true}}],
       "traceState":"a=1,vendor=x","flags":257,"events":[{"name":"retry"}]}]}]}]})");
  const std::pair<const char*, size_t> cases[] = {
      {"{name: a, type: numeric_attribute, numeric_attribute: {key: n, min_value: 50, max_value: 60}}", 1},
      {"{name: a, type: numeric_attribute, numeric_attribute: {key: n, min_value: 51}}", 0},
      {"{name: a, type: numeric_attribute, numeric_attribute: {key: f, max_value: 1}}", 1},
      {"{name: a, type: numeric_attribute, numeric_attribute: {key: n, min_value: 51, invert_match: true}}",
       1},
      {"{name: a, type: boolean_attribute, boolean_attribute: {key: b, value: true}}", 1},
      {"{name: a, type: boolean_attribute, boolean_attribute: {key: b, value: false}}", 0},
      {"{name: a, type: trace_state, trace_state: {key: vendor, values: [x]}}", 1},
      {"{name: a, type: trace_flags}", 1},
      {"{name: a, type: ottl_condition, ottl_condition: {spanevent: ['name == \"retry\"']}}", 1},
  };
  for (const auto& [policy, batches] : cases) {
    testing::Workshop workshop;
    testing::KeepingConsumer next;
    const auto processor =
        workshop.processor(configure_tail_sampling, std::string("policies: [") + policy + "]", next);
    send(*processor, testing::batch_of(Signal::traces, request));
    processor->stop();
    EXPECT_THAT(next.batches(), SizeIs(batches)) << policy;
  }
}

TEST(TailSampling, WhatIsKeptByChanceStandsForWhatIsNot) {
  std::vector<testing::SpanText> spans;
  for (uint32_t i = 1; i <= 2000; ++i)
    spans.push_back({.name = "op" + std::to_string(i),
                     .trace = i * 2654435761U,
                     .span = i,
                     .status_code = i == 7 ? 2U : 0U});
  std::string json;
  const auto names = kept(
      "[{name: a, type: probabilistic, probabilistic: {sampling_percentage: 25}}, "
      "{name: b, type: status_code, status_code: {status_codes: [ERROR]}}]",
      spans, &json);
  EXPECT_NEAR(static_cast<double>(names.size()), 500, 100);
  EXPECT_THAT(json, HasSubstr("\"traceState\":\"ot=th:c"));
  // An error would have been kept in any case.
  const size_t failed = json.find("\"name\":\"op7\"");
  ASSERT_NE(failed, std::string::npos);
  const size_t begin = json.rfind("\"traceId\"", failed);
  EXPECT_THAT(json.substr(begin, failed - begin), Not(HasSubstr("traceState")));
}

TEST(TailSampling, ARateThatIsThereIsMultiplied) {
  std::string json;
  kept(
      "[{name: a, type: probabilistic, probabilistic: {sampling_percentage: 99.999}}, "
      "{name: b, type: and, and: {and_sub_policy: [{name: c, type: probabilistic, probabilistic: "
      "{sampling_percentage: 50, hash_salt: x}}]}}]",
      {{.name = "op", .attributes = {{"SampleRate", "20"}}}}, &json);
  EXPECT_THAT(json, HasSubstr(R"({"key":"SampleRate","value":{"intValue":"20"}})"));
}

TEST(TailSampling, LateSpansFollowTheDecision) {
  testing::Workshop workshop;
  CountingConsumer next;
  const auto processor = workshop.processor(
      configure_tail_sampling,
      "{decision_wait: 1ms, policies: [{name: a, type: status_code, status_code: {status_codes: [ERROR]}}]}",
      next);
  const auto trace = [](uint32_t id, uint32_t span, uint64_t code) {
    return testing::batch_of(
        Signal::traces,
        testing::span_request({}, {{.name = "op", .trace = id, .span = span, .status_code = code}}));
  };
  send(*processor, trace(1, 1, 2));
  send(*processor, trace(2, 2, 0));
  next.after(1);
  while (workshop.own_telemetry.value_of("otelcol_processor_tail_sampling_global_count_traces_sampled",
                                         {{"sampled", "false"}, {"processor", "test"}}) == 0)
    std::this_thread::yield();
  send(*processor, trace(1, 3, 0));
  send(*processor, trace(2, 4, 2));
  EXPECT_THAT(next.after(2), SizeIs(2));
  processor->stop();
  EXPECT_THAT(next.after(2), SizeIs(2));
  EXPECT_EQ(
      workshop.own_telemetry.value_of("otelcol_processor_tail_sampling_late_spans", {{"processor", "test"}}),
      2);
}

TEST(TailSampling, WhenTheRootHasComeTheRestIsNotWaitedForAsLong) {
  testing::Workshop workshop;
  CountingConsumer next;
  const auto processor =
      workshop.processor(configure_tail_sampling,
                         "{decision_wait: 1h, decision_wait_after_root_received: 1ms, policies: [{name: a, "
                         "type: always_sample}]}",
                         next);
  send(*processor,
       testing::batch_of(Signal::traces, testing::span_request({}, {{.name = "part", .trace = 1, .parent = 9},
                                                                    {.name = "root", .trace = 2}})));
  const std::vector<Batch> handed_on = next.after(1);
  ASSERT_THAT(handed_on, SizeIs(1));
  EXPECT_THAT(testing::json_of(handed_on[0]), HasSubstr("root"));
  processor->stop();
  EXPECT_THAT(next.after(2), SizeIs(2));
}

TEST(TailSampling, AFullRoomDecidesTheOldestEarly) {
  testing::Workshop workshop;
  CountingConsumer next;
  const auto processor = workshop.processor(
      configure_tail_sampling,
      "{decision_wait: 1h, num_traces: 2, policies: [{name: a, type: always_sample}]}", next);
  for (uint32_t i = 1; i <= 3; ++i)
    send(*processor,
         testing::batch_of(Signal::traces, testing::span_request({}, {{.name = "op", .trace = i}})));
  EXPECT_THAT(next.after(1), SizeIs(1));
  EXPECT_EQ(workshop.own_telemetry.value_of("otelcol_processor_tail_sampling_early_decisions",
                                            {{"processor", "test"}}),
            1);
  processor->stop();
  EXPECT_THAT(next.after(3), SizeIs(3));
}

TEST(TailSampling, WhatIsRefusedForNowIsHandedOnAgain) {
  testing::Workshop workshop;
  CountingConsumer next;
  next.refuse_next(2);
  const auto processor = workshop.processor(
      configure_tail_sampling, "{decision_wait: 1ms, policies: [{name: a, type: always_sample}]}", next);
  send(*processor, testing::batch_of(Signal::traces, testing::span_request({}, {{.name = "op"}})));
  next.after(1);
  processor->stop();
  EXPECT_THAT(next.after(1), SizeIs(1));
}

TEST(TailSampling, TheUsualStrategyMayBeNamed) {
  testing::Workshop workshop;
  const auto complaints = [&](const std::string& strategy) {
    return workshop.complaints(configure_tail_sampling, "{sampling_strategy: " + strategy +
                                                            ", policies: [{name: a, type: always_sample}]}");
  };
  EXPECT_THAT(complaints("trace-complete"), ::testing::IsEmpty());
  EXPECT_THAT(complaints("span-ingest"), ElementsAre(HasSubstr("trace-complete")));
}

TEST(TailSampling, Mistakes) {
  testing::Workshop workshop;
  const auto complaints = [&](const char* yaml) {
    return workshop.complaints(configure_tail_sampling, yaml);
  };
  EXPECT_THAT(complaints("{}"), ElementsAre(HasSubstr("expected policies: at least one")));
  EXPECT_THAT(
      complaints("policies: [{name: a, type: latencies, latency: {}}]"),
      ElementsAre(HasSubstr("policies[0]::type: there is no policy 'latencies'; did you mean 'latency'?")));
  EXPECT_THAT(complaints("policies: [{name: a, type: latency, latency: {threshold: 5}}]"),
              ElementsAre(HasSubstr(
                  "policies[0]::latency has no setting 'threshold'; did you mean 'threshold_ms'?")));
  EXPECT_THAT(
      complaints("policies: [{name: a, type: string_attribute, string_attribute: {key: k, values: ['('], "
                 "enabled_regex_matching: true}}]"),
      ElementsAre(HasSubstr("'(' is no regular expression")));
  EXPECT_THAT(complaints("policies: [{name: a, type: always_sample}, {name: a, type: always_sample}]"),
              ElementsAre(HasSubstr("policies[1]::name: 'a' is there twice")));
  EXPECT_THAT(complaints("policies: [{name: a, type: ottl_condition, ottl_condition: {span: ['name = 1']}}]"),
              ElementsAre(HasSubstr("column 6")));
  EXPECT_THAT(
      complaints(
          "policies: [{name: a, type: composite, composite: {max_total_spans_per_second: 10, policy_order: "
          "[x], composite_sub_policy: []}}]"),
      ElementsAre(HasSubstr("there is no sub-policy 'x'")));
}

TEST(GroupByTrace, HandsOnWholeTraces) {
  testing::Workshop workshop;
  CountingConsumer next;
  const auto processor = workshop.processor(configure_groupbytrace, "{wait_duration: 50ms}", next);
  for (uint32_t part = 0; part < 2; ++part) {
    std::vector<testing::SpanText> spans;
    for (uint32_t trace = 1; trace <= 3; ++trace)
      spans.push_back({.name = "op", .trace = trace, .span = trace * 10 + part});
    send(*processor,
         testing::batch_of(Signal::traces, testing::span_request({{"service.name", "s"}}, spans)));
  }
  const auto batches = next.after(6);
  EXPECT_THAT(batches, SizeIs(3));
  for (const Batch& batch : batches) EXPECT_EQ(batch.items, 2u);
  processor->stop();
}

}  // namespace
}  // namespace clew::pipeline
