// What comes in as OTLP, and the rows it becomes.
#include "store/columnar/otlp_decoder.h"

#include "base/counters.h"
#include "store/columnar/block.h"
#include "store/columnar/store_testing.h"
#include "store/columnar/table_shard.h"

namespace clew::store {
namespace {

constexpr UnixNanos kArrival{1'800'000'000'000'000'000};

struct Outcome {
  Decoded decoded;
  std::vector<std::string> rows;
};

Outcome decode(Signal signal, std::string_view json) {
  TableShard shard;
  const Batch batch = batch_of(signal, json);
  const auto decoded = decode_otlp(signal, batch.otlp.view(), kArrival, shard);
  EXPECT_TRUE(decoded.ok()) << decoded.status().to_string();
  Outcome outcome{decoded.ok() ? *decoded : Decoded{}, {}};
  for (auto& block : shard.take()) outcome.rows = rows_of(*Block::freeze(std::move(*block)));
  return outcome;
}

std::string span(std::string_view members) {
  return fmt::format(
      R"({{"resourceSpans":[{{"scopeSpans":[{{"spans":[{{"traceId":"0102030405060708090a0b0c0d0e0f10",
      "spanId":"1112131415161718","startTimeUnixNano":"1000","endTimeUnixNano":"3000",{}}}]}}]}}]}})",
      members);
}
constexpr std::string_view kIds =
    "trace.span_id=1112131415161718 trace.trace_id=0102030405060708090a0b0c0d0e0f10";

TEST(DecodeSpan, FieldsBecomeColumns) {
  struct Case {
    const char* situation;
    std::string members;
    std::string columns;  // besides the ids
  };
  const std::vector<Case> cases = {
      {"a bare span", R"("name":"op")",
       "duration_ns=2000 name=op span.kind=unspecified status_code=0 time=1000"},
      {"a server span with an error", R"("name":"op","kind":2,"status":{"code":2,"message":"boom"})",
       "duration_ns=2000 error=true name=op span.kind=server status_code=2 status_message=boom time=1000"},
      {"attributes of every type",
       R"("name":"op","attributes":[{"key":"s","value":{"stringValue":"x"}},{"key":"i","value":{"intValue":"-5"}},
          {"key":"d","value":{"doubleValue":0.5}},{"key":"b","value":{"boolValue":true}},
          {"key":"a","value":{"arrayValue":{"values":[{"intValue":"1"},{"stringValue":"é"}]}}},
          {"key":"m","value":{"kvlistValue":{"values":[{"key":"k","value":{"intValue":"9"}}]}}}])",
       "a=[1,\"é\"] b=true d=0.5 duration_ns=2000 i=-5 m.k=9 name=op s=x span.kind=unspecified status_code=0 "
       "time=1000"},
      {"the first of two values of a name counts",
       R"("name":"op","attributes":[{"key":"s","value":{"stringValue":"x"}},{"key":"s","value":{"stringValue":"y"}}])",
       "duration_ns=2000 name=op s=x span.kind=unspecified status_code=0 time=1000"},
      {"a sample rate weighs", R"("name":"op","attributes":[{"key":"SampleRate","value":{"intValue":"20"}}])",
       "SampleRate=20 duration_ns=2000 meta.sample_rate=20 name=op span.kind=unspecified status_code=0 "
       "time=1000"},
      {"a sampling threshold weighs", R"("name":"op","traceState":"ot=th:c")",
       "duration_ns=2000 meta.sample_rate=4 name=op span.kind=unspecified status_code=0 time=1000 "
       "trace.trace_state=ot=th:c"},
      {"a sampling threshold that was rounded weighs what was meant",
       R"("name":"op","traceState":"ot=th:e666")",
       "duration_ns=2000 meta.sample_rate=10 name=op span.kind=unspecified status_code=0 time=1000 "
       "trace.trace_state=ot=th:e666"},
  };
  for (const Case& c : cases) {
    std::vector<std::string> expected{c.columns};
    const Outcome outcome = decode(Signal::traces, span(c.members));
    EXPECT_EQ(outcome.decoded.accepted, 1u) << c.situation;
    ASSERT_EQ(outcome.rows.size(), 1u) << c.situation;
    std::string row = outcome.rows[0];
    const size_t at = row.find(std::string(kIds));
    ASSERT_NE(at, std::string::npos) << c.situation << ": " << row;
    row.erase(at - 1, kIds.size() + 1);
    EXPECT_EQ(row, c.columns) << c.situation;
  }
}

