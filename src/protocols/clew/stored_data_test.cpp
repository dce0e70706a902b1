// The API over a real store: the same answers while data is in memory and when it has been written as parts.

#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "protocols/clew/api.h"
#include "protocols/served_router.h"
#include "store/columnar/store.h"
#include "telemetry/otlp_json.h"

namespace clew::api {
namespace {

using ::testing::HasSubstr;
using testing::ServedRouter;

constexpr const char* kTraceId = "5b8efff798038103d269b633813fc60c";

class OneEnvironment : public control::Access {
 public:
  Result<EnvironmentId> admit(std::optional<std::string_view>) const override { return kDefaultEnvironment; }
};

// `at` nanoseconds since 1970, as OTLP writes them.
std::string spans_at(int64_t at) {
  const auto time = [&](int64_t offset) { return "\"" + std::to_string(at + offset) + "\""; };
  return R"({"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}}]},)"
         R"("scopeSpans":[{"scope":{"name":"shop.http","version":"1"},"spans":[)"
         R"({"traceId":"5b8efff798038103d269b633813fc60c","spanId":"eee19b7ec3c1b174","name":"GET /cart","kind":2,)"
         R"("startTimeUnixNano":)" +
         time(0) + R"(,"endTimeUnixNano":)" + time(5'000'000) +
         R"(,"attributes":[{"key":"raw","value":{"bytesValue":"AP8="}},{"key":"deep","value":{"arrayValue":{"values":[)"
         R"({"kvlistValue":{"values":[{"key":"a","value":{"intValue":"1"}}]}}]}}}],)"
         R"("events":[{"timeUnixNano":)" +
         time(1'000) + R"(,"name":"cache miss"}],"links":[{"traceId":"0af7651916cd43dd8448eb211c80319c",)" +
         R"("spanId":"b7ad6b7169203331"}]},)"
         R"({"traceId":"5b8efff798038103d269b633813fc60c","spanId":"eee19b7ec3c1b175","parentSpanId":"eee19b7ec3c1b174",)"
         R"("name":"SELECT","kind":3,"startTimeUnixNano":)" +
         time(1'000'000) + R"(,"endTimeUnixNano":)" + time(2'000'000) +
         R"(,"status":{"code":2,"message":"gone"}}]}]}]})";
}

std::string logs_at(int64_t at) {
  return R"({"resourceLogs":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}}]},)"
         R"("scopeLogs":[{"logRecords":[{"timeUnixNano":")" +
         std::to_string(at) +
         R"(","severityNumber":13,"body":{"stringValue":"slow"},"traceId":"5b8efff798038103d269b633813fc60c",)"
         R"("spanId":"eee19b7ec3c1b174","attributes":[{"key":"items","value":{"intValue":"3"}}]}]}]}]})";
}

class StoredDataTest : public ::testing::TestWithParam<bool> {
 protected:
  void SetUp() override {
    directory_ = ::testing::TempDir() + "clew-api-" + std::to_string(getpid());
    std::filesystem::remove_all(directory_);
    store::ColumnarOptions options;
    options.directory = directory_;
    options.durability = store::Durability::none;
    options.shards = 1;
    options.background = false;
    auto store = store::ColumnarStore::open(std::move(options));
    ASSERT_TRUE(store.ok()) << store.status().message();
    store_ = std::move(store).value();
    start_ = now() - seconds(60);
    append(Signal::traces, spans_at(start_.count));
    append(Signal::logs, logs_at(start_.count));
    if (GetParam()) {
      ASSERT_TRUE(store_->seal().ok());
    }
    ApiOptions api;
    api.storage = store_.get();
    api.access = &access_;
    api.arrivals = &arrivals_;
    api_ = std::make_unique<Api>(std::move(api));
    api_->register_routes(router_);
    served_ = std::make_unique<ServedRouter>(router_);
  }

  void TearDown() override {
    served_.reset();
    api_.reset();
    if (store_) {
      EXPECT_TRUE(store_->close().ok());
    }
    store_.reset();
    std::filesystem::remove_all(directory_);
  }

  void append(Signal signal, const std::string& json) {
    Result<std::string> otlp = json_to_protobuf(signal, json);
    ASSERT_TRUE(otlp.ok()) << otlp.status().message();
    store_->append(
        {signal, kDefaultEnvironment, SharedBytes(std::move(otlp).value())},
        [](store::AppendOutcome outcome) { EXPECT_TRUE(outcome.status.ok()) << outcome.status.message(); });
  }

  std::string body_of(const std::string& target) {
    const net::Response response = served_->ask({.target = target});
    EXPECT_EQ(response.status, 200) << target << ": " << response.body;
    return response.body;
  }

  std::string directory_;
  UnixNanos start_;
  std::unique_ptr<store::ColumnarStore> store_;
  OneEnvironment access_;
  Arrivals arrivals_;
  Router router_;
  std::unique_ptr<Api> api_;
  std::unique_ptr<ServedRouter> served_;
};

TEST_P(StoredDataTest, lists_of_services_and_traces) {
  EXPECT_THAT(body_of("/clew/v1/services"), HasSubstr(R"({"name":"shop","spans":2,"errors":1,"p50_ms":)"));
  const std::string traces = body_of("/clew/v1/traces?errors=1&min_ms=5&max_ms=5");
  EXPECT_THAT(
      traces,
      HasSubstr(R"("duration_ns":5000000,"duration_ms":5,"root":{"service":"shop","name":"GET /cart"},)"
                R"("spans":2,"errors":1,"services":["shop"]}],"total":1,"partial":false)"));
}

