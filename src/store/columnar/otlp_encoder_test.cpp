// What was decoded, encoded again: decoding that gives the same rows.
#include "store/columnar/otlp_encoder.h"

#include <future>

#include "base/simulated_file_system.h"
#include "store/columnar/store.h"
#include "store/columnar/store_testing.h"

namespace clew::store {
namespace {

constexpr std::string_view kSpans = R"({"resourceSpans":[
  {"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}},{"key":"pods","value":{"arrayValue":{"values":[{"intValue":"1"},{"stringValue":"b"}]}}}],"droppedAttributesCount":2},
   "schemaUrl":"https://example.org/resource","scopeSpans":[{"scope":{"name":"lib","version":"1.2","attributes":[{"key":"s","value":{"boolValue":true}}]},"schemaUrl":"https://example.org/scope","spans":[
    {"traceId":"0102030405060708090a0b0c0d0e0f10","spanId":"1112131415161718","name":"pay","kind":2,"startTimeUnixNano":"1767225600000000000","endTimeUnixNano":"1767225600250000000","traceState":"ot=th:8","flags":257,
     "attributes":[{"key":"n","value":{"intValue":"-7"}},{"key":"d","value":{"doubleValue":0.1}},{"key":"b","value":{"boolValue":false}},{"key":"raw","value":{"bytesValue":"AAEC/w=="}},
       {"key":"map","value":{"kvlistValue":{"values":[{"key":"deep","value":{"stringValue":"x"}},{"key":"list","value":{"arrayValue":{"values":[{"doubleValue":1.5},{"kvlistValue":{"values":[{"key":"k","value":{"boolValue":true}}]}}]}}}]}}},
       {"key":"sampleRate","value":{"intValue":"4"}}],
     "droppedAttributesCount":3,"droppedEventsCount":4,"droppedLinksCount":5,"status":{"code":2,"message":"no money"},
     "events":[{"timeUnixNano":"1767225600100000000","name":"exception","attributes":[{"key":"exception.type","value":{"stringValue":"Broke"}}],"droppedAttributesCount":1},
               {"timeUnixNano":"1767312000000000000","name":"a day later"}],
     "links":[{"traceId":"f102030405060708090a0b0c0d0e0f10","spanId":"f112131415161718","traceState":"a=b","attributes":[{"key":"l","value":{"stringValue":"v"}}],"flags":1}]},
    {"traceId":"0102030405060708090a0b0c0d0e0f10","spanId":"2122232425262728","parentSpanId":"1112131415161718","name":"backwards","startTimeUnixNano":"1767225600000000500","endTimeUnixNano":"1767225600000000100"}]}]},
  {"scopeSpans":[{"spans":[{"traceId":"0202030405060708090a0b0c0d0e0f10","spanId":"3132333435363738","name":"of nobody","startTimeUnixNano":"1767225600000000000","endTimeUnixNano":"1767225600000000000"}]}]}]})";

constexpr std::string_view kLogs =
    R"({"resourceLogs":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}}]},"scopeLogs":[{"scope":{"name":"l"},"logRecords":[
  {"timeUnixNano":"1767225600000000000","observedTimeUnixNano":"1767225600000000009","severityNumber":17,"severityText":"ERR","body":{"stringValue":"first"},"eventName":"e","flags":1,
   "traceId":"0102030405060708090a0b0c0d0e0f10","spanId":"1112131415161718","attributes":[{"key":"k","value":{"stringValue":"v"}}],"droppedAttributesCount":1},
  {"timeUnixNano":"1767225600000000001","body":{"doubleValue":2.5}},{"timeUnixNano":"1767225600000000001","body":{"boolValue":true}},
  {"timeUnixNano":"1767225600000000002","body":{"kvlistValue":{"values":[{"key":"a","value":{"intValue":"1"}},{"key":"b","value":{"kvlistValue":{"values":[{"key":"c","value":{"stringValue":"d"}}]}}}]}}},
  {"timeUnixNano":"1767225600000000003","body":{"bytesValue":"/w=="}}]}]}]})";

constexpr std::string_view kMetrics =
    R"({"resourceMetrics":[{"resource":{"attributes":[{"key":"host","value":{"stringValue":"h"}}]},"scopeMetrics":[{"metrics":[
  {"name":"g","unit":"By","description":"about","metadata":[{"key":"m","value":{"stringValue":"v"}}],"gauge":{"dataPoints":[{"timeUnixNano":"1767225600000000000","asDouble":-0.0},{"timeUnixNano":"1767225600000000001","asInt":"-9223372036854775808","flags":1}]}},
  {"name":"s","sum":{"aggregationTemporality":2,"isMonotonic":true,"dataPoints":[{"startTimeUnixNano":"1767225500000000000","timeUnixNano":"1767225600000000000","asInt":"5","attributes":[{"key":"k","value":{"intValue":"1"}}],
     "exemplars":[{"timeUnixNano":"1767225600000000000","asDouble":1.5,"spanId":"1112131415161718","traceId":"0102030405060708090a0b0c0d0e0f10"}]}]}},
  {"name":"h","histogram":{"aggregationTemporality":1,"dataPoints":[{"timeUnixNano":"1767225600000000000","count":"3","sum":6.5,"min":1,"max":3,"bucketCounts":["1","2"],"explicitBounds":[2]}]}},
  {"name":"e","exponentialHistogram":{"aggregationTemporality":1,"dataPoints":[{"timeUnixNano":"1767225600000000000","count":"3","sum":6.5,"scale":2,"zeroCount":"1","positive":{"offset":1,"bucketCounts":["1","1"]}}]}},
  {"name":"q","summary":{"dataPoints":[{"timeUnixNano":"1767225600000000000","count":"3","sum":6.5,"quantileValues":[{"quantile":0.5,"value":2}]}]}}]}]}]})";