TEST(DecodeSpan, EventsAndLinksAreRowsOfTheirOwn) {
  const Outcome outcome = decode(Signal::traces, span(R"("name":"op",
      "events":[{"timeUnixNano":"2000","name":"exception","attributes":[{"key":"exception.type","value":{"stringValue":"E"}}]}],
      "links":[{"traceId":"ff02030405060708090a0b0c0d0e0f10","spanId":"ff12131415161718"}])"));
  const std::vector<std::string> expected = {
      "duration_ns=2000 exception.type=E name=op span.kind=unspecified span.num_events=1 span.num_links=1 "
      "status_code=0 time=1000 " +
          std::string(kIds),
      "exception.type=E meta.annotation_type=span_event meta.time_since_span_start_ns=1000 name=exception "
      "parent_name=op time=2000 "
      "trace.parent_id=1112131415161718 trace.trace_id=0102030405060708090a0b0c0d0e0f10",
      "meta.annotation_type=link parent_name=op time=1000 trace.link.span_id=ff12131415161718 "
      "trace.link.trace_id=ff02030405060708090a0b0c0d0e0f10 trace.parent_id=1112131415161718 "
      "trace.trace_id=0102030405060708090a0b0c0d0e0f10"};
  EXPECT_EQ(outcome.decoded.accepted, 1u);
  EXPECT_EQ(outcome.rows, expected);
}

TEST(DecodeSpan, ItsFirstExceptionIsToldByTheSpanToo) {
  struct Case {
    const char* situation;
    std::string members;
    std::string columns;  // of the span, by name, exception.* alone
  };
  const std::string second =
      R"({"name":"exception","attributes":[{"key":"exception.type","value":{"stringValue":"F"}},
          {"key":"exception.message","value":{"stringValue":"second"}}]})";
  const std::vector<Case> cases = {
      {"all four",
       R"("events":[{"name":"exception","attributes":[{"key":"exception.type","value":{"stringValue":"E"}},
          {"key":"exception.message","value":{"stringValue":"no"}},{"key":"exception.stacktrace","value":{"stringValue":"at x"}},
          {"key":"exception.escaped","value":{"boolValue":false}}]}])",
       "exception.escaped=false exception.message=no exception.stacktrace=at x exception.type=E"},
      {"of two the first that says it",
       R"("events":[{"attributes":[{"key":"exception.type","value":{"stringValue":"E"}}],"name":"exception"},)" +
           second + "]",
       "exception.message=second exception.type=E"},
      {"an event of another name",
       R"("events":[{"name":"retry","attributes":[{"key":"exception.type","value":{"stringValue":"E"}}]}])",
       ""},
      {"values of other types",
       R"("events":[{"name":"exception","attributes":[{"key":"exception.type","value":{"intValue":"5"}},
          {"key":"exception.escaped","value":{"stringValue":"true"}}]}])",
       ""},
      {"an event without a name",
       R"("events":[{"attributes":[{"key":"exception.type","value":{"stringValue":"E"}}]}])", ""},
  };
  for (const Case& c : cases) {
    const Outcome outcome = decode(Signal::traces, span(R"("name":"op",)" + c.members));
    ASSERT_FALSE(outcome.rows.empty()) << c.situation;
    const std::string& row = outcome.rows[0];
    const size_t from = row.find("exception."), to = row.find(" name=op");
    EXPECT_EQ(from == std::string::npos ? "" : row.substr(from, to - from), c.columns) << c.situation;
  }
}

TEST(DecodeSpan, AnEventBeforeItsSpanIsMarked) {
  const Outcome outcome =
      decode(Signal::traces, span(R"("name":"op","events":[{"timeUnixNano":"400","name":"early"}])"));
  ASSERT_EQ(outcome.rows.size(), 2u);
  EXPECT_NE(outcome.rows[1].find("meta.invalid_time_since_span_start=true meta.time_since_span_start_ns=0"),
            std::string::npos)
      << outcome.rows[1];
}

