// What becomes of batches. The recorded ones were made by jaeger-client for Ruby.
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

#include "base/hex.h"
#include "base/json_value.h"
#include "protocols/jaeger/proto_batch.h"
#include "protocols/jaeger/thrift_batch.h"
#include "telemetry/otlp_json.h"
#include "telemetry/protobuf_writer.h"

namespace clew::jaeger {
namespace {

// Without the first byte, which is the fuzzer's.
std::string recorded(const std::string& name) {
  std::ifstream file("tests/fuzz/corpus/jaeger_batch/" + name, std::ios::binary);
  const std::string bytes(std::istreambuf_iterator<char>(file), {});
  return bytes.substr(std::min<size_t>(bytes.size(), 1));
}

std::string as_json(const Result<std::string>& otlp) {
  if (!otlp.ok()) return std::string(otlp.status().message());
  const Result<std::string> json = protobuf_to_json(Signal::traces, *otlp);
  return json.ok() ? *json : std::string(json.status().message());
}

constexpr std::string_view kResource =
    R"({"attributes":[{"key":"service.name","value":{"stringValue":"shop"}},{"key":"region","value":{"stringValue":"eu"}},)"
    R"({"key":"opencensus.exporterversion","value":{"stringValue":"Jaeger-Ruby-1.3.0"}},)"
    R"({"key":"host.name","value":{"stringValue":"h1"}},{"key":"ip","value":{"stringValue":"10.0.0.1"}}]})";
constexpr std::string_view kCharge =
    R"({"traceId":"000000000000001f1122334455667788","spanId":"0102030405060708","parentSpanId":"1122334455667788",)"
    R"("name":"charge","kind":3,"startTimeUnixNano":"1700000000001000000","endTimeUnixNano":"1700000000003000000",)"
    R"("attributes":[{"key":"http.status_code","value":{"intValue":"503"}}],)"
    R"("events":[{"timeUnixNano":"1700000000002000000","name":"declined","attributes":[{"key":"code","value":{"intValue":"51"}}]}],)"
    R"("status":{"code":2}})";
constexpr std::string_view kCheckout =
    R"({"traceId":"000000000000001f1122334455667788","spanId":"1122334455667788","name":"checkout","kind":2,)"
    R"("startTimeUnixNano":"1700000000000000000","endTimeUnixNano":"1700000000004000000",)"
    R"("attributes":[{"key":"items","value":{"intValue":"3"}},{"key":"ratio","value":{"doubleValue":0.5}},)"
    R"({"key":"cached","value":{"boolValue":true}},{"key":"tenant","value":{"stringValue":"acme"}},)"
    R"({"key":"http.status_message","value":{"stringValue":"no stock"}},)"
    R"({"key":"sampler.type","value":{"stringValue":"const"}},{"key":"sampler.param","value":{"intValue":"1"}}],)"
    R"("status":{"message":"no stock","code":2}})";

TEST(JaegerBatch, TheSameInEveryProtocolOfThrift) {
  for (const char* name : {"http_batch", "compact_datagram", "binary_datagram"}) {
    const std::string bytes = recorded(name);
    ASSERT_FALSE(bytes.empty());
    const JsonValue request =
        *parse_json(as_json(std::string(name) == "http_batch" ? read_batch(bytes) : read_emit_batch(bytes)));
    const JsonValue& resource_spans = (*request.find("resourceSpans")->array())[0];
    EXPECT_EQ(*resource_spans.find("resource"), *parse_json(kResource)) << name << request.text();
    const JsonValue& spans = *(*resource_spans.find("scopeSpans")->array())[0].find("spans");
    ASSERT_EQ(spans.array()->size(), 2U);
    EXPECT_EQ((*spans.array())[0], *parse_json(kCharge)) << name << (*spans.array())[0].text();
    EXPECT_EQ((*spans.array())[1], *parse_json(kCheckout)) << name << (*spans.array())[1].text();
  }
}

TEST(JaegerBatch, CutOffAnywhereItIsRefused) {
  for (const char* name : {"compact_datagram", "binary_datagram"}) {
    const std::string bytes = recorded(name);
    for (size_t size = 0; size < bytes.size(); ++size)
      EXPECT_FALSE(read_emit_batch(std::string_view(bytes).substr(0, size)).ok()) << name << size;
  }
  EXPECT_EQ(read_emit_batch(*bytes_of_hex("82810007676574526f6c6500")).status().message(),
            "the call 'getRole', where emitBatch is taken");
}

TEST(JaegerBatch, AProcessBehindTheSpansCountsToo) {
  // Fields: 2: [{3: 7}], 1: {1: "shop"}.
  const std::string bytes = *bytes_of_hex(
      "0f00020c000000010a0003000000000000000700"
      "0c00010b00010000000473686f7000"
      "00");
  EXPECT_NE(as_json(read_batch(bytes)).find(R"("stringValue":"shop")"), std::string::npos);
}

// A PostSpansRequest of one span with these references and tags.
struct Made {
  std::string references;  // "C:TRACE:SPAN" or "F:…", apart by spaces, ids of two hex digits
  std::vector<std::pair<std::string, std::string>> tags;
};
std::string status_and_links(const Made& made) {
  std::string request;
  ProtobufWriter to(request);
  const auto batch = to.begin_message(1);
  const auto span = to.begin_message(1);
  const auto id = [](std::string_view digits, size_t size) {
    return std::string(size - 1, '\0') + *bytes_of_hex(digits);
  };
  to.bytes(1, id("01", 16));
  to.bytes(2, id("02", 8));
  for (size_t at = 0; at + 7 <= made.references.size(); at += 8) {
    const std::string_view one = std::string_view(made.references).substr(at, 7);
    const auto reference = to.begin_message(4);
    to.bytes(1, id(one.substr(2, 2), 16));
    to.bytes(2, id(one.substr(5, 2), 8));
    to.varint(3, one[0] == 'F' ? 1 : 0);
    to.end_message(reference);
  }
  for (const auto& [key, value] : made.tags) {
    const auto tag = to.begin_message(8);
    to.bytes(1, key);
    if (value == "true" && key == "error") {
      to.varint(2, 1);
      to.boolean(4, true);
    } else {
      to.bytes(3, value);
    }
    to.end_message(tag);
  }
  to.end_message(span);
  to.end_message(batch);
  const JsonValue json = *parse_json(as_json(read_post_spans(request)));
  const JsonValue& resource_spans = (*json.find("resourceSpans")->array())[0];
  const JsonValue& out = (*(*resource_spans.find("scopeSpans")->array())[0].find("spans")->array())[0];
  std::string text;
  if (const JsonValue* parent = out.find("parentSpanId"))
    text += "parent " + parent->string()->substr(14) + " ";
  if (const JsonValue* links = out.find("links"))
    for (const JsonValue& link : *links->array())
      text += "link " + link.find("spanId")->string()->substr(14) + " " +
              *(*link.find("attributes")->array())[0].find("value")->find("stringValue")->string() + " ";
  if (const JsonValue* status = out.find("status"); status != nullptr && !status->object()->empty())
    text += status->text();
  return text;
}

TEST(JaegerBatch, References) {
  const auto of = [](std::string references) { return status_and_links({std::move(references), {}}); };
  EXPECT_EQ(of("C:01:05"), "parent 05 ");
  EXPECT_EQ(of("F:01:05"), "parent 05 link 05 follows_from ");
  EXPECT_EQ(of("F:01:05 C:01:06"), "parent 06 link 05 follows_from ");
  EXPECT_EQ(of("C:09:05"), "link 05 child_of ");
  EXPECT_EQ(of("C:01:05 C:01:06"), "parent 05 link 06 child_of ");
}

TEST(JaegerBatch, Status) {
  const auto of = [](std::vector<std::pair<std::string, std::string>> tags) {
    return status_and_links({"", std::move(tags)});
  };
  EXPECT_EQ(of({{"error", "true"}}), R"({"code":2})");
  EXPECT_EQ(of({{"error", "true"}, {"otel.status_code", "OK"}, {"otel.status_description", "why"}}),
            R"({"message":"why","code":2})");
  EXPECT_EQ(of({{"otel.status_code", "Error"}, {"otel.status_description", "why"}}),
            R"({"message":"why","code":2})");
  EXPECT_EQ(of({{"otel.status_code", "ok"}, {"http.status_code", "500"}}), R"({"code":1})");
  EXPECT_EQ(of({{"http.status_code", "500"}, {"http.status_message", "oops"}}),
            R"({"message":"oops","code":2})");
  EXPECT_EQ(of({{"http.status_code", "404"}}), "");
  EXPECT_EQ(of({{"http.status_code", "404"}, {"span.kind", "client"}}), R"({"code":2})");
  EXPECT_EQ(of({{"http.status_code", "teapot"}}), "");
}

}  // namespace
}  // namespace clew::jaeger
