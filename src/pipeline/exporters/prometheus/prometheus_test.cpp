#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pipeline/exporters/exporters.h"
#include "pipeline/exporters/prometheus/exposed_metrics.h"
#include "pipeline/receivers/prometheus/exposition.h"
#include "pipeline/testing/configured.h"
#include "pipeline/testing/requests.h"
#include "telemetry/otlp_json.h"

namespace clew::pipeline {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(PrometheusNames, Metrics) {
  struct Case {
    const char *name, *unit;
    bool is_counter, is_gauge;
    const char* expected;
  };
  const Case cases[] = {
      {"http.server.duration", "ms", false, false, "http_server_duration_milliseconds"},
      {"http.requests", "{request}", true, false, "http_requests_total"},
      {"http.requests.total", "1", true, false, "http_requests_total"},
      {"system.network.io", "By", true, false, "system_network_io_bytes_total"},
      {"system.network.io.bytes", "By", true, false, "system_network_io_bytes_total"},
      {"cpu.utilization", "1", false, true, "cpu_utilization_ratio"},
      {"speed", "m/s", false, true, "speed_meters_per_second"},
      {"rate", "{packet}/min", false, true, "rate_per_min"},
      {"hw.temperature", "Cel", false, true, "hw_temperature_celsius"},
      {"2xx", "", false, true, "_2xx"},
      {"µ", "", false, true, "_"},
  };
  for (const Case& one : cases)
    EXPECT_EQ(prometheus_metric_name({}, one.name, one.unit, one.is_counter, one.is_gauge), one.expected)
        << one.name;
  EXPECT_EQ(prometheus_metric_name({"shop", true}, "a.b", "s", false, false), "shop_a_b_seconds");
  EXPECT_EQ(prometheus_metric_name({"", false}, "a.b", "s", true, false), "a_b");
}

TEST(PrometheusNames, Labels) {
  const std::pair<const char*, const char*> cases[] = {
      {"http.method", "http_method"}, {"1st", "key_1st"}, {"_x", "key_x"}, {"__x", "__x"}, {"", "_"}};
  for (const auto& [name, label] : cases) EXPECT_EQ(prometheus_label_name(name), label);
}

Batch metrics(const std::string& list) {
  return testing::batch_of(
      Signal::metrics, *json_to_protobuf(Signal::metrics, R"({"resourceMetrics":[{"resource":{"attributes":[
      {"key":"service.name","value":{"stringValue":"shop"}},{"key":"service.instance.id","value":{"stringValue":"a"}},
      {"key":"host.name","value":{"stringValue":"h"}}]},"scopeMetrics":[{"scope":{"name":"lib","version":"1"},"metrics":[)" +
                                                              list + "]}]}]}"));
}

constexpr char kSum[] =
    R"({"name":"orders","description":"All \\ of\nthem","sum":{"aggregationTemporality":1,"isMonotonic":true,"dataPoints":[
      {"timeUnixNano":"1700000000500000000","asInt":"3","attributes":[{"key":"http.route","value":{"stringValue":"/a\"b"}}],
       "exemplars":[{"timeUnixNano":"1700000000000000000","asDouble":1,"traceId":"0102030405060708090a0b0c0d0e0f10","spanId":"0102030405060708"}]}]}})";
constexpr char kHistogram[] =
    R"({"name":"latency","unit":"s","histogram":{"aggregationTemporality":2,"dataPoints":[{"timeUnixNano":"1700000000500000000",
      "count":"6","sum":2.5,"bucketCounts":["1","2","3"],"explicitBounds":[0.1,1]}]}})";
constexpr char kOthers[] =
    R"({"name":"depth","gauge":{"dataPoints":[{"timeUnixNano":"1700000000500000000","asDouble":0.5}]}},
       {"name":"size","summary":{"dataPoints":[{"timeUnixNano":"1700000000500000000","count":"2","sum":3,"quantileValues":[{"quantile":0.5,"value":1}]}]}},
       {"name":"fine","exponentialHistogram":{"dataPoints":[{"timeUnixNano":"1700000000500000000","count":"2"}]}})";