TEST(DecodeSpan, AnEndBeforeTheStartIsKeptAndMarked) {
  const Outcome outcome = decode(Signal::traces, R"({"resourceSpans":[{"scopeSpans":[{"spans":[{
      "traceId":"0102030405060708090a0b0c0d0e0f10","spanId":"1112131415161718","startTimeUnixNano":"5000","endTimeUnixNano":"4000"}]}]}]})");
  ASSERT_EQ(outcome.rows.size(), 1u);
  EXPECT_NE(outcome.rows[0].find("duration_ns=0 meta.end_time=4000 meta.invalid_duration=true"),
            std::string::npos)
      << outcome.rows[0];
}

TEST(DecodeSpan, BadIdsAreRejectedAndTheOthersKept) {
  const Outcome outcome = decode(Signal::traces, R"({"resourceSpans":[{"scopeSpans":[{"spans":[
      {"traceId":"00000000000000000000000000000000","spanId":"1112131415161718"},
      {"traceId":"0102030405060708090a0b0c0d0e0f10","spanId":"1112131415161718","startTimeUnixNano":"1"},
      {"traceId":"0102030405060708090a0b0c0d0e0f10"}]}]}]})");
  EXPECT_EQ(outcome.decoded.accepted, 1u);
  EXPECT_EQ(outcome.decoded.rejected, 2u);
  EXPECT_EQ(outcome.decoded.rejection, "trace_id is all zero");
  EXPECT_EQ(outcome.rows.size(), 1u);
}

TEST(DecodeSpan, TooManyAttributesCostTheSpanAndNotItsNeighbours) {
  std::string attributes;
  for (int i = 0; i < 10'001; ++i)
    attributes += fmt::format(R"({}{{"key":"k{}","value":{{"intValue":"1"}}}})", i == 0 ? "" : ",", i % 50);
  const Outcome outcome = decode(Signal::traces, fmt::format(R"({{"resourceSpans":[{{"scopeSpans":[{{"spans":[
      {{"traceId":"0102030405060708090a0b0c0d0e0f10","spanId":"1112131415161718","name":"large","attributes":[{}]}},
      {{"traceId":"0102030405060708090a0b0c0d0e0f10","spanId":"2112131415161718","name":"small"}}]}}]}}]}})",
                                                             attributes));
  EXPECT_EQ(outcome.decoded.accepted, 1u);
  EXPECT_EQ(outcome.decoded.rejected, 1u);
  EXPECT_EQ(outcome.decoded.rejection, "more than 10000 attributes");
  ASSERT_EQ(outcome.rows.size(), 1u);
  EXPECT_NE(outcome.rows[0].find("name=small"), std::string::npos);
}

TEST(DecodeOrigin, ResourceAndScopeAreColumnsOfEveryRow) {
  const Outcome outcome = decode(Signal::traces, R"({"resourceSpans":[{"resource":{"attributes":[
      {"key":"service.name","value":{"stringValue":"shop"}},{"key":"pid","value":{"intValue":"7"}}]},"schemaUrl":"http://r",
      "scopeSpans":[{"scope":{"name":"lib","version":"1.2","attributes":[{"key":"sa","value":{"boolValue":true}}]},"schemaUrl":"http://s",
      "spans":[{"traceId":"0102030405060708090a0b0c0d0e0f10","spanId":"1112131415161718","startTimeUnixNano":"1","endTimeUnixNano":"1"}]}]}]})");
  ASSERT_EQ(outcome.rows.size(), 1u);
  EXPECT_EQ(outcome.rows[0],
            "duration_ns=0 library.name=lib library.version=1.2 pid=7 resource.schema_url=http://r sa=true "
            "scope.schema_url=http://s service.name=shop span.kind=unspecified status_code=0 time=1 " +
                std::string(kIds));
}

