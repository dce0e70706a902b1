#include "protocols/zipkin/span_list.h"

#include <gtest/gtest.h>

#include "base/hex.h"
#include "base/json_value.h"
#include "telemetry/otlp_json.h"

namespace clew::zipkin {
namespace {

// The request of OTLP in JSON.
JsonValue translated(std::string_view list, Format format = Format::json_v2, bool parse_tags = false) {
  const Result<std::string> otlp =
      spans_to_otlp(list, format, {.arrived = {1'700'000'000'000'000'000}, .parse_tags = parse_tags});
  if (!otlp.ok()) return JsonValue(std::string(otlp.status().message()));
  const Result<std::string> json = protobuf_to_json(Signal::traces, *otlp);
  if (!json.ok()) return JsonValue("no OTLP: " + std::string(json.status().message()));
  return *parse_json(*json);
}

const JsonValue& at(const JsonValue& value, std::string_view path) {
  static const JsonValue none;
  const JsonValue* here = &value;
  while (!path.empty() && here != nullptr) {
    const std::string_view step = path.substr(0, path.find('.'));
    path.remove_prefix(std::min(path.size(), step.size() + 1));
    if (here->array() != nullptr) {
      const size_t index = std::stoul(std::string(step));
      here = index < here->array()->size() ? &(*here->array())[index] : nullptr;
    } else {
      here = here->find(step);
    }
  }
  return here == nullptr ? none : *here;
}

// All spans of all resources, each with the name of its service.
std::vector<std::pair<std::string, JsonValue>> spans_of(const JsonValue& request) {
  std::vector<std::pair<std::string, JsonValue>> spans;
  for (const JsonValue& resource : *at(request, "resourceSpans").array()) {
    const JsonValue& service = at(resource, "resource.attributes.0.value.stringValue");
    for (const JsonValue& span : *at(resource, "scopeSpans.0.spans").array())
      spans.emplace_back(service.string() != nullptr ? *service.string() : "", span);
  }
  return spans;
}

std::string attribute(const JsonValue& span, std::string_view name) {
  const JsonValue& list = at(span, "attributes");
  if (list.array() == nullptr) return "";
  for (const JsonValue& one : *list.array())
    if (at(one, "key") == JsonValue(name)) return at(one, "value").text();
  return "";
}

constexpr std::string_view kIds = R"("traceId":"5af7183fb1d4cf5f","id":"352bff9a74ca9ad2")";

std::string span_with(std::string_view more) {
  return "[{" + std::string(kIds) + (more.empty() ? "" : ",") + std::string(more) + "}]";
}

TEST(ZipkinSpans, ASpanOfVersion2) {
  const JsonValue request = translated(R"([{
    "traceId":"5af7183fb1d4cf5f","parentId":"6b221d5bc9e6496c","id":"352bff9a74ca9ad2","kind":"CLIENT","name":"get /api",
    "timestamp":1556604172355737,"duration":1431,
    "localEndpoint":{"serviceName":"backend","ipv4":"192.168.99.1","port":3306},
    "remoteEndpoint":{"serviceName":"db","ipv6":"2001:db8::c001","port":58648},
    "annotations":[{"timestamp":1556604172356000,"value":"retry"},
                   {"timestamp":1556604172356001,"value":"cache|{\"hit\":true,\"n\":3}|2"},
                   {"timestamp":1556604172356002,"value":"\"log\": {\"level\":\"info\"}"}],
    "tags":{"http.method":"GET","http.status_code":200,"error":"no route","host.name":"h1","otel.scope.name":"brave",
            "otel.scope.version":"6","w3c.tracestate":"a=b",
            "otlp.link.0":"00000000000000015af7183fb1d4cf5f|352bff9a74ca9ad2|s=t|{\"why\":\"x\"}|0"},
    "debug":true,"shared":true,"unknown":{"a":[1]}}])");
  EXPECT_EQ(
      at(request, "resourceSpans.0.resource.attributes").text(),
      R"([{"key":"service.name","value":{"stringValue":"backend"}},{"key":"host.name","value":{"stringValue":"h1"}}])");
  EXPECT_EQ(at(request, "resourceSpans.0.scopeSpans.0.scope").text(), R"({"name":"brave","version":"6"})");
  const JsonValue& span = at(request, "resourceSpans.0.scopeSpans.0.spans.0");
  EXPECT_EQ(at(span, "traceId"), "00000000000000005af7183fb1d4cf5f");
  EXPECT_EQ(at(span, "spanId"), "352bff9a74ca9ad2");
  EXPECT_EQ(at(span, "parentSpanId"), "6b221d5bc9e6496c");
  EXPECT_EQ(at(span, "traceState"), "a=b");
  EXPECT_EQ(at(span, "name"), "get /api");
  EXPECT_EQ(at(span, "kind"), 3);
  EXPECT_EQ(at(span, "startTimeUnixNano"), "1556604172355737000");
  EXPECT_EQ(at(span, "endTimeUnixNano"), "1556604172357168000");
  EXPECT_EQ(at(span, "status").text(), R"({"message":"no route","code":2})");
  EXPECT_EQ(at(span, "attributes").text(),
            R"([{"key":"http.method","value":{"stringValue":"GET"}},)"
            R"({"key":"http.status_code","value":{"stringValue":"200"}},)"
            R"({"key":"net.host.ip","value":{"stringValue":"192.168.99.1"}},)"
            R"({"key":"net.host.port","value":{"intValue":"3306"}},)"
            R"({"key":"peer.service","value":{"stringValue":"db"}},)"
            R"({"key":"net.peer.ip","value":{"stringValue":"2001:db8::c001"}},)"
            R"({"key":"net.peer.port","value":{"intValue":"58648"}},)"
            R"({"key":"zipkin.shared","value":{"boolValue":true}},)"
            R"({"key":"zipkin.debug","value":{"boolValue":true}}])");
  EXPECT_EQ(at(span, "events.0").text(), R"({"timeUnixNano":"1556604172356000000","name":"retry"})");
  EXPECT_EQ(
      at(span, "events.1").text(),
      R"({"timeUnixNano":"1556604172356001000","name":"cache","attributes":[{"key":"hit","value":{"boolValue":true}},)"
      R"({"key":"n","value":{"intValue":"3"}}],"droppedAttributesCount":2})");
  EXPECT_EQ(
      at(span, "events.2").text(),
      R"({"timeUnixNano":"1556604172356002000","name":"log","attributes":[{"key":"level","value":{"stringValue":"info"}}]})");
  EXPECT_EQ(
      at(span, "links").text(),
      R"([{"traceId":"00000000000000015af7183fb1d4cf5f","spanId":"352bff9a74ca9ad2","traceState":"s=t",)"
      R"("attributes":[{"key":"why","value":{"stringValue":"x"}}]}])");
}

