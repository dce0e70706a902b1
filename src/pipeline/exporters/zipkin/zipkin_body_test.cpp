#include "pipeline/exporters/zipkin/zipkin_body.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json_value.h"
#include "pipeline/testing/requests.h"
#include "telemetry/otlp_json.h"

namespace clew::pipeline {
namespace {

using ::testing::HasSubstr;

constexpr const char* kIds = R"("traceId":"5759e988bd862e3fe1be46a994272793","spanId":"53995c3f42cd8ad8")";

std::string request_of(const std::string& span, const std::string& resource = "") {
  const std::string json = R"({"resourceSpans":[{"resource":{"attributes":[)" + resource +
                           R"(]},"scopeSpans":[{"scope":{"name":"lib","version":"2"},"spans":[{)" + span +
                           "}]}]}]}";
  return json_to_protobuf(Signal::traces, json).value();
}

std::string attribute(const std::string& key, const std::string& value) {
  return R"({"key":")" + key + R"(","value":{)" + value + "}}";
}
std::string text(const std::string& key, const std::string& value) {
  return attribute(key, R"("stringValue":")" + value + '"');
}

JsonValue span_of(const std::string& request) {
  const auto body = zipkin_body(request, "nobody", ZipkinFormat::json).value();
  const JsonValue list = parse_json(body.bytes).value();
  EXPECT_EQ(list.array()->size(), 1U);
  return list.array()->front();
}

TEST(ZipkinBody, WholeSpan) {
  const JsonValue span = span_of(request_of(
      std::string(kIds) + R"(,"parentSpanId":"0102030405060708","name":"GET /","kind":3,"traceState":"a=b",
      "startTimeUnixNano":"1700000000123456789","endTimeUnixNano":"1700000000125456789",
      "status":{"code":2,"message":"no"},"attributes":[)" +
          text("peer.service", "Stock") + "," + text("network.peer.address", "10.0.0.7") + "," +
          attribute("network.peer.port", R"("intValue":"8080")") + "," +
          attribute("list", R"("arrayValue":{"values":[{"intValue":"1"},{"boolValue":true}]})") +
          R"(],"events":[{"timeUnixNano":"1700000000124000000","name":"plain"},
          {"timeUnixNano":"1700000000124000400","name":"told","droppedAttributesCount":2,"attributes":[)" +
          text("k", "v") + R"(]}],"links":[{"traceId":"000000000000000000000000000000aa",
          "spanId":"00000000000000bb","traceState":"x=y"}])",
      text("service.name", "shop") + "," + text("host.name", "h1")));
  EXPECT_EQ(span, parse_json(R"({"traceId":"5759e988bd862e3fe1be46a994272793","id":"53995c3f42cd8ad8",
    "parentId":"0102030405060708","name":"GET /","kind":"CLIENT",
    "timestamp":1700000000123457,"duration":2000,
    "localEndpoint":{"serviceName":"shop"},
    "remoteEndpoint":{"serviceName":"Stock","ipv4":"10.0.0.7","port":8080},
    "annotations":[{"timestamp":1700000000124000,"value":"plain"},
      {"timestamp":1700000000124000,"value":"told|{\"k\":\"v\"}|2"}],
    "tags":{"peer.service":"Stock","network.peer.address":"10.0.0.7","network.peer.port":"8080",
      "list":"[1,true]","error":"no","otel.status_code":"ERROR","w3c.tracestate":"a=b",
      "otlp.link.0":"000000000000000000000000000000aa|00000000000000bb|x=y|{}|0",
      "otel.scope.name":"lib","otel.scope.version":"2","host.name":"h1"}})")
                      .value())
      << span.text();
}

struct Case {
  const char* name;
  std::string span;  // members beside the ids
  std::string resource;
  const char* member;
  const char* expected;  // JSON; "null": not there
};

class ZipkinMember : public ::testing::TestWithParam<Case> {};

TEST_P(ZipkinMember, Is) {
  const JsonValue span = span_of(request_of(kIds + GetParam().span, GetParam().resource));
  const JsonValue* member = span.find(GetParam().member);
  EXPECT_EQ(member == nullptr ? "null" : member->text(), GetParam().expected);
}

std::string with(const std::string& attributes, int kind) {
  return R"(,"kind":)" + std::to_string(kind) + R"(,"attributes":[)" + attributes + "]";
}