TEST(DecodeLog, FieldsBecomeColumns) {
  struct Case {
    const char* situation;
    std::string record, row;
  };
  const std::vector<Case> cases = {
      {"text",
       R"("timeUnixNano":"5","severityNumber":17,"severityText":"ERR","body":{"stringValue":"hello"})",
       "body=hello severity=error severity_code=17 severity_text=ERR time=5"},
      {"a map as body",
       R"("timeUnixNano":"5","body":{"kvlistValue":{"values":[{"key":"a","value":{"intValue":"1"}}]}})",
       "body.a=1 body={\"a\":1} severity=unspecified time=5"},
      {"observed time only", R"("observedTimeUnixNano":"9","body":{"stringValue":"x"})",
       "body=x observed_time=9 severity=unspecified time=9"},
      {"no time at all", R"("body":{"stringValue":"x"})",
       "body=x severity=unspecified time=1800000000000000000"},
      {"of a span",
       R"("timeUnixNano":"5","traceId":"0102030405060708090a0b0c0d0e0f10","spanId":"1112131415161718","eventName":"e")",
       "event.name=e severity=unspecified time=5 trace.parent_id=1112131415161718 "
       "trace.trace_id=0102030405060708090a0b0c0d0e0f10"},
      {"one of ten",
       R"("timeUnixNano":"5","attributes":[{"key":"sampling.threshold","value":{"stringValue":"e666"}}])",
       "meta.sample_rate=10 sampling.threshold=e666 severity=unspecified time=5"},
  };
  for (const Case& c : cases) {
    const Outcome outcome =
        decode(Signal::logs, R"({"resourceLogs":[{"scopeLogs":[{"logRecords":[{)" + c.record + "}]}]}]}");
    ASSERT_EQ(outcome.rows.size(), 1u) << c.situation;
    EXPECT_EQ(outcome.rows[0], c.row) << c.situation;
  }
}

TEST(DecodeMetric, EveryKindBecomesRows) {
  struct Case {
    const char* situation;
    std::string metric;
    std::vector<std::string> rows;
  };
  const std::vector<Case> cases = {
      {"gauge",
       R"("name":"g","unit":"1","gauge":{"dataPoints":[{"timeUnixNano":"5","asDouble":1.5},{"timeUnixNano":"6","asInt":"7"}]})",
       {"metric.kind=gauge metric.name=g metric.unit=1 metric.value=1.5 time=5",
        "metric.kind=gauge metric.name=g metric.unit=1 metric.value=7 time=6"}},
      {"sum",
       R"("name":"s","sum":{"aggregationTemporality":2,"isMonotonic":true,"dataPoints":[{"startTimeUnixNano":"1","timeUnixNano":"5","asInt":"3","attributes":[{"key":"k","value":{"stringValue":"v"}}]}]})",
       {"k=v metric.kind=sum metric.monotonic=true metric.name=s metric.start_time=1 "
        "metric.temporality=cumulative metric.value=3 time=5"}},
      {"histogram keeps its buckets",
       R"("name":"h","histogram":{"aggregationTemporality":1,"dataPoints":[{"timeUnixNano":"5","count":"3","sum":6,"min":1,"max":3,"bucketCounts":["1","2"],"explicitBounds":[2]}]})",
       {"metric.count=3 metric.kind=histogram metric.max=3 metric.min=1 metric.name=h metric.point="
        "32100100000000000000020000000000000"
        "03a080000000000000040 metric.sum=6 metric.temporality=delta time=5"}},
      {"summary keeps its quantiles",
       R"("name":"q","summary":{"dataPoints":[{"timeUnixNano":"5","count":"2","sum":3,"quantileValues":[{"quantile":0.5,"value":1}]}]})",
       {"metric.count=2 metric.kind=summary metric.name=q "
        "metric.point=321209000000000000e03f11000000000000f03f metric.sum=3 time=5"}},
      {"exponential histogram",
       R"("name":"e","exponentialHistogram":{"aggregationTemporality":1,"dataPoints":[{"timeUnixNano":"5","count":"1","scale":2}]})",
       {"metric.count=1 metric.kind=exponential_histogram metric.name=e metric.point=3004 "
        "metric.temporality=delta time=5"}},
  };
  for (const Case& c : cases) {
    const Outcome outcome = decode(
        Signal::metrics, R"({"resourceMetrics":[{"scopeMetrics":[{"metrics":[{)" + c.metric + "}]}]}]}");
    std::vector<std::string> rows = outcome.rows;
    for (std::string& row : rows) row = without_series(row);
    EXPECT_EQ(rows, c.rows) << c.situation;
  }
}

