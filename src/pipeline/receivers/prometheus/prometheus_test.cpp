#include <atomic>
#include <chrono>
#include <cmath>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "net/server.h"
#include "pipeline/receivers/prometheus/exposition.h"
#include "pipeline/receivers/prometheus/relabel.h"
#include "pipeline/receivers/prometheus/scrape_history.h"
#include "pipeline/receivers/receivers.h"
#include "pipeline/testing/configured.h"
#include "pipeline/testing/requests.h"

namespace clew::pipeline {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::Pair;
using ::testing::SizeIs;

constexpr char kOldText[] =
    "# HELP http_requests_total How many.\\nSecond line.\n"
    "# TYPE http_requests_total counter\n"
    "http_requests_total{method=\"post\",code=\"200\"} 1027 1395066363000\n"
    "http_requests_total{method=\"post\",code=\"400\"}    3 1395066363000\n"
    "\n"
    "# a comment\n"
    "msdos_file_access_time_seconds{path=\"C:\\\\DIR\\\\FILE.TXT\",error=\"Cannot find "
    "file:\\n\\\"FILE.TXT\\\"\"} 1.458255915e9\n"
    "metric_without_timestamp_and_labels 12.47\n"
    "something_weird{problem=\"division by zero\"} +Inf -3982045\n"
    "# TYPE http_request_duration_seconds histogram\n"
    "http_request_duration_seconds_bucket{le=\"0.05\"} 24054\n"
    "http_request_duration_seconds_bucket{le=\"0.1\"} 33444\n"
    "http_request_duration_seconds_bucket{le=\"+Inf\"} 144320\n"
    "http_request_duration_seconds_sum 53423\n"
    "http_request_duration_seconds_count 144320\n"
    "# TYPE rpc_duration_seconds summary\n"
    "rpc_duration_seconds{quantile=\"0.01\"} 3102\n"
    "rpc_duration_seconds{quantile=\"0.99\"} NaN\n"
    "rpc_duration_seconds_sum 1.7560473e+07\n"
    "rpc_duration_seconds_count 2693\n";

TEST(Exposition, OldTextFormat) {
  const auto families = parse_exposition(kOldText, false);
  ASSERT_TRUE(families.ok()) << families.status().message();
  ASSERT_THAT(*families, SizeIs(6));
  const ExposedFamily& requests = families->at(0);
  EXPECT_EQ(requests.type, ExposedType::counter);
  EXPECT_EQ(requests.help, "How many.\nSecond line.");
  ASSERT_THAT(requests.samples, SizeIs(2));
  EXPECT_THAT(requests.samples[0].labels, ElementsAre(Pair("method", "post"), Pair("code", "200")));
  EXPECT_EQ(requests.samples[0].value, 1027);
  EXPECT_EQ(requests.samples[0].time->count, 1395066363000000000);
  EXPECT_THAT(
      families->at(1).samples.at(0).labels,
      ElementsAre(Pair("path", "C:\\DIR\\FILE.TXT"), Pair("error", "Cannot find file:\n\"FILE.TXT\"")));
  EXPECT_TRUE(std::isinf(families->at(3).samples.at(0).value));
  EXPECT_THAT(families->at(4).samples, SizeIs(5));
  EXPECT_TRUE(std::isnan(families->at(5).samples.at(1).value));
}

TEST(Exposition, OpenMetrics) {
  const auto families = parse_exposition(
      "# TYPE foo counter\n# UNIT foo seconds\n"
      "foo_total{a=\"b\"} 17.0 1520879607.789 # {trace_id=\"0102030405060708090a0b0c0d0e0f10\",user=\"x\"} "
      "0.67 1520879607.7\n"
      "foo_created{a=\"b\"} 1520430000.123\n"
      "# TYPE build info\nbuild_info{version=\"8.2\"} 1\n# EOF\nignored\n",
      true);
  ASSERT_TRUE(families.ok()) << families.status().message();
  ASSERT_THAT(*families, SizeIs(2));
  const ExposedSample& sample = families->at(0).samples.at(0);
  EXPECT_EQ(sample.name, "foo_total");
  EXPECT_EQ(sample.exemplar->value, 0.67);
  EXPECT_THAT(sample.exemplar->labels, SizeIs(2));
  EXPECT_EQ(families->at(0).unit, "seconds");
  EXPECT_EQ(families->at(1).type, ExposedType::info);
}

TEST(Exposition, WhatIsWrongIsSaidWithItsLine) {
  struct Case {
    const char* text;
    bool is_open_metrics;
    const char* message;
  };
  const Case cases[] = {
      {"a 1\nb{x=1} 2\n", false, "line 2: expected \" before the value of a label"},
      {"a{x=\"1\" y=\"2\"} 2", false, "line 1: expected , or } behind a label"},
      {"a{x=\"1\",x=\"2\"} 2", false, "line 1: the label 'x' is there twice"},
      {"a{x=\"1", false, "line 1: the value of a label does not end"},
      {"a one", false, "line 1: expected a number, got 'one'"},
      {"a 1 2 3", false, "line 1: expected the end of the line, got '3'"},
      {"1a 1", false, "line 1: expected the name of a metric"},
      {"# TYPE a enum", false, "line 1: there is no type 'enum'"},
      {"a 1 1e300", false, "line 1: the time of a sample is out of range"},
      {"a 1", true, "the text ends without # EOF"},
      {"a 1 # {} 1\n", false, "line 1: expected the end of the line, got '# {} 1'"},
  };
  for (const Case& one : cases) {
    const auto parsed = parse_exposition(one.text, one.is_open_metrics);
    ASSERT_FALSE(parsed.ok()) << one.text;
    EXPECT_EQ(parsed.status().message(), one.message);
  }
  EXPECT_FALSE(parse_exposition("a 1\nb 2\n", false, {.samples = 1, .labels = 1}).ok());
}

LabelMap relabelled(const std::string& yaml, LabelMap labels) {
  const auto value = parse_yaml("rules: [" + yaml + "]", "test.yaml");
  Complaints complaints;
  Section section(*value, "part", complaints);
  const Relabelling rules(section, "rules");
  EXPECT_THAT(complaints.errors(), IsEmpty());
  if (!rules.apply(labels)) return {{"dropped", ""}};
  return labels;
}

TEST(Relabelling, Actions) {
  const LabelMap before{{"a", "x1"}, {"b", "y"}, {"__meta_zone", "eu"}};
  struct Case {
    const char* rule;
    LabelMap after;
  };
  const Case cases[] = {
      {"{source_labels: [a], target_label: c}",
       {{"a", "x1"}, {"b", "y"}, {"c", "x1"}, {"__meta_zone", "eu"}}},
      {"{source_labels: [a, b], regex: 'x(.);(.*)', target_label: '${2}_c', replacement: '$2-$1'}",
       {{"a", "x1"}, {"b", "y"}, {"y_c", "y-1"}, {"__meta_zone", "eu"}}},
      {"{source_labels: [a], regex: x, target_label: c}", before},
      {"{target_label: b, replacement: ''}", {{"a", "x1"}, {"__meta_zone", "eu"}}},
      {"{source_labels: [a], regex: 'x.', action: keep}", before},
      {"{source_labels: [a], regex: 'x', action: keep}", {{"dropped", ""}}},
      {"{source_labels: [a], regex: 'x.', action: drop}", {{"dropped", ""}}},
      {"{source_labels: [a], target_label: b, action: keepequal}", {{"dropped", ""}}},
      {"{source_labels: [a], target_label: b, action: dropequal}", before},
      {"{regex: '__meta_(.+)', action: labelmap}",
       {{"a", "x1"}, {"b", "y"}, {"zone", "eu"}, {"__meta_zone", "eu"}}},
      {"{regex: '__meta.+', action: labeldrop}", {{"a", "x1"}, {"b", "y"}}},
      {"{regex: 'a|b', action: labelkeep}", {{"a", "x1"}, {"b", "y"}}},
      {"{source_labels: [a], target_label: b, action: uppercase}",
       {{"a", "x1"}, {"b", "X1"}, {"__meta_zone", "eu"}}},
      {"{source_labels: [b], target_label: m, modulus: 1, action: hashmod}",
       {{"a", "x1"}, {"b", "y"}, {"m", "0"}, {"__meta_zone", "eu"}}},
  };
  for (const Case& one : cases) EXPECT_EQ(relabelled(one.rule, before), one.after) << one.rule;
}

std::string look(ScrapeHistory& history, const char* text, int64_t at, bool is_up = true) {
  MetricRequest request("prometheus");
  request.begin_resource({});
  history.add(*parse_exposition(text, false), {at}, is_up, request);
  return testing::json_of(request.take());
}

TEST(ScrapeHistory, MetricsOfEachKind) {
  ScrapeHistory history;
  const std::string json = look(history, kOldText, 1'700'000'000'000'000'000);
  EXPECT_THAT(json,
              HasSubstr(R"("name":"http_requests_total","description":"How many.\nSecond line.","sum")"));
  EXPECT_THAT(json, HasSubstr(R"("asDouble":1027)"));
  EXPECT_THAT(json, HasSubstr(R"("name":"metric_without_timestamp_and_labels","gauge")"));
  EXPECT_THAT(
      json,
      HasSubstr(
          R"("count":"144320","sum":53423,"bucketCounts":["24054","9390","110876"],"explicitBounds":[0.05,0.1])"));
  EXPECT_THAT(
      json,
      HasSubstr(R"("quantileValues":[{"quantile":0.01,"value":3102},{"quantile":0.99,"value":"NaN"}])"));
}

TEST(ScrapeHistory, StartsResetsAndEnds) {
  ScrapeHistory history;
  const char* text = "# TYPE a counter\na 5\n";
  EXPECT_THAT(look(history, text, 100),
              HasSubstr(R"("startTimeUnixNano":"100","timeUnixNano":"100","asDouble":5)"));
  EXPECT_THAT(look(history, "# TYPE a counter\na 6\n", 200),
              HasSubstr(R"("startTimeUnixNano":"100","timeUnixNano":"200","asDouble":6)"));
  EXPECT_THAT(look(history, "# TYPE a counter\na 1\n", 300),
              HasSubstr(R"("startTimeUnixNano":"300","timeUnixNano":"300","asDouble":1)"));
  EXPECT_THAT(look(history, "", 400, false), AllOf(HasSubstr(R"("flags":1)"), Not(HasSubstr("asDouble"))));
  EXPECT_EQ(look(history, "", 500, false), "{}");
}

TEST(Prometheus, LooksAtATarget) {
  std::atomic<bool> is_up{true};
  net::ServerOptions options{.doors = {{"127.0.0.1:0"}}, .threads = 1};
  auto server = net::Server::start(
      std::move(options),
      [&](const net::Request& request, const net::Responder& responder) {
        const bool is_right = request.path == "/probe" && request.header("authorization") == "Basic dTpw";
        responder.send(is_right && is_up
                           ? net::text_response(200, "# TYPE a gauge\na{job=\"mine\",drop=\"me\"} 1\nb 2\n")
                           : net::text_response(500, "no"));
      },
      {});
  ASSERT_TRUE(server.ok());
  const std::string address = "127.0.0.1:" + std::to_string((*server)->ports().at(0));
  testing::Workshop workshop;
  testing::KeepingConsumer next;
  const auto receiver =
      workshop.receiver(configure_prometheus_receiver,
                        "{config: {scrape_configs: [{job_name: shop, scrape_interval: 20ms, metrics_path: "
                        "/probe, basic_auth: {username: u, "
                        "password: p}, params: {module: [http]}, static_configs: [{targets: ['" +
                            address +
                            "'], labels: {zone: eu}}], metric_relabel_configs: [{regex: drop, action: "
                            "labeldrop}, {source_labels: "
                            "[__name__], regex: b, action: drop}]}]}}",
                        next);
  const auto wait_for = [&](const char* text) {
    for (int i = 0; i < 3000; ++i) {
      for (const Batch& batch : next.batches())
        if (std::string json = testing::json_of(batch); json.find(text) != std::string::npos) return json;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return std::string("never came");
  };
  const std::string json = wait_for("\"asDouble\":1");
  EXPECT_THAT(json, HasSubstr(R"({"key":"service.name","value":{"stringValue":"shop"}})"));
  EXPECT_THAT(json, HasSubstr(R"({"key":"service.instance.id","value":{"stringValue":")" + address));
  EXPECT_THAT(
      json,
      HasSubstr(R"("attributes":[{"key":"exported_job","value":{"stringValue":"mine"}},{"key":"zone")"));
  EXPECT_THAT(json, Not(HasSubstr("drop")));
  EXPECT_THAT(json, AllOf(HasSubstr("\"up\""), HasSubstr("scrape_samples_post_metric_relabeling")));
  EXPECT_THAT(json, Not(HasSubstr(R"("name":"b")")));
  is_up = false;
  EXPECT_THAT(wait_for("\"flags\":1"), HasSubstr("\"up\""));
  receiver->stop();
  (*server)->stop({});
}

TEST(Prometheus, Mistakes) {
  testing::Workshop workshop;
  const auto complaints = [&](const char* yaml) {
    return workshop.complaints(configure_prometheus_receiver, yaml);
  };
  EXPECT_THAT(complaints("{config: {}}"), ElementsAre(HasSubstr("expected scrape_configs")));
  EXPECT_THAT(complaints("{config: {scrape_configs: [{job_name: a, kubernetes_sd_configs: [{role: pod}]}]}}"),
              ElementsAre(HasSubstr("kubernetes_sd_configs: clew asks the targets of static_configs")));
  EXPECT_THAT(
      complaints("{config: {scrape_configs: [{job_name: a, scrape_intervall: 5s, static_configs: [{targets: "
                 "['http://x/metrics']}]}]}}"),
      ElementsAre(HasSubstr("expected host:port, got 'http://x/metrics'"),
                  HasSubstr("did you mean 'scrape_interval'")));
  EXPECT_THAT(complaints("{config: {scrape_configs: [{job_name: a, relabel_configs: [{action: repalce}]}]}}"),
              ElementsAre(HasSubstr("there is no action 'repalce'; did you mean 'replace'")));
}

}  // namespace
}  // namespace clew::pipeline