class OtlpEncoder : public testing::Test {
 protected:
  void SetUp() override { ASSERT_NO_FATAL_FAILURE(open(before_, "/before")); }

  void open(std::unique_ptr<ColumnarStore>& store, const std::string& directory) {
    ColumnarOptions options;
    options.directory = directory;
    options.retention = {};
    options.background = false;
    auto opened = ColumnarStore::open(std::move(options), disk_);
    ASSERT_TRUE(opened.ok()) << opened.status().to_string();
    store = std::move(opened).value();
  }
  static void append(ColumnarStore& store, const Batch& batch) {
    std::promise<AppendOutcome> outcome;
    store.append(batch, [&](AppendOutcome told) { outcome.set_value(std::move(told)); });
    const AppendOutcome told = outcome.get_future().get();
    EXPECT_TRUE(told.status.ok()) << told.status.to_string();
    EXPECT_EQ(told.rejected, 0u) << told.rejection;
  }
  // Encodes, and appends what comes out to a store of its own.
  EncodeSummary copy(const EncodeOptions& options) {
    after_.reset();
    open(after_, "/after" + std::to_string(++copies_));
    const Snapshot snapshot = before_->snapshot(kDefaultEnvironment, options.signal);
    const auto summary = encode_otlp(snapshot, options, [&](std::string request) {
      ++requests_;
      append(*after_, {options.signal, kDefaultEnvironment, SharedBytes(std::move(request))});
      return Status();
    });
    EXPECT_TRUE(summary.ok()) << summary.status().to_string();
    return summary.ok() ? *summary : EncodeSummary{};
  }
  void expect_same_rows(Signal signal) {
    EXPECT_EQ(rows_of(after_->snapshot(kDefaultEnvironment, signal)),
              rows_of(before_->snapshot(kDefaultEnvironment, signal)));
  }

  SimulatedFileSystem disk_;
  std::unique_ptr<ColumnarStore> before_, after_;
  int copies_ = 0;
  uint64_t requests_ = 0;
};

TEST_F(OtlpEncoder, EverythingComesBackFromMemoryAndFromParts) {
  for (const auto& [signal, json, items] :
       {std::tuple(Signal::traces, kSpans, 3u), std::tuple(Signal::logs, kLogs, 5u),
        std::tuple(Signal::metrics, kMetrics, 6u)}) {
    append(*before_, batch_of(signal, json));
    for (int sealed = 0; sealed < 2; ++sealed) {
      const EncodeSummary summary = copy({.signal = signal});
      EXPECT_EQ(summary.items, items);
      EXPECT_EQ(summary.strays, 0u);
      expect_same_rows(signal);
      ASSERT_TRUE(before_->seal().ok());
    }
  }
}

TEST_F(OtlpEncoder, EventsFarFromTheirSpanAreFound) {
  append(*before_, batch_of(Signal::traces, kSpans));
  ASSERT_TRUE(before_->seal().ok());
  ASSERT_EQ(before_->status().parts, 2u) << "one event is of the next day, so in another part";
  EXPECT_EQ(copy({.items_a_request = 1}).strays, 0u);
  EXPECT_EQ(requests_, 3u);
  expect_same_rows(Signal::traces);
}

TEST_F(OtlpEncoder, OnlyItemsOfTheTimeRange) {
  for (uint64_t i = 0; i < 50; ++i) append(*before_, one_span(i));
  const UnixNanos base{1767225600'000'000'000};
  const EncodeSummary summary = copy({.from = base + seconds(10), .to = base + seconds(20)});
  EXPECT_EQ(summary.items, 10u);
  EXPECT_EQ(rows_of(after_->snapshot(kDefaultEnvironment, Signal::traces)).size(), 10u);
}

TEST_F(OtlpEncoder, AReceiverThatFailsEndsIt) {
  for (uint64_t i = 0; i < 5; ++i) append(*before_, one_span(i));
  const auto summary =
      encode_otlp(before_->snapshot(kDefaultEnvironment, Signal::traces), {.items_a_request = 2},
                  [](const std::string&) { return Status(ErrorKind::exhausted, "full"); });
  EXPECT_EQ(summary.status().message(), "full");
}

}  // namespace
}  // namespace clew::store
