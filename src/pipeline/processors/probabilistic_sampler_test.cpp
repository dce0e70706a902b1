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

// What comes out, as JSON; empty: nothing.
std::string sampled(const std::string& yaml, Signal signal, const std::string& json) {
  testing::Workshop workshop;
  testing::KeepingConsumer next;
  const auto processor = workshop.processor(configure_probabilistic_sampler, yaml, next);
  const auto request = json_to_protobuf(signal, json);
  EXPECT_TRUE(request.ok()) << json;
  processor->consume(testing::batch_of(signal, *request),
                     [](const Outcome& outcome) { EXPECT_TRUE(outcome.status.ok()); });
  return next.batches().empty() ? "" : testing::json_of(next.batches().front());
}

std::string span(const std::string& members) {
  return R"({"resourceSpans":[{"scopeSpans":[{"spans":[{"spanId":"0102030405060708",)" + members + "}]}]}]}";
}
std::string log(const std::string& members) {
  return R"({"resourceLogs":[{"scopeLogs":[{"logRecords":[{)" + members + "}]}]}]}";
}

constexpr char kLowId[] = R"("traceId":"ffffffffffffffffff00000000000001")";
constexpr char kHighId[] = R"("traceId":"000000000000000000ffffffffffffff")";

TEST(ProbabilisticSampler, Spans) {
  struct Case {
    const char* situation;
    const char* yaml;
    std::string members;
    const char* out;  // what the span has afterwards; empty: it is left out
  };
  const Case cases[] = {
      {"randomness above the threshold", "{mode: proportional, sampling_percentage: 10}", kHighId,
       R"("traceState":"ot=th:e666")"},
      {"randomness below it", "{mode: proportional, sampling_percentage: 10}", kLowId, ""},
      {"all", "{mode: proportional, sampling_percentage: 100}", kLowId, R"("traceState":"ot=th:0")"},
      {"none", "{mode: proportional, sampling_percentage: 0}", kHighId, ""},
      {"sampled before: of half a tenth", "{mode: proportional, sampling_percentage: 10}",
       std::string(kHighId) + R"(,"traceState":"ot=th:8,a=b")", R"("traceState":"ot=th:f3333,a=b")"},
      {"sampled before: no more than a tenth", "{mode: equalizing, sampling_percentage: 10}",
       std::string(kHighId) + R"(,"traceState":"ot=th:8")", R"("traceState":"ot=th:e666")"},
      {"sampled before: less than a tenth already", "{mode: equalizing, sampling_percentage: 10}",
       std::string(kHighId) + R"(,"traceState":"ot=th:f")", R"("traceState":"ot=th:f")"},
      {"randomness of its own", "{mode: equalizing, sampling_percentage: 50}",
       std::string(kLowId) + R"(,"traceState":"ot=rv:9b8233f7e3a151")",
       R"("traceState":"ot=th:8;rv:9b8233f7e3a151")"},
      {"a threshold that the span should not have passed", "{mode: equalizing, sampling_percentage: 100}",
       std::string(kLowId) + R"(,"traceState":"ot=th:8")", ""},
      {"which is let through when told so",
       "{mode: equalizing, sampling_percentage: 100, fail_closed: false}",
       std::string(kLowId) + R"(,"traceState":"ot=th:8")", R"("traceState":"ot=th:8")"},
      {"no trace id", "{mode: proportional, sampling_percentage: 99}", R"("name":"x")", ""},
      {"priority over chance", "{mode: proportional, sampling_percentage: 1}",
       std::string(kLowId) + R"(,"attributes":[{"key":"sampling.priority","value":{"intValue":"2"}}])",
       R"("traceState":"ot=th:0")"},
      {"priority against it", "{mode: proportional, sampling_percentage: 100}",
       std::string(kHighId) + R"(,"attributes":[{"key":"sampling.priority","value":{"stringValue":"0"}}])",
       ""},
      {"by hash, with randomness that says so too", "{sampling_percentage: 99.99}", kLowId,
       R"("traceState":"ot=th:0008;rv:)"},
      {"by hash, sampled before", "{sampling_percentage: 100}",
       std::string(kHighId) + R"(,"traceState":"ot=th:8")", ""},
  };
  for (const Case& one : cases) {
    const std::string out = sampled(one.yaml, Signal::traces, span(one.members));
    if (*one.out == 0)
      EXPECT_EQ(out, "") << one.situation;
    else
      EXPECT_THAT(out, HasSubstr(one.out)) << one.situation;
  }
}