TEST_P(StoredDataTest, outline_of_a_trace_again_when_more_has_arrived) {
  const std::string target = std::string("/clew/v1/traces/") + kTraceId;
  const std::string first = body_of(target);
  EXPECT_THAT(
      first,
      HasSubstr(
          R"("span_id":["eee19b7ec3c1b174","eee19b7ec3c1b175"],"parent":[-1,0],"orphan":[0,0],)"
          R"("start_offset_ns":[0,1000000],"duration_ns":[5000000,1000000],"service":[0,0],"name":[0,1],)"
          R"("kind":[2,3],"status":[0,2],"error":[0,1],"event_count":[1,0],"link_count":[1,0]})"));
  EXPECT_EQ(body_of(target), first);
  append(Signal::logs, logs_at(start_.count));
  EXPECT_THAT(body_of(target), HasSubstr(R"("logs":2)")) << "what arrives later is seen";
}

TEST_P(StoredDataTest, the_outline_in_bytes_is_that_of_the_same_trace) {
  const net::Response answer =
      served_->ask({.target = std::string("/clew/v1/traces/") + kTraceId + "/outline"});
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(net::find_header(answer.headers, "content-type"), "application/vnd.clew.outline");
  EXPECT_EQ(answer.body.substr(0, 4), "CLWO");
  EXPECT_THAT(answer.body, HasSubstr(R"("services":["shop"],"names":["GET /cart","SELECT"])"));
  EXPECT_EQ(served_->ask({.target = "/clew/v1/traces/00000000000000000000000000000001/outline"}).status, 404);
}

TEST_P(StoredDataTest, the_typical_trace_is_the_one_in_the_middle_of_its_kind) {
  const std::string target = std::string("/clew/v1/traces/") + kTraceId + "/typical";
  EXPECT_EQ(served_->ask({.target = target}).status, 404);
  for (int64_t other = 1; other <= 3; ++other) {
    std::string spans = spans_at(start_.count - other * 1'000'000'000);
    const std::string id = "0000000000000000000000000000000" + std::to_string(other);
    for (size_t at = spans.find(kTraceId); at != std::string::npos; at = spans.find(kTraceId))
      spans.replace(at, id.size(), id);
    const std::string end = std::to_string(start_.count - other * 1'000'000'000 + 5'000'000);
    const std::string later = std::to_string(start_.count - other * 1'000'000'000 + other * 10'000'000);
    spans.replace(spans.find(end), end.size(), later);
    append(Signal::traces, spans);
  }
  const std::string typical = body_of(target);
  EXPECT_THAT(typical, HasSubstr(R"("typical":{"trace_id":"00000000000000000000000000000002")"));
  EXPECT_THAT(typical, HasSubstr(R"("considered":3,"total":4)"));
}

TEST_P(StoredDataTest, everything_of_a_span) {
  const std::string span = body_of(std::string("/clew/v1/traces/") + kTraceId + "/spans/eee19b7ec3c1b174");
  EXPECT_THAT(
      span,
      HasSubstr(
          R"("attributes":[{"key":"deep","type":"json","value":"[{\"a\":1}]"},{"key":"raw","type":"bytes","value":"AP8="}])"));
  EXPECT_THAT(span, HasSubstr(R"("offset_ns":1000,"name":"cache miss")"));
  EXPECT_THAT(
      span,
      HasSubstr(R"("links":[{"trace_id":"0af7651916cd43dd8448eb211c80319c","span_id":"b7ad6b7169203331")"));
  EXPECT_THAT(span, HasSubstr(R"("severity":"warn")"));
  const net::Response missing =
      served_->ask({.target = std::string("/clew/v1/traces/") + kTraceId + "/spans/00000000000000ff"});
  EXPECT_EQ(missing.status, 404);
  EXPECT_THAT(missing.body, HasSubstr("has no span 00000000000000ff"));
}

TEST_P(StoredDataTest, a_trace_exported_is_the_trace_received) {
  const std::string exported = body_of(std::string("/clew/v1/traces/") + kTraceId + "/otlp");
  EXPECT_TRUE(json_to_protobuf(Signal::traces, exported).ok());
  EXPECT_THAT(exported,
              HasSubstr(R"({"key":"deep","value":{"arrayValue":{"values":[{"kvlistValue":{"values":[)"
                        R"({"key":"a","value":{"intValue":"1"}}]}}]}}})"));
}

TEST_P(StoredDataTest, logs_columns_values_and_a_question) {
  EXPECT_THAT(body_of("/clew/v1/logs"),
              HasSubstr(R"("attributes":[{"key":"items","type":"int64","value":3}])"));
  EXPECT_THAT(body_of("/clew/v1/columns?signal=logs&prefix=item"),
              HasSubstr(R"({"name":"items","types":["int64"])"));
  EXPECT_THAT(body_of("/clew/v1/values?column=name&part=GET"),
              HasSubstr(R"({"type":"string","value":"GET /cart","rows":1})"));
  const net::Response answer =
      served_->ask({.method = "POST",
                    .target = "/clew/v1/query",
                    .headers = {{"accept", "application/x-ndjson"}},
                    .body = R"({"query":"COUNT, HEATMAP(duration_ms) WHERE is_root = true GROUP BY name"})"});
  EXPECT_EQ(net::find_header(answer.headers, "content-type"), "application/x-ndjson");
  EXPECT_THAT(answer.body, HasSubstr(R"("rows":[["GET /cart",1,null]])"));
}

INSTANTIATE_TEST_SUITE_P(Store, StoredDataTest, ::testing::Bool(),
                         [](const auto& sealed) { return sealed.param ? "as_parts" : "in_memory"; });

}  // namespace
}  // namespace clew::api
