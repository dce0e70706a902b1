#include <algorithm>
#include <future>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pipeline/processors/processors.h"
#include "pipeline/testing/configured.h"
#include "pipeline/testing/requests.h"

namespace clew::pipeline {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// The names of the spans that are left of these when the processor is stopped, sorted.
std::vector<std::string> kept(const std::string& samplers, const std::vector<testing::SpanText>& spans,
                              const std::string& service = "shop", std::string* json = nullptr,
                              const std::string& settings = "") {
  testing::Workshop workshop;
  testing::KeepingConsumer next;
  const auto processor = workshop.processor(
      configure_refinery, settings + "rules: {RulesVersion: 2, Samplers: " + samplers + "}", next);
  std::promise<void> taken;
  processor->consume(
      testing::batch_of(Signal::traces, testing::span_request({{"service.name", service}}, spans)),
      [&](const Outcome& outcome) {
        EXPECT_TRUE(outcome.status.ok());
        taken.set_value();
      });
  taken.get_future().get();
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

// health; slow with a failing child; quick.
const std::vector<testing::SpanText>& spans() {
  static const std::vector<testing::SpanText> three = {
      {.name = "health", .attributes = {{"http.route", "/health"}, {"code", "200"}}, .trace = 1, .span = 1},
      {.name = "slow",
       .attributes = {{"http.route", "/cart"}},
       .trace = 2,
       .span = 2,
       .duration = 3'000'000'000},
      {.name = "failed",
       .attributes = {{"code", "500"}},
       .trace = 2,
       .span = 3,
       .status_code = 2,
       .parent = 2},
      {.name = "quick", .attributes = {{"http.route", "/cart"}}, .trace = 3, .span = 4},
  };
  return three;
}

std::string rules(const std::string& list) {
  return "{__default__: {RulesBasedSampler: {Rules: [" + list + ", {Name: rest, Drop: true}]}}}";
}

TEST(Refinery, RulesChooseByTheirConditions) {
  struct Case {
    std::string conditions;
    std::vector<std::string> left;
  };
  const std::vector<std::string> slow = {"failed", "slow"}, all = {"failed", "health", "quick", "slow"};
  const std::vector<Case> cases = {
      {"{Field: http.route, Operator: '=', Value: /health}", {"health"}},
      {"{Field: http.route, Operator: '!=', Value: /cart}", {"health"}},
      {"{Field: http.route, Operator: '!=', Value: /cart, Datatype: string}", {"failed", "health", "slow"}},
      {"{Field: http.route, Operator: does-not-contain, Value: cart}", {"failed", "health", "slow"}},
      {"{Field: http.route, Operator: not-in, Value: [/cart, /x]}", {"failed", "health", "slow"}},
      {"{Field: http.route, Operator: not-exists}", slow},
      {"{Field: code, Operator: '=', Value: 500}", {}},
      {"{Field: code, Operator: '!=', Value: 500}", {}},
      {"{Field: code, Operator: '=', Value: '500'}", slow},
      {"{Field: code, Operator: in, Value: [500, 404]}", slow},
      {"{Field: code, Operator: in, Value: [500, 404], Datatype: int}", slow},
      {"{Field: code, Operator: '>', Value: 30, Datatype: string}", slow},
      {"{Field: code, Operator: '<=', Value: 200.5, Datatype: float}", {"health"}},
      {"{Field: code, Operator: '=', Value: 200.5, Datatype: int}", {"health"}},
      {"{Field: code, Operator: '=', Value: true, Datatype: bool}", {}},
      {"{Field: error, Operator: '=', Value: 1, Datatype: bool}", slow},
      {"{Field: error, Operator: '!=', Value: false}", slow},
      {"{Field: duration_ms, Operator: '=', Value: 3000.9, Datatype: int}", slow},
      {"{Field: status_code, Operator: '<', Value: 0.5}", all},
      {"{Field: http.route, Operator: starts-with, Value: /c}", {"failed", "quick", "slow"}},
      {"{Field: http.route, Operator: contains, Value: eal}", {"health"}},
      {"{Field: http.route, Operator: matches, Value: '^/h.*h$'}", {"health"}},
      {"{Field: http.route, Operator: in, Value: [/health, /x]}", {"health"}},
      {"{Field: code, Operator: '>=', Value: 500, Datatype: int}", slow},
      {"{Field: code, Operator: '<', Value: 300, Datatype: int}", {"health"}},
      {"{Fields: [nothing, code], Operator: '=', Value: '200'}", {"health"}},
      {"{Field: error, Operator: exists}", slow},
      {"{Field: error, Operator: '=', Value: true}", slow},
      {"{Field: duration_ms, Operator: '>', Value: 1000}", slow},
      {"{Field: status_code, Operator: '=', Value: 2}", slow},
      {"{Field: root.http.route, Operator: '=', Value: /cart}", {"failed", "quick", "slow"}},
      {"{Field: service.name, Operator: '=', Value: shop}", all},
      {"{Operator: has-root-span, Value: true}", all},
      {"{Operator: has-root-span, Value: false}", {}},
      {"{Field: '?.NUM_DESCENDANTS', Operator: '>', Value: 1}", slow},
  };
  for (const Case& one : cases)
    EXPECT_EQ(kept(rules("{Name: r, SampleRate: 1, Conditions: [" + one.conditions + "]}"), spans()),
              one.left)
        << one.conditions;
}

TEST(Refinery, AllConditionsMustHoldForTheTraceOrForOneSpan) {
  const std::string both =
      "Conditions: [{Field: http.route, Operator: '=', Value: /cart}, {Field: error, Operator: exists}]}";
  EXPECT_THAT(kept(rules("{Name: r, Scope: trace, " + both), spans()), ElementsAre("failed", "slow"));
  EXPECT_THAT(kept(rules("{Name: r, Scope: span, " + both), spans()), IsEmpty());
}

TEST(Refinery, TheFirstRuleThatFitsDecides) {
  EXPECT_THAT(
      kept(rules("{Name: no, Drop: true, Conditions: [{Field: error, Operator: exists}]}, {Name: yes, "
                 "SampleRate: 1, Conditions: [{Field: http.route, Operator: exists}]}"),
           spans()),
      ElementsAre("health", "quick"));
}

TEST(Refinery, ADatasetHasItsSampler) {
  const std::string samplers =
      "{__default__: {RulesBasedSampler: {Rules: [{Name: no, Drop: true}]}}, front: {DeterministicSampler: "
      "{SampleRate: 1}}}";
  EXPECT_EQ(kept(samplers, spans(), "front").size(), 4u);
  EXPECT_THAT(kept(samplers, spans(), "back"), IsEmpty());
}

TEST(Refinery, ASamplerIsFoundByDatasetThenEnvironmentThenAtAll) {
  struct Case {
    std::string settings, dropped;  // the name whose sampler keeps nothing
    bool keeps;
  };
  const std::vector<Case> cases = {
      {"", "shop", false},
      {"", "production", true},
      {"environment: production\n", "production", false},
      {"environment: production\n", "shop", false},
      {"environment: staging\n", "production", true},
      {"dataset_prefix: classic\n", "shop", true},
      {"dataset_prefix: classic\n", "classic.shop", false},
      {"environment: production\n", "__default__", false},
  };
  for (const Case& c : cases) {
    const std::string keep =
        c.dropped == "__default__" ? "" : ", __default__: {DeterministicSampler: {SampleRate: 1}}";
    const auto left =
        kept("{" + c.dropped + ": {RulesBasedSampler: {Rules: [{Name: all, Drop: true}]}}" + keep + "}",
             spans(), "shop", nullptr, c.settings);
    EXPECT_EQ(!left.empty(), c.keeps) << c.settings << c.dropped;
  }
}

TEST(Refinery, WhatIsKeptByChanceStandsForTheOthers) {
  std::vector<testing::SpanText> many;
  for (uint32_t i = 1; i <= 2000; ++i)
    many.push_back({.name = "s" + std::to_string(i) + ".", .trace = i, .span = i});
  std::string json;
  const size_t left =
      kept("{__default__: {DeterministicSampler: {SampleRate: 4}}}", many, "shop", &json).size();
  EXPECT_NEAR(static_cast<double>(left), 500, 100);
  // A quarter is kept: the threshold is three quarters of 2^56.
  EXPECT_THAT(json, HasSubstr("ot=th:c"));
  EXPECT_EQ(kept("{__default__: {EMADynamicSampler: {GoalSampleRate: 4, FieldList: [name]}}}", many).size(),
            left)
      << "the same traces, before there is anything to adjust by";
}

TEST(Refinery, ARuleMayHaveASamplerOfItsOwn) {
  EXPECT_THAT(
      kept(rules("{Name: r, Conditions: [{Field: error, Operator: exists}], Sampler: {DynamicSampler: "
                 "{SampleRate: 1, FieldList: [http.route, root.name], UseTraceLength: true}}}"),
           spans()),
      ElementsAre("failed", "slow"));
}

TEST(Refinery, ASamplerComesBeforeDrop) {
  EXPECT_THAT(kept(rules("{Name: r, Drop: true, Conditions: [{Field: error, Operator: exists}], Sampler: "
                         "{DeterministicSampler: {SampleRate: 1}}}"),
                   spans()),
              ElementsAre("failed", "slow"));
}

TEST(Refinery, EverySamplerTakesWhatTheDocumentationNames) {
  const std::string keyed = "FieldList: [http.route], MaxKeys: 100, UseTraceLength: false";
  const std::string smoothed = keyed +
                               ", AdjustmentInterval: 15s, Weight: 0.5, AgeOutValue: 0.5, BurstMultiple: 2, "
                               "BurstDetectionDelay: 3";
  const std::vector<std::string> samplers = {
      "DeterministicSampler: {SampleRate: 1}",
      "DynamicSampler: {SampleRate: 1, ClearFrequency: 1m, " + keyed + "}",
      "EMADynamicSampler: {GoalSampleRate: 1, " + smoothed + "}",
      "EMAThroughputSampler: {GoalThroughputPerSec: 100, UseClusterSize: true, InitialSampleRate: 1, " +
          smoothed + "}",
      "WindowedThroughputSampler: {GoalThroughputPerSec: 100, UseClusterSize: false, UpdateFrequency: 1s, "
      "LookbackFrequency: 30s, " +
          keyed + "}",
      "TotalThroughputSampler: {GoalThroughputPerSec: 100, UseClusterSize: false, ClearFrequency: 30s, " +
          keyed + "}",
      "RulesBasedSampler: {CheckNestedFields: false, Rules: []}"};
  for (const std::string& sampler : samplers)
    EXPECT_EQ(kept("{__default__: {" + sampler + "}}", spans()).size(), 4u) << sampler;
}

TEST(Refinery, MistakesAreToldWithTheirPlace) {
  testing::Workshop workshop;
  const auto complaint = [&](const std::string& yaml) {
    const auto all = workshop.complaints(configure_refinery, yaml);
    return all.empty() ? std::string() : all.front();
  };
  const auto of_sampler = [&](const std::string& sampler) {
    return complaint("rules: {Samplers: {__default__: " + sampler + "}}");
  };
  EXPECT_THAT(complaint("{}"), HasSubstr("expected rules"));
  EXPECT_THAT(complaint("rules: {Samplers: {}}"), HasSubstr("expected at least one"));
  EXPECT_THAT(of_sampler("{}"),
              HasSubstr("expected one of DeterministicSampler, RulesBasedSampler, DynamicSampler"));
  EXPECT_THAT(of_sampler("{DeterministicSampler: {SampleRate: 0}}"), HasSubstr("expected at least 1"));
  EXPECT_THAT(of_sampler("{DynamicSampler: {SampleRate: 2}}"), HasSubstr("expected FieldList"));
  EXPECT_THAT(of_sampler("{EMADynamicSampler: {FieldList: [a]}}"), HasSubstr("expected GoalSampleRate"));
  EXPECT_THAT(
      of_sampler(
          "{RulesBasedSampler: {Rules: [{Name: r, Conditions: [{Field: a, Operator: '~', Value: 1}]}]}}"),
      HasSubstr("'~' is not an operator"));
  EXPECT_THAT(of_sampler("{RulesBasedSampler: {Rules: [{Name: r, Conditions: [{Field: a, Operator: matches, "
                         "Value: '('}]}]}}"),
              HasSubstr("no regular expression"));
  EXPECT_THAT(
      of_sampler("{RulesBasedSampler: {Rules: [{Name: r, Conditions: [{Field: a, Operator: '='}]}]}}"),
      HasSubstr("= needs a value"));
  const auto of_condition = [&](const std::string& condition) {
    return of_sampler("{RulesBasedSampler: {Rules: [{Name: r, Conditions: [" + condition + "]}]}}");
  };
  EXPECT_THAT(of_condition("{Field: a, Fields: [b], Operator: exists}"),
              HasSubstr("Field or Fields, not both"));
  EXPECT_THAT(of_condition("{Field: a, Operator: '=', Value: 1, Datatype: decimal}"),
              HasSubstr("expected string, int"));
  EXPECT_THAT(of_condition("{Field: a, Operator: '=', Value: x, Datatype: int}"), HasSubstr("'x' is no int"));
  EXPECT_THAT(
      of_sampler("{WindowedThroughputSampler: {GoalThroughputPerSec: 1, FieldList: [a], UpdateFrequency: 2s, "
                 "LookbackFrequency: 1s}}"),
      HasSubstr("expected at least UpdateFrequency"));
}

}  // namespace
}  // namespace clew::pipeline
