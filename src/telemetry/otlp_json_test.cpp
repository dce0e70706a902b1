#include "telemetry/otlp_json.h"

#include <functional>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace clew {
namespace {

using otlp::Field;
using otlp::FieldKind;
using otlp::Message;
using otlp::Presence;
using ::testing::HasSubstr;
using ::testing::StartsWith;

// What a request says after having been protobuf.
std::string normalised(const Message& message, std::string_view json) {
  const Result<std::string> protobuf = json_to_protobuf(message, json);
  if (!protobuf.ok()) return protobuf.status().to_string();
  const Result<std::string> back = protobuf_to_json(message, *protobuf);
  return back.ok() ? *back : back.status().to_string();
}

constexpr const char* kTraces =
    R"({"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}}],)"
    R"("droppedAttributesCount":1,"entityRefs":[{"schemaUrl":"s","type":"service","idKeys":["service.name"]}]},)"
    R"("scopeSpans":[{"scope":{"name":"lib","version":"1.2","attributes":[{"key":"a","value":{"boolValue":false}}]},)"
    R"("spans":[{"traceId":"0102030405060708090a0b0c0d0e0f10","spanId":"0102030405060708","traceState":"a=b",)"
    R"("parentSpanId":"1112131415161718","name":"GET /","kind":2,"startTimeUnixNano":"1700000000000000001",)"
    R"("endTimeUnixNano":"1700000000000000002","attributes":[)"
    R"({"key":"int","value":{"intValue":"-9223372036854775808"}},{"key":"double","value":{"doubleValue":0.1}},)"
    R"({"key":"zero","value":{"intValue":"0"}},{"key":"empty","value":{"stringValue":""}},)"
    R"({"key":"nan","value":{"doubleValue":"NaN"}},{"key":"inf","value":{"doubleValue":"-Infinity"}},)"
    R"({"key":"bytes","value":{"bytesValue":"AP9/"}},{"key":"nothing","value":{}},)"
    R"({"key":"list","value":{"arrayValue":{"values":[{"stringValue":"x"},{"intValue":"1"},{}]}}},)"
    R"({"key":"map","value":{"kvlistValue":{"values":[{"key":"k","value":{"arrayValue":{}}}]}}}],)"
    R"("droppedAttributesCount":2,"events":[{"timeUnixNano":"3","name":"exception","attributes":[)"
    R"({"key":"exception.message","value":{"stringValue":"a \"quoted\"\nline \\ ä 😀"}}],"droppedAttributesCount":3}],)"
    R"("droppedEventsCount":4,"links":[{"traceId":"ffffffffffffffffffffffffffffffff","spanId":"ffffffffffffffff",)"
    R"("traceState":"c=d","attributes":[{"key":"l","value":{"boolValue":true}}],"droppedAttributesCount":5,"flags":769}],)"
    R"("droppedLinksCount":6,"status":{"message":"boom","code":2},"flags":257}],"schemaUrl":"scope-schema"}],)"
    R"("schemaUrl":"resource-schema"}]})";

constexpr const char* kLogs =
    R"({"resourceLogs":[{"resource":{},"scopeLogs":[{"logRecords":[{"timeUnixNano":"18446744073709551615",)"
    R"("observedTimeUnixNano":"2","severityNumber":17,"severityText":"ERROR","body":{"kvlistValue":{"values":[)"
    R"({"key":"message","value":{"stringValue":"no"}}]}},"attributes":[{"key":"a","value":{"intValue":"1"}}],)"
    R"("droppedAttributesCount":1,"flags":1,"traceId":"0102030405060708090a0b0c0d0e0f10","spanId":"0102030405060708",)"
    R"("eventName":"checkout"}],"schemaUrl":"s"}]}]})";

constexpr const char* kExemplar =
    R"([{"filteredAttributes":[{"key":"user","value":{"stringValue":"u"}}],"timeUnixNano":"5","asDouble":0,)"
    R"("spanId":"0102030405060708","traceId":"0102030405060708090a0b0c0d0e0f10"},{"asInt":"-3"}])";