TEST(ZipkinSpans, ASpanWithNothingButIds) {
  const auto spans = spans_of(translated(span_with("")));
  ASSERT_EQ(spans.size(), 1U);
  const auto& [service, span] = spans[0];
  EXPECT_EQ(service, "");
  EXPECT_EQ(at(span, "kind"), 1);
  EXPECT_EQ(at(span, "startTimeUnixNano"), "1700000000000000000");
  EXPECT_EQ(attribute(span, "otel.zipkin.absentField.startTime"), R"({"boolValue":true})");
  EXPECT_TRUE(at(span, "status").is_null() || at(span, "status").object()->empty());
}

TEST(ZipkinSpans, TheStatus) {
  const auto status = [](std::string_view tags) {
    const auto spans = spans_of(translated(span_with("\"tags\":{" + std::string(tags) + "}")));
    return at(spans[0].second, "status").text() + attribute(spans[0].second, "error");
  };
  EXPECT_EQ(status(R"("error":"true")"), R"({"code":2})");
  EXPECT_EQ(status(R"("error":"")"), R"({"code":2})");
  EXPECT_EQ(status(R"("error":true)"), R"({"code":2})");
  EXPECT_EQ(status(R"("error":"boom")"), R"({"message":"boom","code":2})");
  EXPECT_EQ(status(R"("otel.status_code":"ERROR","error":"boom")"), R"({"message":"boom","code":2})");
  EXPECT_EQ(status(R"("otel.status_code":"Error","otel.status_description":"why")"),
            R"({"message":"why","code":2})");
  EXPECT_EQ(status(R"("otel.status_code":"OK")"), R"({"code":1})");
  EXPECT_EQ(status(R"("error":"false")"), R"(null{"stringValue":"false"})");
}

