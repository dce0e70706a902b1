#include "pipeline/connectors/connectors.h"

#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pipeline/otlp/item_count.h"
#include "pipeline/testing/configured.h"
#include "pipeline/testing/requests.h"
#include "telemetry/otlp_json.h"

namespace clew::pipeline {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

// Pipelines that keep what they are given.
class KeepingOutputs final : public ConnectorOutputs {
 public:
  Consumer* all(Signal) const override { return &pipelines["all"]; }
  Consumer* only(const std::vector<PipelineId>& wanted) const override {
    std::string name;
    for (const PipelineId& one : wanted) name += (name.empty() ? "" : "+") + one.text();
    return &pipelines[name];
  }
  // How many items each got.
  std::map<std::string, uint64_t> items() const {
    std::map<std::string, uint64_t> all;
    for (const auto& [name, consumer] : pipelines)
      for (const Batch& batch : consumer.batches()) all[name] += items_of(batch);
    return all;
  }
  std::string json(const std::string& name) const {
    std::string all;
    for (const Batch& batch : pipelines.at(name).batches()) all += testing::json_of(batch);
    return all;
  }
  mutable std::map<std::string, testing::KeepingConsumer> pipelines;
};

using Items = std::map<std::string, uint64_t>;

Batch spans() {
  return testing::batch_of(
      Signal::traces,
      testing::span_request({{"service.name", "shop"}},
                            {{.name = "a", .span = 1}, {.name = "b", .span = 2}, {.name = "c", .span = 3}}));
}

TEST(Routing, EachItemGoesToTheFirstRowThatFits) {
  struct Case {
    const char* yaml;
    Batch batch;
    Items items;
  };
  const auto points = [] {
    return testing::batch_of(Signal::metrics, testing::metric_request({}, "m", {1, 2, 3}));
  };
  const Case cases[] = {
      {"{table: [{condition: 'attributes[\"service.name\"] == \"shop\"', pipelines: [traces/shop]}], "
       "default_pipelines: [traces/other]}",
       spans(),
       {{"traces/shop", 3}}},
      {"{table: [{condition: 'attributes[\"service.name\"] == \"x\"', pipelines: [traces/shop]}], "
       "default_pipelines: "
       "[traces/other]}",
       spans(),
       {{"traces/other", 3}}},
      {"{table: [{context: span, condition: 'name == \"a\"', pipelines: [traces/a]}, {context: span, "
       "condition: "
       "'name != \"b\"', pipelines: [traces/a, traces/c]}], default_pipelines: [traces/other]}",
       spans(),
       {{"traces/a", 1}, {"traces/a+traces/c", 1}, {"traces/other", 1}}},
      {"{table: [{statement: 'route() where resource.attributes[\"service.name\"] == \"shop\"', pipelines: "
       "[traces/shop]}]}",
       spans(),
       {{"traces/shop", 3}}},
      {"{table: [{statement: route(), pipelines: [traces/all]}], default_pipelines: [traces/other]}",
       spans(),
       {{"traces/all", 3}}},
      {"{table: [{context: datapoint, condition: 'value_int == 2', pipelines: [metrics/two]}], "
       "default_pipelines: "
       "[metrics/other]}",
       points(),
       {{"metrics/two", 1}, {"metrics/other", 5}}},
      {"{table: [{context: metric, condition: 'type == METRIC_DATA_TYPE_GAUGE', pipelines: "
       "[metrics/gauges]}]}",
       points(),
       {{"metrics/gauges", 3}}},
      {"{table: [{context: log, condition: 'IsMatch(body, \"^x\")', pipelines: [logs/x]}], "
       "default_pipelines: "
       "[logs/other]}",
       testing::batch_of(Signal::logs, testing::log_request({}, {"x1", "y", "x2"})),
       {{"logs/x", 2}, {"logs/other", 1}}},
      {"{table: [{context: request, condition: 'request[\"X-Tenant\"] == \"acme\"', pipelines: "
       "[traces/acme]}], "
       "default_pipelines: [traces/other]}",
       spans(),
       {{"traces/other", 3}}},
  };
  for (const Case& one : cases) {
    testing::Workshop workshop;
    KeepingOutputs outputs;
    const auto routing = workshop.connector(configure_routing, one.yaml, one.batch.signal, outputs);
    int answers = 0;
    routing->consume(one.batch, [&](const Outcome& outcome) {
      EXPECT_TRUE(outcome.status.ok());
      ++answers;
    });
    EXPECT_EQ(answers, 1) << one.yaml;
    EXPECT_EQ(outputs.items(), one.items) << one.yaml;
  }
}

TEST(Routing, ByTheRequestThatBroughtIt) {
  testing::Workshop workshop;
  KeepingOutputs outputs;
  const auto routing = workshop.connector(configure_routing,
                                          "{table: [{context: request, condition: 'request[\"X-Tenant\"] == "
                                          "\"acme\"', pipelines: [traces/acme]}]}",
                                          Signal::traces, outputs);
  Batch batch = spans();
  batch.sender = std::make_shared<SenderContext>(SenderContext{.headers = {{"x-tenant", "acme"}}});
  routing->consume(batch, [](const Outcome&) {});
  batch.sender = std::make_shared<SenderContext>(SenderContext{.headers = {{"x-tenant", "other"}}});
  routing->consume(batch, [](const Outcome&) {});
  EXPECT_EQ(outputs.items(), (Items{{"traces/acme", 3}}));
  EXPECT_EQ(workshop.own_telemetry.value_of("clew_routing_unrouted_items",
                                            {{"connector", "test"}, {"otel_signal", "traces"}}),
            3);
}

TEST(Routing, TheSenderHearsTheWorst) {
  testing::Workshop workshop;
  KeepingOutputs outputs;
  const auto routing = workshop.connector(configure_routing,
                                          "{table: [{context: span, condition: 'name == \"a\"', pipelines: "
                                          "[traces/a]}], default_pipelines: [traces/other]}",
                                          Signal::traces, outputs);
  outputs.pipelines["traces/a"].outcome.status = Status(ErrorKind::unavailable, "later");
  std::vector<std::string> answers;
  routing->consume(spans(), [&](const Outcome& outcome) { answers.emplace_back(outcome.status.message()); });
  EXPECT_THAT(answers, ElementsAre("later"));
  EXPECT_EQ(outputs.items(), (Items{{"traces/other", 2}}));
}

TEST(Routing, Mistakes) {
  testing::Workshop workshop;
  const auto complaints = [&](const char* yaml) { return workshop.complaints(configure_routing, yaml); };
  EXPECT_THAT(complaints("{}"), ElementsAre(HasSubstr("expected table: at least one row")));
  EXPECT_THAT(complaints("{table: [{pipelines: [traces]}]}"),
              ElementsAre(HasSubstr("table[0]: expected either condition or statement")));
  EXPECT_THAT(complaints("{table: [{condition: 'name = 1', pipelines: [traces], context: span}]}"),
              ElementsAre(HasSubstr("column 6")));
  EXPECT_THAT(complaints("{table: [{statement: 'set(name, 1)', pipelines: [traces]}]}"),
              ElementsAre(HasSubstr("expected route() or route() where")));
  EXPECT_THAT(
      complaints("{table: [{context: request, condition: 'IsMatch(1)', pipelines: [traces]}]}"),
      ElementsAre(HasSubstr("with context request, expected condition: request[\"name\"] == \"value\"")));
}

// What spanmetrics says of these spans when it is stopped.
std::string metrics_of(MakeConnector (*configure)(Section&), const std::string& yaml,
                       const std::string& request) {
  testing::Workshop workshop;
  KeepingOutputs outputs;
  const auto connector = workshop.connector(configure, yaml, Signal::traces, outputs);
  connector->consume(testing::batch_of(Signal::traces, request),
                     [](const Outcome& outcome) { EXPECT_TRUE(outcome.status.ok()); });
  connector->stop();
  return outputs.pipelines.contains("all") ? outputs.json("all") : "";
}

TEST(SpanMetrics, CountsAndMeasures) {
  const std::string json =
      metrics_of(configure_spanmetrics, "{dimensions: [{name: http.method, default: GET}, {name: missing}]}",
                 testing::span_request(
                     {{"service.name", "shop"}, {"host", "a"}},
                     {{.name = "pay", .span = 1, .duration = 5'000'000},
                      {.name = "pay", .span = 2, .duration = 7'000'000},
                      {.name = "pay", .attributes = {{"http.method", "PUT"}}, .span = 3, .status_code = 2}}));
  EXPECT_THAT(
      json,
      HasSubstr(
          R"("resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}},{"key":"host")"));
  EXPECT_THAT(json, HasSubstr(R"("name":"traces.span.metrics.calls","sum")"));
  EXPECT_THAT(json, HasSubstr(R"("asInt":"2")"));
  EXPECT_THAT(json, HasSubstr(R"({"key":"span.kind","value":{"stringValue":"SPAN_KIND_SERVER"}})"));
  EXPECT_THAT(json, HasSubstr(R"({"key":"http.method","value":{"stringValue":"GET"}})"));
  EXPECT_THAT(json, HasSubstr(R"({"key":"status.code","value":{"stringValue":"STATUS_CODE_ERROR"}})"));
  EXPECT_THAT(json, HasSubstr(R"("name":"traces.span.metrics.duration","unit":"ms","histogram")"));
  EXPECT_THAT(json, HasSubstr(R"("count":"2","sum":12,"bucketCounts":["0","0","1","1","0")"));
  EXPECT_THAT(
      json, HasSubstr(R"("explicitBounds":[2,4,6,8,10,50,100,200,400,800,1000,1400,2000,5000,10000,15000])"));
  EXPECT_THAT(json, HasSubstr(R"("aggregationTemporality":2,"isMonotonic":true)"));
  EXPECT_THAT(json, Not(HasSubstr("missing")));
}

TEST(SpanMetrics, Shapes) {
  const std::string request =
      testing::span_request({{"service.name", "shop"}}, {{.name = "pay", .trace = 7}});
  struct Case {
    const char* yaml;
    ::testing::Matcher<std::string> matches;
  };
  const Case cases[] = {
      {"{namespace: '', histogram: {unit: s, explicit: {buckets: [5ms, 1s]}}}",
       AllOf(HasSubstr(R"("name":"calls")"), HasSubstr(R"("explicitBounds":[0.005,1])"))},
      {"{histogram: {exponential: {max_size: 10}}}",
       AllOf(HasSubstr(R"("exponentialHistogram")"), HasSubstr(R"("scale":20)"))},
      {"{histogram: {disable: true}}", Not(HasSubstr("duration"))},
      {"{aggregation_temporality: AGGREGATION_TEMPORALITY_DELTA}",
       HasSubstr(R"("aggregationTemporality":1)")},
      {"{exemplars: {enabled: true}}",
       HasSubstr(R"("exemplars":[{"timeUnixNano":"1700000000001000000","asDouble":1,)")},
      {"{exclude_dimensions: [span.name, status.code]}",
       AllOf(Not(HasSubstr("span.name")), HasSubstr("span.kind"))},
  };
  for (const Case& one : cases)
    EXPECT_THAT(metrics_of(configure_spanmetrics, one.yaml, request), one.matches) << one.yaml;
}

TEST(SpanMetrics, ASpanCountsForThoseLeftOut) {
  const std::string request = *json_to_protobuf(Signal::traces, R"({"resourceSpans":[{"scopeSpans":[{"spans":[
      {"traceId":"01020304050607080102030405060708","spanId":"0102030405060708","traceState":"ot=th:e666"}]}]}]})");
  EXPECT_THAT(metrics_of(configure_spanmetrics, "{}", request), HasSubstr(R"("asInt":"10")"));
}