std::string metrics() {
  const std::string exemplars = kExemplar;
  return R"({"resourceMetrics":[{"scopeMetrics":[{"scope":{"name":"m"},"metrics":[)"
         R"({"name":"g","description":"d","unit":"By","gauge":{"dataPoints":[{"attributes":[{"key":"a","value":{"stringValue":"b"}}],)"
         R"("startTimeUnixNano":"1","timeUnixNano":"2","asDouble":-0.5,"exemplars":)" +
         exemplars +
         R"(,"flags":1},{"asInt":"0"}]},"metadata":[{"key":"meta","value":{"stringValue":"data"}}]},)"
         R"({"name":"s","sum":{"dataPoints":[{"timeUnixNano":"2","asInt":"9223372036854775807"}],"aggregationTemporality":2,"isMonotonic":true}},)"
         R"({"name":"h","histogram":{"dataPoints":[{"startTimeUnixNano":"1","timeUnixNano":"2","count":"6","sum":0,)"
         R"("bucketCounts":["1","2","3"],"explicitBounds":[0.5,10],"exemplars":)" +
         exemplars +
         R"(,"min":0,"max":1e+300}],"aggregationTemporality":1}},)"
         R"({"name":"e","exponentialHistogram":{"dataPoints":[{"attributes":[{"key":"a","value":{"stringValue":"b"}}],"timeUnixNano":"2",)"
         R"("count":"9","sum":1.5,"scale":-3,"zeroCount":"1","positive":{"offset":-7,"bucketCounts":["1","300","18446744073709551615"]},)"
         R"("negative":{"offset":2147483647},"flags":1,"exemplars":)" +
         exemplars +
         R"(,"min":-1,"max":1,"zeroThreshold":1e-09}],"aggregationTemporality":2}},)"
         R"({"name":"q","summary":{"dataPoints":[{"timeUnixNano":"2","count":"4","sum":10,"quantileValues":)"
         R"([{"quantile":0.5,"value":2},{"quantile":1,"value":4}]}]}}]}]}]})";
}

TEST(OtlpJson, EveryFieldGoesToProtobufAndBack) {
  EXPECT_EQ(normalised(otlp::export_request(Signal::traces), kTraces), kTraces);
  EXPECT_EQ(normalised(otlp::export_request(Signal::logs), kLogs), kLogs);
  EXPECT_EQ(normalised(otlp::export_request(Signal::metrics), metrics()), metrics());
}

TEST(OtlpJson, TheSamplesAboveUseEveryFieldOfTheTable) {
  const std::string all = std::string(kTraces) + kLogs + metrics();
  std::set<const Message*> seen;
  const std::function<void(const Message&)> visit = [&](const Message& message) {
    if (!seen.insert(&message).second) return;
    std::set<uint32_t> numbers;
    for (const Field& field : message.fields) {
      EXPECT_TRUE(numbers.insert(field.number).second)
          << message.name << " has the number " << field.number << " twice";
      if (field.json_name == "descriptionKeys") continue;
      EXPECT_THAT(all, HasSubstr('"' + std::string(field.json_name) + "\":")) << message.name;
      ASSERT_EQ(field.kind == FieldKind::message, field.message != nullptr) << field.json_name;
      if (field.message != nullptr) visit(*field.message);
    }
  };
  for (const Signal signal : {Signal::traces, Signal::logs, Signal::metrics})
    visit(otlp::export_request(signal));
  EXPECT_GT(seen.size(), 25u);
}

