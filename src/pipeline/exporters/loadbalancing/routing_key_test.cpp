#include "pipeline/exporters/loadbalancing/routing_key.h"

#include <gtest/gtest.h>

#include "telemetry/otlp_json.h"

namespace clew::pipeline {
namespace {

using By = RoutingKeySettings::By;

std::vector<std::string> keys_of(RoutingKeySettings settings, Signal signal, const char* json) {
  const std::string request = *json_to_protobuf(signal, json);
  RoutingKey key(settings, signal);
  std::vector<std::string> keys;
  EXPECT_TRUE(walk_items(request, [&](const ItemPlace& place) { keys.emplace_back(key.of(place)); }).ok());
  return keys;
}

// "ab" of spans says: the first and the second have different keys, "aba" that the third has the first's.
std::string pattern(const std::vector<std::string>& keys) {
  std::string letters;
  for (const std::string& key : keys) {
    const auto first = std::find(keys.begin(), keys.end(), key);
    letters += static_cast<char>('a' + (first - keys.begin()));
  }
  return letters;
}

constexpr const char* kSpans = R"({"resourceSpans":[
  {"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}},{"key":"host","value":{"stringValue":"1"}}]},
   "scopeSpans":[{"scope":{"attributes":[{"key":"team","value":{"stringValue":"blue"}}]},"spans":[
    {"traceId":"000102030405060708090a0b0c0d0e0f","spanId":"0102030405060708","name":"x","kind":2,
     "attributes":[{"key":"tenant","value":{"intValue":"7"}}]},
    {"traceId":"100102030405060708090a0b0c0d0e0f","spanId":"0102030405060709","name":"y","kind":2}]}]},
  {"resource":{"attributes":[{"key":"host","value":{"stringValue":"1"}},{"key":"service.name","value":{"stringValue":"shop"}}]},
   "scopeSpans":[{"spans":[{"traceId":"000102030405060708090a0b0c0d0e0f","spanId":"010203040506070a","name":"x","kind":3,
     "attributes":[{"key":"tenant","value":{"intValue":"7"}}]}]}]},
  {"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}},{"key":"host","value":{"stringValue":"2"}}]},
   "scopeSpans":[{"spans":[{"traceId":"100102030405060708090a0b0c0d0e0f","spanId":"010203040506070b","name":"z"}]}]}]})";

TEST(RoutingKey, OfSpans) {
  struct Case {
    const char* about;
    RoutingKeySettings settings;
    const char* expected;
  };
  for (const Case& one : {
           Case{"trace id", {By::trace_id, {}}, "abab"},
           Case{"service", {By::service, {}}, "aaaa"},
           Case{"resource, whatever the order of its attributes", {By::resource, {}}, "aaad"},
           Case{"metric, which spans have not: trace id", {By::metric, {}}, "abab"},
           Case{"an attribute of the span", {By::attributes, {"tenant"}}, "abab"},
           Case{"an attribute of the resource", {By::attributes, {"host"}}, "aaad"},
           Case{"an attribute of the scope", {By::attributes, {"team"}}, "aacc"},
           Case{"name", {By::attributes, {"span.name"}}, "abad"},
           Case{"kind", {By::attributes, {"span.kind"}}, "aacd"},
           Case{"several", {By::attributes, {"host", "span.name"}}, "abad"},
       })
    EXPECT_EQ(pattern(keys_of(one.settings, Signal::traces, kSpans)), one.expected) << one.about;
}

TEST(RoutingKey, ThatTheCollectorHasIsTheSame) {
  EXPECT_EQ(keys_of({By::service, {}}, Signal::traces, kSpans)[0], "shop");
  EXPECT_EQ(keys_of({By::trace_id, {}}, Signal::traces, kSpans)[0].size(), 16u);
}

TEST(RoutingKey, OfMetrics) {
  constexpr const char* kMetrics = R"({"resourceMetrics":[
    {"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}}]},"scopeMetrics":[{"metrics":[
      {"name":"a","gauge":{"dataPoints":[{"asInt":"1"}]}},{"name":"b","gauge":{"dataPoints":[{"asInt":"1"}]}}]}]},
    {"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"bank"}}]},"scopeMetrics":[{"metrics":[
      {"name":"a","gauge":{"dataPoints":[{"asInt":"1"}]}}]}]}]})";
  EXPECT_EQ(pattern(keys_of({By::trace_id, {}}, Signal::metrics, kMetrics)), "aac") << "by service";
  EXPECT_EQ(pattern(keys_of({By::metric, {}}, Signal::metrics, kMetrics)), "aba");
  EXPECT_EQ(pattern(keys_of({By::resource, {}}, Signal::metrics, kMetrics)), "aac");
  EXPECT_EQ(pattern(keys_of({By::attributes, {"service.name"}}, Signal::metrics, kMetrics)), "aac");
}

TEST(RoutingKey, OfLogRecordsWithoutATraceIsTheService) {
  constexpr const char* kLogs = R"({"resourceLogs":[
    {"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}}]},"scopeLogs":[{"logRecords":[
      {"body":{"stringValue":"a"}},{"traceId":"000102030405060708090a0b0c0d0e0f","body":{"stringValue":"b"}}]}]}]})";
  EXPECT_EQ(keys_of({By::trace_id, {}}, Signal::logs, kLogs)[0], "shop");
  EXPECT_EQ(keys_of({By::trace_id, {}}, Signal::logs, kLogs)[1].size(), 16u);
}

}  // namespace
}  // namespace clew::pipeline