TEST(ZipkinSpans, TagsCanBecomeWhatTheyReadLike) {
  const auto spans =
      spans_of(translated(span_with(R"("tags":{"a":"7","b":"1.5","c":"true","d":"7 apples","e":"007x"})"),
                          Format::json_v2, true));
  const JsonValue& span = spans[0].second;
  EXPECT_EQ(attribute(span, "a"), R"({"intValue":"7"})");
  EXPECT_EQ(attribute(span, "b"), R"({"doubleValue":1.5})");
  EXPECT_EQ(attribute(span, "c"), R"({"boolValue":true})");
  EXPECT_EQ(attribute(span, "d"), R"({"stringValue":"7 apples"})");
  EXPECT_EQ(attribute(span, "e"), R"({"stringValue":"007x"})");
}

TEST(ZipkinSpans, IdsOfAnyLength) {
  const auto ids = [](std::string_view trace, std::string_view parent) {
    const auto spans = spans_of(translated("[{\"traceId\":\"" + std::string(trace) +
                                           "\",\"id\":\"2\",\"parentId\":\"" + std::string(parent) + "\"}]"));
    const JsonValue& parent_id = at(spans[0].second, "parentSpanId");
    return *at(spans[0].second, "traceId").string() + " " + (parent_id.string() ? *parent_id.string() : "");
  };
  EXPECT_EQ(ids("1", "3"), "00000000000000000000000000000001 0000000000000003");
  EXPECT_EQ(ids("1234567890abcdef1", "0000000000000000"), "0000000000000001234567890abcdef1 ");
  EXPECT_EQ(ids("AAAAAAAAAAAAAAAABBBBBBBBBBBBBBBB", "2"), "aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbb ");
}

TEST(ZipkinSpans, WhatIsWrongIsSaidAsZipkinSaysIt) {
  const auto problem = [](std::string_view list, Format format = Format::json_v2) {
    const JsonValue result = translated(list, format);
    return result.string() != nullptr ? *result.string() : "taken";
  };
  EXPECT_EQ(problem(R"([{"id":"1"}])"), "traceId is missing at path $[0] reading List<Span> from json");
  EXPECT_EQ(problem(R"([{"traceId":"1"}])"), "id is missing at path $[0] reading List<Span> from json");
  EXPECT_EQ(
      problem(R"([{"traceId":"1","id":"1"},{"traceId":"xyz","id":"1"}])"),
      "expected 1 to 32 hex digits that are not all zero at path $[1].traceId reading List<Span> from json");
  EXPECT_EQ(problem(span_with(R"("annotations":[{"value":"x"}])")),
            "Incomplete annotation at path $[0].annotations reading List<Span> from json");
  EXPECT_EQ(problem(span_with(R"("tags":{"a":null})")),
            "No value at path $[0].tags reading List<Span> from json");
  EXPECT_EQ(problem(span_with(R"("kind":"client")")),
            "Expected CLIENT, SERVER, PRODUCER or CONSUMER at path $[0].kind reading List<Span> from json");
  for (const char* list : {"[", "[{]", "[{}", "[1]", "[{\"traceId\":\"1\",\"id\":\"1\"}]x", "7", "[null]"})
    EXPECT_NE(problem(list).find("reading List<Span> from json"), std::string::npos) << list << problem(list);
  EXPECT_EQ(problem("{" + std::string(kIds) + "}"), "taken");
  EXPECT_EQ(problem(*bytes_of_hex("0a0108"), Format::proto).substr(0, 16), "invalid protobuf");
  EXPECT_EQ(problem(*bytes_of_hex("0a00"), Format::proto),
            "the traceId is missing of span 0 reading List<Span> from proto3");
  EXPECT_NE(problem(*bytes_of_hex("0c0000000100"), Format::thrift).find("span 0 has no id"),
            std::string::npos);
}