TEST(OtlpJson, TakesWhatSendersWriteInsteadOfWhatIsPrescribed) {
  const struct {
    const char* situation;
    const Message& message;
    const char* json;
    const char* want;
  } cases[] = {
      {"snake_case keys", otlp::messages::span,
       R"({"trace_id":"0102030405060708090a0b0c0d0e0f10","start_time_unix_nano":"5"})",
       R"({"traceId":"0102030405060708090a0b0c0d0e0f10","startTimeUnixNano":"5"})"},
      {"hex in upper case", otlp::messages::span, R"({"spanId":"ABCDEF0102030405"})",
       R"({"spanId":"abcdef0102030405"})"},
      {"trace id in base64", otlp::messages::span, R"({"traceId":"AQIDBAUGBwgJCgsMDQ4PEA=="})",
       R"({"traceId":"0102030405060708090a0b0c0d0e0f10"})"},
      {"span id in base64", otlp::messages::span, R"({"spanId":"AQIDBAUGBwg="})",
       R"({"spanId":"0102030405060708"})"},
      {"empty id is unset", otlp::messages::span, R"({"parentSpanId":""})", "{}"},
      {"name of an enumeration", otlp::messages::span, R"({"kind":"SPAN_KIND_SERVER"})", R"({"kind":2})"},
      {"number of an enumeration as text", otlp::messages::span, R"({"kind":"3"})", R"({"kind":3})"},
      {"severity by name", otlp::messages::log_record, R"({"severityNumber":"SEVERITY_NUMBER_WARN"})",
       R"({"severityNumber":13})"},
      {"enumeration value of the future", otlp::messages::span, R"({"kind":77})", R"({"kind":77})"},
      {"64-bit integers as numbers", otlp::messages::any_value, R"({"intValue":-5})", R"({"intValue":"-5"})"},
      {"unsigned extreme as a number", otlp::messages::span, R"({"startTimeUnixNano":18446744073709551615})",
       R"({"startTimeUnixNano":"18446744073709551615"})"},
      {"whole number with exponent", otlp::messages::span, R"({"startTimeUnixNano":1.7e18})",
       R"({"startTimeUnixNano":"1700000000000000000"})"},
      {"double as text", otlp::messages::any_value, R"({"doubleValue":"1.5"})", R"({"doubleValue":1.5})"},
      {"whole double", otlp::messages::any_value, R"({"doubleValue":3})", R"({"doubleValue":3})"},
      {"unknown keys of any shape", otlp::messages::span,
       R"({"new":{"a":[1,{"b":null}]},"name":"n","later":[[[]]]})", R"({"name":"n"})"},
      {"nulls", otlp::messages::span, R"({"name":null,"attributes":null,"status":null,"kind":null})", "{}"},
      {"null among spans", otlp::messages::span, R"({"events":[null,{"name":"e"}]})",
       R"({"events":[{"name":"e"}]})"},
      {"null among values keeps its place", otlp::messages::array_value,
       R"({"values":[{"intValue":1},null,{"intValue":2}]})",
       R"({"values":[{"intValue":"1"},{},{"intValue":"2"}]})"},
      {"defaults that mean absent", otlp::messages::span,
       R"({"droppedAttributesCount":0,"traceState":"","attributes":[]})", "{}"},
      {"zero that means zero", otlp::messages::histogram_point, R"({"sum":0,"min":0,"max":0})",
       R"({"sum":0,"min":0,"max":0})"},
      {"empty bucket counts", otlp::messages::histogram_point, R"({"bucketCounts":[],"count":"0"})", "{}"},
      {"bucket counts as numbers", otlp::messages::histogram_point, R"({"bucketCounts":[1,0,2]})",
       R"({"bucketCounts":["1","0","2"]})"},
      {"escapes", otlp::messages::span, R"({"name":"\u00e4\ud83d\ude00\"\\\n"})",
       "{\"name\":\"ä😀\\\"\\\\\\n\"}"},
      {"escaped key", otlp::messages::span, R"({"n\u0061me":"x"})", R"({"name":"x"})"},
      {"spaces around", otlp::messages::span, " \n{ \"name\" : \"x\" } \n ", R"({"name":"x"})"},
      {"byte order mark", otlp::messages::span, "\xef\xbb\xbf{\"name\":\"x\"}", R"({"name":"x"})"},
      {"the same key twice: the last counts", otlp::messages::span, R"({"name":"x","name":"y"})",
       R"({"name":"y"})"},
      {"two alternatives: the last counts", otlp::messages::any_value, R"({"stringValue":"x","intValue":1})",
       R"({"intValue":"1"})"},
      {"nothing", otlp::messages::span, "{}", "{}"},
  };
  for (const auto& c : cases) EXPECT_EQ(normalised(c.message, c.json), c.want) << c.situation;
}