TEST(SpanMetrics, TooManySeriesBecomeOne) {
  std::vector<testing::SpanText> many;
  for (uint32_t i = 1; i <= 50; ++i) many.push_back({.name = "op" + std::to_string(i), .span = i});
  const std::string json = metrics_of(configure_spanmetrics, "{aggregation_cardinality_limit: 10}",
                                      testing::span_request({}, many));
  EXPECT_THAT(json, HasSubstr(R"([{"key":"otel.metric.overflow","value":{"boolValue":true}}])"));
  EXPECT_THAT(json, HasSubstr(R"("asInt":"40")"));
}

TEST(SpanMetrics, Mistakes) {
  testing::Workshop workshop;
  EXPECT_THAT(
      workshop.complaints(
          configure_spanmetrics,
          "{histogram: {explicit: {buckets: [5]}}, events: {enabled: true}, dimensions: [{default: x}]}"),
      ElementsAre(HasSubstr("buckets: expected durations"), HasSubstr("dimensions[0]: expected name"),
                  HasSubstr("events: expected dimensions")));
}

TEST(ServiceGraph, PairsSpans) {
  std::string request = testing::span_request(
      {{"service.name", "shop"}},
      {{.name = "call", .span = 1, .kind = 3, .duration = 30'000'000},
       {.name = "query", .attributes = {{"db.name", "orders"}}, .span = 5, .kind = 3},
       {.name = "send", .span = 6, .kind = 4},
       {.name = "to nobody", .attributes = {{"peer.service", "mailer"}}, .span = 8, .kind = 3}});
  request += testing::span_request(
      {{"service.name", "stock"}},
      {{.name = "serve", .span = 2, .status_code = 2, .duration = 20'000'000, .parent = 1},
       {.name = "receive", .span = 7, .kind = 5, .parent = 6},
       {.name = "entry", .trace = 2, .span = 9}});
  const std::string json = metrics_of(configure_servicegraph, "{}", request);
  const auto edge = [](const char* client, const char* server, const char* type) {
    return HasSubstr(std::string(R"({"key":"client","value":{"stringValue":")") + client +
                     R"("}},{"key":"server","value":{"stringValue":")" + server +
                     R"("}},{"key":"connection_type","value":{"stringValue":")" + type + "\"}}");
  };
  EXPECT_THAT(json, AllOf(edge("shop", "stock", ""), edge("shop", "orders", "database"),
                          edge("shop", "stock", "messaging_system"), edge("shop", "mailer", "virtual_node"),
                          edge("user", "stock", "virtual_node")));
  EXPECT_THAT(json, HasSubstr("traces_service_graph_request_failed_total"));
  EXPECT_THAT(json, HasSubstr(R"("count":"1","sum":0.03,)"));
}

TEST(ServiceGraph, Mistakes) {
  testing::Workshop workshop;
  EXPECT_THAT(
      workshop.complaints(configure_servicegraph, "{latency_histogram_buckets: [2s, 1s], store: {tll: 1s}}"),
      ElementsAre(HasSubstr("expected them in ascending order"), HasSubstr("did you mean 'ttl'")));
}

}  // namespace
}  // namespace clew::pipeline