TEST(ExposedMetrics, Text) {
  ExposedMetrics exposed({.const_labels = {{"region", "eu"}}});
  EXPECT_EQ(*exposed.add(metrics(kSum)), 0u);
  EXPECT_EQ(*exposed.add(metrics(std::string(kSum) + "," + kHistogram + "," + kOthers)), 1u);
  const std::string text = exposed.text(false);
  const std::string common =
      R"(instance="a",job="shop",otel_scope_name="lib",otel_scope_version="1",region="eu")";
  EXPECT_THAT(text, HasSubstr("# HELP orders_total All \\\\ of\\nthem\n# TYPE orders_total counter\n"));
  EXPECT_THAT(text, HasSubstr(R"(orders_total{http_route="/a\"b",)" + common + "} 6\n"));
  EXPECT_THAT(text, HasSubstr("latency_seconds_bucket{" + common + ",le=\"0.1\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("latency_seconds_bucket{" + common + ",le=\"1\"} 3\n"));
  EXPECT_THAT(text, HasSubstr("latency_seconds_bucket{" + common + ",le=\"+Inf\"} 6\n"));
  EXPECT_THAT(
      text, HasSubstr("latency_seconds_sum{" + common + "} 2.5\nlatency_seconds_count{" + common + "} 6\n"));
  EXPECT_THAT(text, HasSubstr("depth{" + common + "} 0.5\n"));
  EXPECT_THAT(text, HasSubstr("size{" + common + ",quantile=\"0.5\"} 1\n"));
  EXPECT_THAT(text, HasSubstr(R"(target_info{host_name="h",instance="a",job="shop",region="eu"} 1)"));
  EXPECT_THAT(text, Not(HasSubstr("fine")));
  const auto parsed = parse_exposition(text, false);
  EXPECT_TRUE(parsed.ok()) << parsed.status().message();
}

TEST(ExposedMetrics, OpenMetrics) {
  ExposedMetrics exposed({.with_scope_labels = false, .with_times = true});
  EXPECT_TRUE(exposed.add(metrics(std::string(kSum) + "," + kHistogram)).ok());
  const std::string text = exposed.text(true);
  EXPECT_THAT(text, HasSubstr("# TYPE orders counter\n"));
  EXPECT_THAT(
      text,
      HasSubstr(
          R"(job="shop"} 3 1700000000.500 # {span_id="0102030405060708",trace_id="0102030405060708090a0b0c0d0e0f10"} 1 1700000000.000)"));
  EXPECT_THAT(text, HasSubstr("# TYPE target info\ntarget_info{"));
  const auto parsed = parse_exposition(text, true);
  EXPECT_TRUE(parsed.ok()) << parsed.status().message();
}

TEST(ExposedMetrics, WhatEndsOrIsOldIsGone) {
  ExposedMetrics exposed({});
  EXPECT_TRUE(exposed.add(metrics(kOthers)).ok());
  EXPECT_TRUE(
      exposed
          .add(metrics(
              R"({"name":"depth","gauge":{"dataPoints":[{"timeUnixNano":"1700000000500000000","flags":1}]}})"))
          .ok());
  EXPECT_THAT(exposed.text(false), AllOf(Not(HasSubstr("depth")), HasSubstr("size")));
  ExposedMetrics brief({.expiration = {0}});
  EXPECT_TRUE(brief.add(metrics(kOthers)).ok());
  EXPECT_EQ(brief.text(false), "");
}

TEST(ExposedMetrics, IsBounded) {
  ExposedMetrics exposed({.most_series = 2});
  EXPECT_EQ(*exposed.add(metrics(kOthers)), 2u);  // target_info, depth; neither size nor fine
}

TEST(PrometheusExporter, Mistakes) {
  testing::Workshop workshop;
  EXPECT_THAT(workshop.complaints(configure_prometheus_exporter, "{namespac: x, tls: {cert_file: a}}"),
              ElementsAre(HasSubstr("tls: clew shows these metrics without TLS"),
                          HasSubstr("expected endpoint"), HasSubstr("did you mean 'namespace'")));
}

}  // namespace
}  // namespace clew::pipeline