TEST(OtlpJson, RefusalsNameThePlace) {
  const auto spans = [](std::string span) {
    return R"({"resourceSpans":[{"scopeSpans":[{"spans":[{},{},{},)" + span + "]}]}]}";
  };
  const std::string at = "bad input: resourceSpans[0].scopeSpans[0].spans[3]";
  std::string deep;
  for (int i = 0; i < 60; ++i) deep += R"({"arrayValue":{"values":[)";
  const struct {
    const char* situation;
    std::string json;
    std::string want;
  } cases[] = {
      {"short trace id", spans(R"({"traceId":"0102"})"),
       at + R"(.traceId: expected 32 hex digits, got 4 characters: "0102")"},
      {"trace id of other digits", spans(R"({"traceId":"x102030405060708090a0b0c0d0e0f10"})"),
       at + R"(.traceId: not hex digits: "x102030405060708090a0b0c0d0e0f10")"},
      {"span id as long as a trace id", spans(R"({"spanId":"0102030405060708090a0b0c0d0e0f10"})"),
       at + R"(.spanId: expected 16 hex digits, got 32 characters: "0102030405060708090a0b0c0d0e0f10")"},
      {"id as a number", spans(R"({"spanId":1})"), at + ".spanId: expected a string, got a number"},
      {"negative time", spans(R"({"startTimeUnixNano":-1})"),
       at + R"(.startTimeUnixNano: expected a whole number of 64 bits, not negative, got "-1")"},
      {"time with a fraction", spans(R"({"startTimeUnixNano":1.5})"),
       at + R"(.startTimeUnixNano: expected a whole number of 64 bits, not negative, got "1.5")"},
      {"time above 64 bits", spans(R"({"startTimeUnixNano":"18446744073709551616"})"),
       at +
           R"(.startTimeUnixNano: expected a whole number of 64 bits, not negative, got "18446744073709551616")"},
      {"time as a date", spans(R"({"startTimeUnixNano":"2026-01-01"})"),
       at + R"(.startTimeUnixNano: expected a whole number of 64 bits, not negative, got "2026-01-01")"},
      {"unknown name of an enumeration", spans(R"({"kind":"SERVER"})"),
       at + R"(.kind: expected the number or the name of the enumeration, got "SERVER")"},
      {"attributes as a map", spans(R"({"attributes":{"a":1}})"),
       at + ".attributes: expected an array, got an object"},
      {"value without its type", spans(R"({"attributes":[{"key":"a","value":"b"}]})"),
       at + R"(.attributes[0].value: expected an object such as {"stringValue":"…"}, got a string)"},
      {"span that is no object", spans("7"), at + ": expected an object, got a number"},
      {"not base64", spans(R"({"attributes":[{"value":{"bytesValue":"?"}}]})"),
       at + R"(.attributes[0].value.bytesValue: expected base64, got "?")"},
      {"text after the end", "{} {}", "bad input: invalid JSON: text after the end of the request"},
      {"not an object", "[]", "bad input: expected a JSON object"},
      {"cut off", R"({"resourceSpans":[{"scopeSpans":[)", "bad input: invalid JSON: "},
      {"no JSON at all", "hello", "bad input: expected a JSON object"},
      {"invalid UTF-8", "{\"x\":\"\xff\"}", "bad input: invalid JSON: The input is not valid UTF-8"},
      {"endless nesting", spans(R"({"attributes":[{"value":)" + deep),
       at + ".attributes[0].value.arrayValue.values[0].arrayValue.values[0].arrayValue.…: nested too deeply"},
  };
  for (const auto& c : cases) {
    const Result<std::string> result = json_to_protobuf(Signal::traces, c.json);
    ASSERT_FALSE(result.ok()) << c.situation;
    EXPECT_THAT(result.status().to_string(), StartsWith(c.want)) << c.situation;
  }
}

