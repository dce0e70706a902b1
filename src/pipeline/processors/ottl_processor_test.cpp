#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pipeline/processors/processors.h"
#include "pipeline/testing/configured.h"
#include "pipeline/testing/requests.h"

namespace clew::pipeline {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

struct Ran {
  std::string json;  // what came out; empty: nothing
  uint64_t items = 0;
  Outcome outcome;
};

Ran run(testing::Workshop& workshop, MakeProcessor (*configure)(Section&), const std::string& yaml,
        const Batch& batch) {
  testing::KeepingConsumer next;
  const auto processor = workshop.processor(configure, yaml, next);
  Ran ran;
  processor->consume(batch, [&](Outcome outcome) { ran.outcome = std::move(outcome); });
  if (next.batches().empty()) return ran;
  ran.json = testing::json_of(next.batches().front());
  ran.items = next.batches().front().items;
  return ran;
}

Batch spans() {
  return testing::batch_of(Signal::traces,
                           testing::span_request({{"service.name", "shop"}},
                                                 {{.name = "health", .span = 1},
                                                  {.name = "cart", .span = 2, .status_code = 2},
                                                  {.name = "pay", .span = 3, .duration = 2'000'000'000}}));
}
Batch logs() {
  return testing::batch_of(Signal::logs, testing::log_request({{"service.name", "shop"}}, {"debug x", "y"}));
}
Batch points() {
  return testing::batch_of(Signal::metrics,
                           testing::metric_request({{"service.name", "shop"}}, "m", {1, 5}, {{"k", "v"}}));
}

TEST(Filter, DropsWhatAnyConditionIsTrueFor) {
  struct Case {
    const char* yaml;
    Batch batch;
    uint64_t left;
  };
  const Case cases[] = {
      {"traces: {span: ['name == \"health\"']}", spans(), 2},
      {"traces: {span: ['name == \"health\"', 'status.code == STATUS_CODE_ERROR']}", spans(), 1},
      {"traces: {span: ['resource.attributes[\"service.name\"] == \"shop\"']}", spans(), 0},
      {"traces: {span: ['name == \"health\"']}", logs(), 2},
      {"trace_conditions: ['span.end_time - span.start_time < Duration(\"1s\")']", spans(), 1},
      {"trace_conditions: [{context: span, conditions: ['name == \"pay\"']}]", spans(), 2},
      {"trace_conditions: ['resource.attributes[\"service.name\"] == \"shop\"']", spans(), 0},
      {"logs: {log_record: ['IsMatch(body, \"^debug\")']}", logs(), 1},
      {"log_conditions: ['log.severity_number < SEVERITY_NUMBER_WARN']", logs(), 0},
      {"metrics: {metric: ['type == METRIC_DATA_TYPE_GAUGE']}", points(), 2},
      {"metrics: {datapoint: ['value_int == 1']}", points(), 3},
      {"metric_conditions: ['metric.name == \"m\" and datapoint.value_int > 0']", points(), 2},
  };
  for (const Case& one : cases) {
    testing::Workshop workshop;
    const Ran ran = run(workshop, configure_filter, one.yaml, one.batch);
    EXPECT_TRUE(ran.outcome.status.ok()) << one.yaml;
    EXPECT_EQ(ran.items, one.left) << one.yaml;
  }
}

TEST(Filter, CountsWhatItDrops) {
  testing::Workshop workshop;
  run(workshop, configure_filter, "traces: {span: ['name == \"health\"']}", spans());
  EXPECT_EQ(
      workshop.own_telemetry.value_of("otelcol_processor_filter_spans_filtered", {{"processor", "test"}}), 1);
}

TEST(Filter, WhatFailsIsHandledAsErrorModeSays) {
  const std::string failing = "traces: {span: ['Substring(name, 50, 1) == \"x\"']}\nerror_mode: ";
  testing::Workshop workshop;
  EXPECT_THAT(run(workshop, configure_filter, failing + "propagate", spans()).outcome.status.to_string(),
              HasSubstr("bad input: Substring(50, 1) is not within"));
  EXPECT_EQ(run(workshop, configure_filter, failing + "ignore", spans()).items, 3u);
  EXPECT_EQ(run(workshop, configure_filter, failing + "silent", spans()).items, 3u);
  EXPECT_EQ(workshop.own_telemetry.value_of("otelcol_processor_ottl_failures", {{"processor", "test"}}), 7);
}

TEST(Filter, MistakesAreSaid) {
  testing::Workshop workshop;
  EXPECT_THAT(workshop.complaints(configure_filter, "traces: {span: ['nam == \"x\"']}"),
              ElementsAre(HasSubstr("part::traces::span: column 1: span has no field 'nam'")));
  EXPECT_THAT(workshop.complaints(configure_filter, "trace_conditions: ['name == \"x\"']"),
              ElementsAre(HasSubstr("no path says what it is about; write span.attributes")));
  EXPECT_THAT(workshop.complaints(configure_filter, "log_conditions: ['span.name == \"x\"']"),
              ElementsAre(HasSubstr("there is no span in logs")));
  EXPECT_THAT(workshop.complaints(configure_filter, "error_mode: ignor"), ElementsAre(HasSubstr("ignore")));
}

TEST(Transform, RunsStatementsInTheContextOfTheirPaths) {
  testing::Workshop workshop;
  const Ran ran = run(workshop, configure_transform,
                      "trace_statements:\n"
                      "  - set(span.attributes[\"route\"], \"/cart\") where span.name == \"cart\"\n"
                      "  - set(resource.attributes[\"region\"], \"eu\")\n"
                      "  - context: span\n"
                      "    conditions: ['name == \"pay\"']\n"
                      "    statements:\n"
                      "      - set(cache[\"n\"], Concat([name, resource.attributes[\"region\"]], \"-\"))\n"
                      "      - set(name, cache[\"n\"])\n"
                      "      - set(status.code, STATUS_CODE_ERROR)\n",
                      spans());
  ASSERT_TRUE(ran.outcome.status.ok()) << ran.outcome.status.to_string();
  EXPECT_THAT(ran.json, HasSubstr(R"({"key":"route","value":{"stringValue":"/cart"}})"));
  EXPECT_THAT(ran.json, HasSubstr(R"({"key":"region","value":{"stringValue":"eu"}})"));
  EXPECT_THAT(ran.json, HasSubstr("\"pay-eu\""));
  EXPECT_THAT(ran.json, HasSubstr("\"health\""));
  EXPECT_EQ(ran.items, 3u);
}

TEST(Transform, LogsAndPoints) {
  testing::Workshop workshop;
  EXPECT_THAT(
      run(workshop, configure_transform,
          "log_statements: ['set(log.severity_text, \"FAIL\") where IsMatch(log.body, \"^debug\")']", logs())
          .json,
      HasSubstr("FAIL"));
  const Ran ran = run(workshop, configure_transform,
                      "metric_statements: ['set(datapoint.value_int, datapoint.value_int * 10) where "
                      "datapoint.value_int != nil', "
                      "'set(metric.unit, \"ms\")', 'delete_key(datapoint.attributes, \"k\")']",
                      points());
  ASSERT_TRUE(ran.outcome.status.ok()) << ran.outcome.status.to_string();
  EXPECT_THAT(ran.json, HasSubstr("\"50\""));
  EXPECT_THAT(ran.json, HasSubstr("\"unit\":\"ms\""));
  EXPECT_THAT(ran.json, Not(HasSubstr("\"k\"")));
}

TEST(Transform, MistakesAreSaid) {
  testing::Workshop workshop;
  EXPECT_THAT(workshop.complaints(configure_transform, "trace_statements: ['set(span.nam, 1)']"),
              ElementsAre(HasSubstr("part::trace_statements[0]: column 5: span has no field 'nam'")));
  EXPECT_THAT(workshop.complaints(configure_transform,
                                  "trace_statements: [{context: spn, statements: ['set(name, \"x\")']}]"),
              ElementsAre(HasSubstr("unknown context 'spn'")));
}

}  // namespace
}  // namespace clew::pipeline