TEST(ProbabilisticSampler, LogRecords) {
  struct Case {
    const char* situation;
    const char* yaml;
    std::string members;
    const char* out;
  };
  const std::string with_id = R"("attributes":[{"key":"id","value":{"stringValue":"x"}}])";
  const Case cases[] = {
      {"by trace id", "{mode: equalizing, sampling_percentage: 25}", kHighId,
       R"("key":"sampling.threshold","value":{"stringValue":"c"})"},
      {"without one", "{mode: equalizing, sampling_percentage: 25}", R"("body":{"stringValue":"x"})", ""},
      {"by attribute", "{sampling_percentage: 100, attribute_source: record, from_attribute: id}", with_id,
       R"("key":"sampling.randomness")"},
      {"that is not there", "{sampling_percentage: 100, attribute_source: record, from_attribute: other}",
       with_id, ""},
      {"by attribute where there is no trace id", "{sampling_percentage: 100, from_attribute: id}", with_id,
       R"("key":"sampling.threshold","value":{"stringValue":"0"})"},
      {"priority", "{sampling_percentage: 0, from_attribute: id, sampling_priority: p}",
       R"("attributes":[{"key":"id","value":{"stringValue":"x"}},{"key":"p","value":{"intValue":"100"}}])",
       R"("key":"sampling.threshold","value":{"stringValue":"0"})"},
  };
  for (const Case& one : cases) {
    const std::string out = sampled(one.yaml, Signal::logs, log(one.members));
    if (*one.out == 0)
      EXPECT_EQ(out, "") << one.situation;
    else
      EXPECT_THAT(out, HasSubstr(one.out)) << one.situation;
  }
}

TEST(ProbabilisticSampler, KeepsAboutThePartItIsToldTo) {
  for (const char* mode : {"hash_seed", "proportional", "equalizing"}) {
    testing::Workshop workshop;
    testing::KeepingConsumer next;
    const auto processor = workshop.processor(
        configure_probabilistic_sampler, std::string("{sampling_percentage: 20, mode: ") + mode + "}", next);
    std::vector<testing::SpanText> spans;
    for (uint32_t i = 1; i <= 10'000; ++i)
      spans.push_back({.name = "op", .trace = i * 2654435761U, .span = i});
    std::string request = testing::span_request({}, spans);
    processor->consume(testing::batch_of(Signal::traces, request), [](const Outcome&) {});
    // Trace ids of the test are random in 32 bits only, the lowest ones: what looks at the highest keeps
    // none.
    const uint64_t kept = next.batches().empty() ? 0 : next.batches().front().items;
    if (std::string_view(mode) == "hash_seed")
      EXPECT_NEAR(static_cast<double>(kept), 2000, 200);
    else
      EXPECT_EQ(kept, 0u);
  }
}

TEST(ProbabilisticSampler, Mistakes) {
  testing::Workshop workshop;
  EXPECT_THAT(workshop.complaints(configure_probabilistic_sampler, "{mode: random, sampling_precision: 20}"),
              ElementsAre(HasSubstr("part::mode: expected one of hash_seed, proportional, equalizing"),
                          HasSubstr("sampling_precision: expected 1 to 14"),
                          HasSubstr("expected sampling_percentage")));
  EXPECT_THAT(workshop.complaints(configure_probabilistic_sampler,
                                  "{sampling_percentage: 5, attribute_source: record}"),
              ElementsAre(HasSubstr("from_attribute says which attribute")));
}

}  // namespace
}  // namespace clew::pipeline