TEST(ZipkinSpans, OfVersion1BothHalvesOfACallBecomeSpans) {
  const auto spans = spans_of(translated(R"([{"traceId":"1","id":"2","parentId":"1","name":"get",
    "timestamp":1000000,"duration":500,
    "annotations":[
      {"timestamp":1000000,"value":"cs","endpoint":{"serviceName":"web","ipv4":"1.2.3.4"}},
      {"timestamp":1000100,"value":"sr","endpoint":{"serviceName":"shop"}},
      {"timestamp":1000200,"value":"cache miss","endpoint":{"serviceName":"shop"}},
      {"timestamp":1000300,"value":"ss","endpoint":{"serviceName":"shop"}},
      {"timestamp":1000500,"value":"cr","endpoint":{"serviceName":"web"}}],
    "binaryAnnotations":[
      {"key":"http.path","value":"/cart","endpoint":{"serviceName":"web"}},
      {"key":"http.status","value":200,"endpoint":{"serviceName":"shop"}},
      {"key":"sa","value":true,"endpoint":{"serviceName":"shop","port":80}},
      {"key":"ca","value":true,"endpoint":{"serviceName":"web","port":1234}}]}])",
                                         Format::json_v1));
  ASSERT_EQ(spans.size(), 2U);
  const auto& [web, client] = spans[0];
  const auto& [shop, server] = spans[1];
  EXPECT_EQ(web, "web");
  EXPECT_EQ(at(client, "kind"), 3);
  EXPECT_EQ(at(client, "startTimeUnixNano"), "1000000000");
  EXPECT_EQ(at(client, "endTimeUnixNano"), "1000500000");
  EXPECT_EQ(attribute(client, "http.path"), R"({"stringValue":"/cart"})");
  EXPECT_EQ(attribute(client, "peer.service"), R"({"stringValue":"shop"})");
  EXPECT_EQ(shop, "shop");
  EXPECT_EQ(at(server, "kind"), 2);
  EXPECT_EQ(at(server, "spanId"), at(client, "spanId"));
  EXPECT_EQ(at(server, "startTimeUnixNano"), "1000100000");
  EXPECT_EQ(at(server, "endTimeUnixNano"), "1000300000");
  EXPECT_EQ(attribute(server, "zipkin.shared"), R"({"boolValue":true})");
  EXPECT_EQ(attribute(server, "peer.service"), R"({"stringValue":"web"})");
  EXPECT_EQ(attribute(server, "http.status"), R"({"stringValue":"200"})");
  EXPECT_EQ(at(server, "events").text(), R"([{"timeUnixNano":"1000200000","name":"cache miss"}])");
}