INSTANTIATE_TEST_SUITE_P(
    All, ZipkinMember,
    ::testing::Values(
        Case{"internal", R"(,"kind":1)", "", "kind", "null"},
        Case{"server", R"(,"kind":2)", "", "kind", R"("SERVER")"},
        Case{"producer", R"(,"kind":4)", "", "kind", R"("PRODUCER")"},
        Case{"consumer", R"(,"kind":5)", "", "kind", R"("CONSUMER")"},
        Case{"kind_of_the_future", R"(,"kind":9)", "", "kind", "null"},
        Case{"without_parent", "", "", "parentId", "null"},
        Case{"without_service", "", "", "localEndpoint", R"({"serviceName":"nobody"})"},
        Case{"own_address", with(text("net.host.ip", "::1"), 2), text("service.name", "s"), "localEndpoint",
             R"({"serviceName":"s","ipv6":"::1"})"},
        Case{"no_times", "", "", "timestamp", "null"},
        Case{"not_ended", R"(,"startTimeUnixNano":"1700000000000000000")", "", "duration", "null"},
        Case{"short", R"(,"startTimeUnixNano":"1000","endTimeUnixNano":"1001")", "", "duration", "1"},
        Case{"ended_before_it_began", R"(,"startTimeUnixNano":"2000","endTimeUnixNano":"1000")", "",
             "duration", "null"},
        Case{"clock_at_its_end", R"(,"startTimeUnixNano":"0","endTimeUnixNano":"18446744073709551615")", "",
             "duration", "18446744073709552"},
        Case{"own_address_is_not_the_other_side", with(text("server.address", "me"), 2), "", "remoteEndpoint",
             "null"},
        Case{"address_called", with(text("server.address", "you"), 3), "", "remoteEndpoint",
             R"({"serviceName":"you"})"},
        Case{"database_called", with(text("db.namespace", "orders"), 3), "", "remoteEndpoint",
             R"({"serviceName":"orders"})"},
        Case{"no_address", with(text("net.peer.ip", "not an address"), 3), "", "remoteEndpoint", "null"},
        Case{"port_too_large", with(text("peer.service", "p") + "," + text("net.peer.port", "70000"), 3), "",
             "remoteEndpoint", R"({"serviceName":"p"})"},
        Case{"span_before_resource", with(text("k", "span"), 1), text("k", "resource"), "tags",
             R"({"k":"span","otel.scope.name":"lib","otel.scope.version":"2"})"},
        Case{
            "error_without_words", R"(,"status":{"code":2})", "", "tags",
            R"({"error":"true","otel.scope.name":"lib","otel.scope.version":"2","otel.status_code":"ERROR"})"},
        Case{"ok", R"(,"status":{"code":1})", "", "tags",
             R"({"otel.scope.name":"lib","otel.scope.version":"2","otel.status_code":"OK"})"}),
    [](const auto& one) { return std::string(one.param.name); });

TEST(ZipkinBody, SpansWithoutIdsAreLeftOut) {
  for (const char* ids : {R"("spanId":"53995c3f42cd8ad8")", R"("traceId":"5759e988bd862e3fe1be46a994272793")",
                          R"("traceId":"00000000000000000000000000000000","spanId":"53995c3f42cd8ad8")"}) {
    const auto body = zipkin_body(request_of(ids), "nobody", ZipkinFormat::json).value();
    EXPECT_EQ(body.bytes, "[]") << ids;
    EXPECT_EQ(body.spans, 0U);
    EXPECT_EQ(body.refused, 1U);
  }
}

TEST(ZipkinBody, Protobuf) {
  const auto body = zipkin_body(request_of(std::string(kIds) + R"(,"name":"n","kind":2,
      "startTimeUnixNano":"1000000","endTimeUnixNano":"3000000")",
                                           text("service.name", "s")),
                                "nobody", ZipkinFormat::proto)
                        .value();
  const std::string expected =
      std::string("\x0a\x10\x57\x59\xe9\x88\xbd\x86\x2e\x3f\xe1\xbe\x46\xa9\x94\x27\x27\x93", 18) +
      std::string("\x1a\x08\x53\x99\x5c\x3f\x42\xcd\x8a\xd8", 10) +  // id
      std::string("\x20\x02", 2) +                                   // kind: server
      std::string("\x2a\x01n", 3) +                                  //
      std::string("\x31\xe8\x03\0\0\0\0\0\0", 9) +                   // 1000 µs
      std::string("\x38\xd0\x0f", 3) +                               // 2000 µs
      std::string("\x42\x03\x0a\x01s", 5) +                          // local endpoint
      std::string("\x5a\x16\x0a\x0fotel.scope.name\x12\x03lib", 24) +
      std::string("\x5a\x17\x0a\x12otel.scope.version\x12\x01", 24) + "2";
  EXPECT_EQ(body.bytes, std::string("\x0a", 1) + static_cast<char>(expected.size()) + expected);
}

TEST(ZipkinBody, ResourcesRepeatedTooOften) {
  std::vector<testing::SpanText> spans(50);
  const std::string request = testing::span_request({{"big", std::string(10'000, 'x')}}, spans);
  const auto body = zipkin_body(request, "nobody", ZipkinFormat::json, 100'000);
  ASSERT_FALSE(body.ok());
  EXPECT_EQ(body.status().kind(), ErrorKind::too_large);
  EXPECT_TRUE(zipkin_body(request, "nobody", ZipkinFormat::json, 1'000'000).ok());
}

TEST(ZipkinBody, Malformed) {
  const auto body = zipkin_body("\x0a\x05zz", "nobody", ZipkinFormat::json);
  ASSERT_FALSE(body.ok());
  EXPECT_EQ(body.status().kind(), ErrorKind::bad_input);
}

}  // namespace
}  // namespace clew::pipeline