TEST(OtlpJson, NumbersOfThirtyTwoBitsAreHeldToTheirRange) {
  EXPECT_EQ(normalised(otlp::messages::span, R"({"flags":4294967295})"), R"({"flags":4294967295})");
  EXPECT_FALSE(json_to_protobuf(otlp::messages::span, R"({"flags":4294967296})").ok());
  EXPECT_FALSE(json_to_protobuf(otlp::messages::span, R"({"droppedEventsCount":-1})").ok());
  EXPECT_EQ(normalised(otlp::messages::exponential_point, R"({"scale":-2147483648})"),
            R"({"scale":-2147483648})");
  EXPECT_FALSE(json_to_protobuf(otlp::messages::exponential_point, R"({"scale":-2147483649})").ok());
  EXPECT_FALSE(json_to_protobuf(otlp::messages::any_value, R"({"intValue":9223372036854775808})").ok());
  EXPECT_FALSE(json_to_protobuf(otlp::messages::any_value, R"({"intValue":9.3e18})").ok());
  EXPECT_FALSE(json_to_protobuf(otlp::messages::any_value, R"({"doubleValue":"inf"})").ok());
}

TEST(OtlpJson, TellsTheSignalByItsFirstKey) {
  EXPECT_EQ(signal_of_json(R"({"resourceSpans":[]})"), Signal::traces);
  EXPECT_EQ(signal_of_json(R"({"other":{"resourceSpans":1},"resource_logs":[]})"), Signal::logs);
  EXPECT_EQ(signal_of_json(R"( {"resourceMetrics":[]})"), Signal::metrics);
  for (const char* json : {"", "{}", "[]", "x", R"({"spans":[]})"})
    EXPECT_EQ(signal_of_json(json), std::nullopt) << json;
}

TEST(OtlpJson, ShowsProtobufOfAnyMaker) {
  using namespace std::string_literals;
  const struct {
    const char* situation;
    const Message& message;
    std::string protobuf;
    const char* want;
  } cases[] = {
      {"nothing", otlp::messages::span, "", "{}"},
      {"unknown field", otlp::messages::span, "\xfa\x01\x01x\x2a\x01n"s, R"({"name":"n"})"},
      {"known field of another wire type", otlp::messages::span, "\x28\x05\x2a\x01n"s, R"({"name":"n"})"},
      {"last of a field counts", otlp::messages::span, "\x2a\x01m\x2a\x01n"s, R"({"name":"n"})"},
      {"last of a oneof counts", otlp::messages::any_value, "\x18\x05\x0a\x01n"s, R"({"stringValue":"n"})"},
      {"numbers not packed", otlp::messages::histogram_point, "\x31\x01\0\0\0\0\0\0\0\x31\x02\0\0\0\0\0\0\0"s,
       R"({"bucketCounts":["1","2"]})"},
      {"fields scattered", otlp::messages::array_value, "\x0a\x02\x18\x01\x12\x01x\x0a\x02\x18\x02"s,
       R"({"values":[{"intValue":"1"},{"intValue":"2"}]})"},
      {"text that is not UTF-8", otlp::messages::any_value, "\x0a\x02\xff\x61"s,
       "{\"stringValue\":\"\xef\xbf\xbd\x61\"}"},
      {"id of a wrong length", otlp::messages::span, "\x0a\x02\xab\xcd"s, R"({"traceId":"abcd"})"},
  };
  for (const auto& c : cases) {
    const Result<std::string> json = protobuf_to_json(c.message, c.protobuf);
    EXPECT_EQ(json.ok() ? *json : json.status().to_string(), c.want) << c.situation;
  }
  EXPECT_THAT(protobuf_to_json(Signal::traces, "\x0a\x05x").status().to_string(),
              StartsWith("bad input: ExportTraceServiceRequest: not valid protobuf"));
  std::string deep;
  for (int i = 0; i < 300; ++i) {
    std::string outer = "\x2a";
    const auto wrap = [](std::string inner) {
      std::string length;
      size_t size = inner.size();
      for (; size >= 128; size >>= 7) length += static_cast<char>(size | 128);
      return length + static_cast<char>(size) + inner;
    };
    deep = outer + wrap("\x0a" + wrap(deep));
  }
  EXPECT_EQ(protobuf_to_json(otlp::messages::any_value, deep).status().to_string(),
            "bad input: nested too deeply");
}

}  // namespace
}  // namespace clew