TEST(ZipkinSpans, OtherSpansOfVersion1) {
  const auto of = [](std::string_view annotations, std::string_view more) {
    return spans_of(translated(R"([{"traceId":"1","id":"2","annotations":[)" + std::string(annotations) +
                                   "]" + std::string(more) + "}]",
                               Format::json_v1));
  };
  // A server whose client reports under the same id: it left out the time.
  auto spans = of(
      R"({"timestamp":5,"value":"sr","endpoint":{"serviceName":"a"}},{"timestamp":9,"value":"ss","endpoint":{"serviceName":"a"}})",
      "");
  ASSERT_EQ(spans.size(), 1U);
  EXPECT_EQ(at(spans[0].second, "endTimeUnixNano"), "9000");
  EXPECT_EQ(attribute(spans[0].second, "zipkin.shared"), R"({"boolValue":true})");
  // A service that calls itself.
  spans = of(
      R"({"timestamp":1,"value":"cs","endpoint":{"serviceName":"a"}},{"timestamp":2,"value":"sr","endpoint":{"serviceName":"a"}},)"
      R"({"timestamp":3,"value":"ss","endpoint":{"serviceName":"a"}},{"timestamp":4,"value":"cr","endpoint":{"serviceName":"a"}})",
      "");
  ASSERT_EQ(spans.size(), 2U);
  EXPECT_EQ(at(spans[0].second, "kind"), 3);
  EXPECT_EQ(at(spans[1].second, "kind"), 2);
  EXPECT_EQ(at(spans[1].second, "endTimeUnixNano"), "3000");
  // A message, and its broker.
  spans = of(
      R"({"timestamp":1,"value":"ms","endpoint":{"serviceName":"a"}},{"timestamp":4,"value":"ws","endpoint":{"serviceName":"a"}})",
      R"(,"binaryAnnotations":[{"key":"ma","value":true,"endpoint":{"serviceName":"kafka"}}])");
  EXPECT_EQ(at(spans[0].second, "kind"), 4);
  EXPECT_EQ(at(spans[0].second, "endTimeUnixNano"), "4000");
  EXPECT_EQ(attribute(spans[0].second, "peer.service"), R"({"stringValue":"kafka"})");
  // A local one.
  spans = of(
      "",
      R"(,"timestamp":7,"duration":2,"binaryAnnotations":[{"key":"lc","value":"","endpoint":{"serviceName":"a"}}])");
  EXPECT_EQ(spans[0].first, "a");
  EXPECT_EQ(at(spans[0].second, "kind"), 1);
  EXPECT_EQ(at(spans[0].second, "endTimeUnixNano"), "9000");
}

TEST(ZipkinSpans, FormatsAreToldApart) {
  const auto detected = [](std::string_view body, Format promised) {
    const auto format = detect_format(body, promised);
    return format ? std::string(name_of(*format)) : "none";
  };
  EXPECT_EQ(detected(R"([{"tags":{}}])", Format::json_v1), "JSON_V2");
  EXPECT_EQ(detected(R"([{"binaryAnnotations":[]}])", Format::json_v2), "JSON_V1");
  EXPECT_EQ(detected(R"([{"name":"x"}])", Format::json_v1), "JSON_V1");
  EXPECT_EQ(detected(R"([{"name":"x"}])", Format::json_v2), "JSON_V2");
  EXPECT_EQ(detected("\n[{}]", Format::json_v2), "JSON_V2");
  EXPECT_EQ(detected("\n[{}]", Format::proto), "PROTO3");
  EXPECT_EQ(detected("\n\x05"
                     "abcde",
                     Format::json_v2),
            "PROTO3");
  EXPECT_EQ(detected(std::string("\x0c\0\0\0\1", 5), Format::json_v1), "THRIFT");
  EXPECT_EQ(detected("hello", Format::json_v2), "none");
  EXPECT_EQ(detected("  ", Format::json_v2), "none");
}

TEST(ZipkinSpans, ManySourcesInOneList) {
  std::string list = "[";
  for (int i = 0; i < 3000; ++i)
    list += (i > 0 ? "," : "") + ("{" + std::string(kIds) + ",\"localEndpoint\":{\"serviceName\":\"s" +
                                  std::to_string(i % 1500) + "\"}}");
  const JsonValue request = translated(list + "]");
  EXPECT_EQ(spans_of(request).size(), 3000U);
}

}  // namespace
}  // namespace clew::zipkin