TEST(DecodeMetric, PointsOfOneNameOriginAndSetOfAttributesAreASeries) {
  const auto series_of = [](std::string_view host, std::string_view name, std::string_view attributes) {
    const Outcome outcome = decode(
        Signal::metrics,
        fmt::format(
            R"({{"resourceMetrics":[{{"resource":{{"attributes":[{{"key":"host.name","value":{{"stringValue":"{}"}}}}]}},
            "scopeMetrics":[{{"metrics":[{{"name":"{}","gauge":{{"dataPoints":[{{"asInt":"1","attributes":[{}]}}]}}}}]}}]}}]}})",
            host, name, attributes));
    EXPECT_EQ(outcome.rows.size(), 1u);
    return series_in(outcome.rows.at(0));
  };
  const std::string a = R"({"key":"a","value":{"stringValue":"1"}})",
                    b = R"({"key":"b","value":{"stringValue":"1"}})";
  const std::string one = series_of("h", "m", a + "," + b);
  EXPECT_FALSE(one.empty());
  EXPECT_EQ(series_of("h", "m", b + "," + a), one);
  EXPECT_NE(series_of("h", "m", a), one);
  EXPECT_NE(series_of("h", "n", a + "," + b), one);
  EXPECT_NE(series_of("g", "m", a + "," + b), one);
}

TEST(DecodeSpan, HoweverManyAttributesAllAreKept) {
  for (const int count : {31, 32, 33, 100}) {
    std::string attributes;
    for (int i = 0; i < count; ++i)
      attributes += fmt::format(R"({}{{"key":"a{}","value":{{"intValue":"{}"}}}})", i == 0 ? "" : ",", i, i);
    const Outcome outcome =
        decode(Signal::traces, span(fmt::format(R"("name":"op","attributes":[{}])", attributes)));
    ASSERT_EQ(outcome.rows.size(), 1u);
    for (int i = 0; i < count; ++i)
      EXPECT_NE((" " + outcome.rows[0]).find(fmt::format(" a{}={} ", i, i)), std::string::npos)
          << "a" << i << " of " << count;
  }
}

TEST(DecodeSpan, TextThatIsNotUtf8IsKeptAndCounted) {
  Batch batch = batch_of(Signal::traces,
                         span(R"("name":"a~b","attributes":[{"key":"k","value":{"stringValue":"fine é"}}])"));
  std::string bytes(batch.otlp.view());
  bytes[bytes.find("a~b") + 1] = '\xff';
  const uint64_t before = value_of(Counter::invalid_utf8);
  TableShard shard;
  ASSERT_TRUE(decode_otlp(Signal::traces, bytes, kArrival, shard).ok());
  EXPECT_EQ(value_of(Counter::invalid_utf8), before + 1);
  EXPECT_NE(rows_of(*Block::freeze(std::move(*shard.take()[0])))[0].find("name=a\xff"
                                                                         "b"),
            std::string::npos);
}

TEST(DecodeOtlp, AFieldOfAnotherWireTypeIsRefused) {
  for (const std::string_view request :
       {std::string_view("\x08\x01", 2), std::string_view("\x0a\x02\x10\x01", 4),
        std::string_view("\x0a\x06\x12\x04\x12\x02\x08\x01", 8)}) {
    TableShard shard;
    EXPECT_EQ(decode_otlp(Signal::traces, request, kArrival, shard).status().kind(), ErrorKind::bad_input);
  }
}

TEST(DecodeOtlp, EveryCutOfARequestIsRefusedOrSmaller) {
  const Batch batch =
      batch_of(Signal::traces, span(R"("name":"op","events":[{"timeUnixNano":"2000","name":"e"}])"));
  for (size_t size = 0; size < batch.otlp.size(); ++size) {
    TableShard shard;
    const auto decoded = decode_otlp(Signal::traces, batch.otlp.view().substr(0, size), kArrival, shard);
    if (decoded.ok()) {
      EXPECT_EQ(decoded->accepted, 0u) << size;
    } else {
      EXPECT_EQ(decoded.status().kind(), ErrorKind::bad_input) << size;
    }
  }
}

TEST(DecodeOtlp, MoreRowsThanABlockHoldsGoToSeveral) {
  TableShard shard;
  const Batch batch = one_span(1);
  for (int i = 0; i < 70'000; ++i)
    ASSERT_TRUE(decode_otlp(Signal::traces, batch.otlp.view(), kArrival, shard).ok());
  const auto blocks = shard.take();
  ASSERT_EQ(blocks.size(), 2u);
  EXPECT_EQ(blocks[0]->rows(), kGranuleRows);
  EXPECT_EQ(blocks[1]->rows(), 70'000 - kGranuleRows);
}

}  // namespace
}  // namespace clew::store
