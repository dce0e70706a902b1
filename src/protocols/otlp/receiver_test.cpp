#include "protocols/otlp/receiver.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/counters.h"
#include "protocols/otlp/receiver_doubles.h"
#include "telemetry/otlp_json.h"
#include "telemetry/otlp_schema.h"

namespace clew::otlp {
namespace {

using namespace std::string_literals;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::StartsWith;

constexpr const char* kSpans =
    R"({"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"0102030405060708090a0b0c0d0e0f10","spanId":"0102030405060708","name":"a"}]}]}]})";
constexpr const char* kLogs =
    R"({"resourceLogs":[{"scopeLogs":[{"logRecords":[{"timeUnixNano":"1","severityNumber":9,"body":{"stringValue":"hi"}}]}]}]})";
constexpr const char* kMetrics =
    R"({"resourceMetrics":[{"scopeMetrics":[{"metrics":[{"name":"m","gauge":{"dataPoints":[{"asInt":"1"}]}}]}]}]})";

std::string protobuf_of(Signal signal, std::string_view json) {
  Result<std::string> protobuf = json_to_protobuf(signal, json);
  return protobuf.ok() ? *protobuf : "";
}

std::string status_json(std::string_view protobuf) {
  const Result<std::string> json = protobuf_to_json(messages::rpc_status, protobuf);
  return json.ok() ? *json : json.status().to_string();
}

// A receiver, what stands around it, and the last answer it gave.
class OtlpReceiver : public ::testing::Test {
 protected:
  void build(std::optional<std::string> key = std::nullopt, ReceiverOptions options = {}) {
    access_ = std::make_unique<OneKey>(std::move(key));
    receiver_ = std::make_unique<Receiver>(consumer_, *access_, arrivals_, std::move(options));
  }
  void SetUp() override { build(); }

  static net::Request request(std::string body, std::optional<std::string> content_type,
                              net::Headers headers = {}) {
    net::Request made{.method = "POST", .path = "/v1/traces"};
    made.headers = std::move(headers);
    if (content_type) made.headers.emplace_back("content-type", *content_type);
    made.body = SharedBytes(std::move(body));
    made.peer = "127.0.0.1:5000";
    made.door = 4318;
    return made;
  }
  const net::Response& send(net::Request made, Signal signal = Signal::traces) {
    made.path = "/v1/" + std::string(name_of(signal));
    receiver_->receive(signal, std::move(made),
                       [this](net::Response response) { keep(std::move(response)); });
    return answer_;
  }
  const net::Response& send_to_root(net::Request made) {
    made.path = "/";
    receiver_->receive_at_root(std::move(made),
                               [this](net::Response response) { keep(std::move(response)); });
    return answer_;
  }
  const net::GrpcResponse& call(std::string message, net::Headers metadata = {},
                                Signal signal = Signal::traces) {
    net::GrpcRequest made;
    made.metadata = std::move(metadata);
    made.message = SharedBytes(std::move(message));
    made.peer = "127.0.0.1:5000";
    receiver_->receive(signal, std::move(made), [this](net::GrpcResponse response) {
      ++answers_;
      grpc_answer_ = std::move(response);
    });
    return grpc_answer_;
  }
  void keep(net::Response response) {
    ++answers_;
    answer_ = std::move(response);
  }

  RecordingConsumer consumer_;
  std::unique_ptr<OneKey> access_;
  Arrivals arrivals_;
  std::unique_ptr<Receiver> receiver_;
  net::Response answer_;
  net::GrpcResponse grpc_answer_;
  int answers_ = 0;
};

TEST_F(OtlpReceiver, PassesProtobufOnAsItCame) {
  const std::string body = protobuf_of(Signal::traces, kSpans);
  const net::Request made = request(body, "application/x-protobuf");
  const void* bytes = made.body.view().data();
  EXPECT_EQ(send(made).status, 200);
  EXPECT_EQ(answer_.body, "");
  EXPECT_THAT(answer_.headers, ElementsAre(Pair("content-type", "application/x-protobuf")));
  ASSERT_EQ(consumer_.batches.size(), 1u);
  EXPECT_EQ(consumer_.batches[0].otlp.view().data(), bytes);
  EXPECT_EQ(consumer_.batches[0].signal, Signal::traces);
  EXPECT_EQ(consumer_.batches[0].environment, kDefaultEnvironment);
}

TEST_F(OtlpReceiver, TranslatesJsonOfEverySignal) {
  const struct {
    Signal signal;
    const char* json;
  } cases[] = {{Signal::traces, kSpans}, {Signal::logs, kLogs}, {Signal::metrics, kMetrics}};
  for (const auto& c : cases) {
    EXPECT_EQ(send(request(c.json, "application/json"), c.signal).status, 200) << c.json;
    EXPECT_EQ(answer_.body, "{}");
    EXPECT_THAT(answer_.headers, ElementsAre(Pair("content-type", "application/json")));
    ASSERT_FALSE(consumer_.batches.empty());
    EXPECT_EQ(consumer_.batches.back().signal, c.signal);
    EXPECT_EQ(consumer_.batches.back().otlp.view(), protobuf_of(c.signal, c.json));
  }
}

TEST_F(OtlpReceiver, TakesEveryContentTypeItCanMakeSenseOf) {
  const std::string protobuf = protobuf_of(Signal::traces, kSpans);
  const std::string json = kSpans;
  const struct {
    const char* situation;
    std::optional<std::string> content_type;
    std::string body;
    int status;
    uint64_t mismatches;
    const char* answered_in;
  } cases[] = {
      {"parameters", "application/json; charset=utf-8", json, 200, 0, "application/json"},
      {"upper case", "Application/X-Protobuf", protobuf, 200, 0, "application/x-protobuf"},
      {"newer name of protobuf", "application/protobuf", protobuf, 200, 0, "application/x-protobuf"},
      {"JSON said to be protobuf", "application/x-protobuf", json, 200, 1, "application/json"},
      {"protobuf said to be JSON", "application/json", protobuf, 200, 1, "application/x-protobuf"},
      {"JSON after an empty line", "application/json", "\n" + json + "\n", 200, 0, "application/json"},
      {"no content type, JSON", std::nullopt, json, 200, 1, "application/json"},
      {"no content type, protobuf", std::nullopt, protobuf, 200, 1, "application/x-protobuf"},
      {"what curl says by default", "application/x-www-form-urlencoded", json, 200, 1, "application/json"},
      {"beacon of a web page", "text/plain;charset=UTF-8", json, 200, 1, "application/json"},
      {"something else", "text/plain", "hello", 415, 0, "text/plain; charset=utf-8"},
      {"gRPC-Web", "application/grpc-web+proto", "\0\0\0\0\x02\x0a\0"s, 415, 0, "text/plain; charset=utf-8"},
      {"no content type, no sense", std::nullopt, "hello", 415, 0, "text/plain; charset=utf-8"},
      {"nothing at all", std::nullopt, "", 200, 0, "application/x-protobuf"},
  };
  for (const auto& c : cases) {
    const uint64_t mismatches = value_of(Counter::otlp_content_type_mismatch);
    EXPECT_EQ(send(request(c.body, c.content_type)).status, c.status) << c.situation;
    EXPECT_EQ(value_of(Counter::otlp_content_type_mismatch) - mismatches, c.mismatches) << c.situation;
    EXPECT_THAT(answer_.headers, Contains(Pair("content-type", c.answered_in))) << c.situation;
  }
  EXPECT_EQ(answers_, static_cast<int>(std::size(cases)));
}

TEST_F(OtlpReceiver, NamesTheContentTypesItTakes) {
  const uint64_t before = value_of(Counter::unsupported_content_type);
  send(request("<a/>", "text/xml"));
  EXPECT_EQ(answer_.body,
            "415 unsupported media type, supported: [application/json, application/x-protobuf]");
  EXPECT_THAT(answer_.reason, HasSubstr("application/x-protobuf"));
  EXPECT_EQ(value_of(Counter::unsupported_content_type) - before, 1u);
}

TEST_F(OtlpReceiver, AnswersEmptyRequestsWithSuccess) {
  EXPECT_EQ(send(request("", "application/x-protobuf")).status, 200);
  EXPECT_EQ(send(request("", "application/json")).status, 200);
  EXPECT_EQ(answer_.body, "{}");
  EXPECT_EQ(send(request("{}", "application/json")).status, 200);
  EXPECT_EQ(call("").code, net::GrpcCode::ok);
  EXPECT_THAT(consumer_.batches, IsEmpty());
}

TEST_F(OtlpReceiver, AnswersMalformedJsonWithThePlaceInJson) {
  const uint64_t before = value_of(Counter::otlp_malformed);
  send(request(R"({"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"abc"}]}]}]})", "application/json"));
  EXPECT_EQ(answer_.status, 400);
  EXPECT_EQ(answer_.body, R"({"code":3,"message":"resourceSpans[0].scopeSpans[0].spans[0].traceId: )"
                          R"(expected 32 hex digits, got 3 characters: \"abc\""})");
  EXPECT_THAT(answer_.reason, StartsWith("resourceSpans[0].scopeSpans[0].spans[0].traceId: expected"));
  EXPECT_EQ(value_of(Counter::otlp_malformed) - before, 1u);
  EXPECT_THAT(consumer_.batches, IsEmpty());
}

TEST_F(OtlpReceiver, AnswersFailuresOfThePipelineInTheEncodingOfTheRequest) {
  const std::string body = protobuf_of(Signal::traces, kSpans);
  const struct {
    ErrorKind kind;
    int status;
    net::GrpcCode code;
    bool retry;
  } cases[] = {
      {ErrorKind::bad_input, 400, net::GrpcCode::invalid_argument, false},
      {ErrorKind::too_large, 413, net::GrpcCode::resource_exhausted, false},
      {ErrorKind::exhausted, 429, net::GrpcCode::resource_exhausted, true},
      {ErrorKind::unavailable, 503, net::GrpcCode::unavailable, true},
      {ErrorKind::internal, 500, net::GrpcCode::internal, false},
  };
  for (const auto& c : cases) {
    consumer_.outcome.status = Status(c.kind, "the reason");
    const std::string code = std::to_string(static_cast<int>(c.code));
    const std::string status = R"({"code":)" + code + R"(,"message":"the reason"})";

    send(request(body, "application/x-protobuf"));
    EXPECT_EQ(answer_.status, c.status);
    EXPECT_EQ(answer_.reason, "the reason");
    EXPECT_EQ(status_json(answer_.body), status);
    EXPECT_EQ(net::find_header(answer_.headers, "retry-after").has_value(), c.retry) << code;

    send(request(kSpans, "application/json"));
    EXPECT_EQ(answer_.body, status);

    call(body);
    EXPECT_EQ(grpc_answer_.code, c.code);
    EXPECT_EQ(grpc_answer_.error, "the reason");
    EXPECT_EQ(grpc_answer_.status_details.find("google.rpc.RetryInfo") != std::string::npos, c.retry) << code;
    if (c.retry) {
      EXPECT_EQ(status_json(grpc_answer_.status_details), status);
    }
  }
  EXPECT_EQ(arrivals_.refused_requests(kDefaultEnvironment), 3 * std::size(cases));
}

TEST_F(OtlpReceiver, ReportsPartialSuccessUnderTheNameOfTheSignal) {
  consumer_.outcome.rejected = 3;
  consumer_.outcome.rejection = "3 spans without ids";
  send(request(kSpans, "application/json"));
  EXPECT_EQ(answer_.status, 200);
  EXPECT_EQ(answer_.body, R"({"partialSuccess":{"rejectedSpans":"3","errorMessage":"3 spans without ids"}})");
  send(request(kLogs, "application/json"), Signal::logs);
  EXPECT_EQ(answer_.body,
            R"({"partialSuccess":{"rejectedLogRecords":"3","errorMessage":"3 spans without ids"}})");
  send(request(kMetrics, "application/json"), Signal::metrics);
  EXPECT_EQ(answer_.body,
            R"({"partialSuccess":{"rejectedDataPoints":"3","errorMessage":"3 spans without ids"}})");
  const std::string expected = "\x0a\x17\x08\x03\x12\x13"s + "3 spans without ids";
  send(request(protobuf_of(Signal::traces, kSpans), "application/x-protobuf"));
  EXPECT_EQ(answer_.body, expected);
  EXPECT_EQ(call(protobuf_of(Signal::traces, kSpans)).message, expected);
  EXPECT_EQ(arrivals_.refused_requests(kDefaultEnvironment), 0u);
  EXPECT_EQ(arrivals_.refusals(kDefaultEnvironment).front().reason, "3 spans without ids");
}

TEST_F(OtlpReceiver, PassesOnAdviceWithoutRejection) {
  consumer_.outcome.rejection = "times are in 1970: are they milliseconds?";
  send(request(kSpans, "application/json"));
  EXPECT_EQ(answer_.body,
            R"({"partialSuccess":{"errorMessage":"times are in 1970: are they milliseconds?"}})");
}

TEST_F(OtlpReceiver, AnswersWhenThePipelineIsDone) {
  consumer_.hold = true;
  send(request(kSpans, "application/json"));
  call(protobuf_of(Signal::traces, kSpans));
  EXPECT_EQ(answers_, 0);
  ASSERT_EQ(consumer_.held.size(), 2u);
  for (const auto& done : consumer_.held) done({});
  EXPECT_EQ(answers_, 2);
  EXPECT_EQ(answer_.status, 200);
}

TEST_F(OtlpReceiver, AdmitsTheKeyWhereverTheSenderPutIt) {
  build("se cret");
  const net::Headers accepted[] = {
      {{"x-honeycomb-team", "se cret"}},
      {{"x-honeycomb-team", "se%20cret"}},
      {{"x-hny-team", "se cret"}},
      {{"authorization", "Bearer se cret"}},
      {{"authorization", "Bearer%20se%20cret"}},
      {{"authorization", "bearer  se cret "}},
      {{"x-honeycomb-team", ""}, {"x-hny-team", "se cret"}},
  };
  for (const net::Headers& headers : accepted) {
    EXPECT_EQ(send(request(kSpans, "application/json", headers)).status, 200) << headers[0].second;
    EXPECT_EQ(consumer_.batches.back().environment, EnvironmentId{7});
    EXPECT_EQ(call(protobuf_of(Signal::traces, kSpans), headers).code, net::GrpcCode::ok)
        << headers[0].second;
  }
}

TEST_F(OtlpReceiver, RefusesAMissingKeyAndNamesTheHeadersSeen) {
  build("secret");
  const uint64_t before = value_of(Counter::missing_key);
  send(request(kSpans, "application/json",
               {{"x-honeycomb-taem", "secret"}, {"authorization", "Basic secret"}}));
  EXPECT_EQ(answer_.status, 401);
  EXPECT_EQ(answer_.body,
            "{\"code\":16,\"message\":\"missing 'x-honeycomb-team' header "
            "(headers seen: authorization, content-type, x-honeycomb-taem)\"}");
  EXPECT_THAT(answer_.reason, StartsWith("missing 'x-honeycomb-team' header"));
  call(protobuf_of(Signal::traces, kSpans), {{"user-agent", "grpc"}});
  EXPECT_EQ(grpc_answer_.code, net::GrpcCode::unauthenticated);
  EXPECT_EQ(grpc_answer_.error, "missing 'x-honeycomb-team' header (headers seen: user-agent)");
  EXPECT_EQ(value_of(Counter::missing_key) - before, 2u);
  EXPECT_THAT(consumer_.batches, IsEmpty());
}

TEST_F(OtlpReceiver, RefusesAnUnknownKey) {
  build("secret");
  const uint64_t before = value_of(Counter::unknown_key);
  const net::Headers wrong = {{"x-honeycomb-team", "wrong"}};
  send(request(kSpans, "application/json", wrong));
  EXPECT_EQ(answer_.status, 401);
  EXPECT_EQ(answer_.body,
            R"({"code":16,"message":"unknown API key - check your credentials, region, and API URL"})");
  send(request(protobuf_of(Signal::traces, kSpans), "application/x-protobuf", wrong));
  EXPECT_EQ(status_json(answer_.body),
            R"({"code":16,"message":"unknown API key - check your credentials, region, and API URL"})");
  EXPECT_EQ(call("", wrong).error, "unknown API key - check your credentials, region, and API URL");
  EXPECT_EQ(value_of(Counter::unknown_key) - before, 3u);
  ASSERT_FALSE(arrivals_.refusals(kDefaultEnvironment).empty());
  EXPECT_THAT(arrivals_.refusals(kDefaultEnvironment)[0].remedy, HasSubstr("clew keys"));
}

TEST_F(OtlpReceiver, RoutesBodiesSentToTheRootByWhatTheyAre) {
  const struct {
    Signal signal;
    const char* json;
  } cases[] = {{Signal::traces, kSpans}, {Signal::logs, kLogs}, {Signal::metrics, kMetrics}};
  for (const auto& c : cases) {
    const uint64_t before = value_of(Counter::otlp_path_mistaken);
    EXPECT_EQ(send_to_root(request(c.json, "application/json")).status, 200) << c.json;
    EXPECT_EQ(consumer_.batches.back().signal, c.signal);
    EXPECT_EQ(send_to_root(request(protobuf_of(c.signal, c.json), "application/x-protobuf")).status, 200)
        << c.json;
    EXPECT_EQ(consumer_.batches.back().signal, c.signal);
    EXPECT_EQ(value_of(Counter::otlp_path_mistaken) - before, 2u);
  }
  EXPECT_THAT(arrivals_.refusals(kDefaultEnvironment),
              Contains(Field(&Arrivals::Refusal::remedy, HasSubstr("OTEL_EXPORTER_OTLP_ENDPOINT"))));
  const size_t accepted = consumer_.batches.size();
  for (const std::string& body : {""s, "{}"s, "hello"s, "\x0a\x00"s, "\x0a\xff"s, "{\"a\":1}"s}) {
    EXPECT_EQ(send_to_root(request(body, "application/x-protobuf")).status, 404) << body;
    EXPECT_THAT(answer_.body, HasSubstr("/v1/traces, /v1/logs and /v1/metrics"));
  }
  EXPECT_EQ(consumer_.batches.size(), accepted);
}

TEST_F(OtlpReceiver, AnswersWebPagesFromAnyOriginByDefault) {
  const net::Headers page = {{"origin", "https://shop.example"}};
  for (const char* body : {kSpans, "{\"resourceSpans\":1}", "hello"}) {
    send(request(body, "application/json", page));
    EXPECT_THAT(answer_.headers, Contains(Pair("access-control-allow-origin", "https://shop.example")))
        << body;
    EXPECT_THAT(answer_.headers, Contains(Pair("vary", "Origin"))) << body;
  }
  send(request(kSpans, "application/json"));
  EXPECT_FALSE(net::find_header(answer_.headers, "access-control-allow-origin"));
}

TEST_F(OtlpReceiver, AddsARouteForEveryWayIn) {
  Router router;
  receiver_->add_routes(router);
  for (const char* route :
       {"POST /v1/traces", "OPTIONS /v1/logs", "POST /v1/metrics", "POST /v1/traces/v1/traces",
        "POST /v1/traces/v1/metrics", "POST /", "POST /v1development/profiles"}) {
    EXPECT_THAT(router.routes(), Contains(route));
  }
  net::GrpcRequest made;
  made.method = "/opentelemetry.proto.collector.logs.v1.LogsService/Export";
  made.message = SharedBytes(protobuf_of(Signal::logs, kLogs));
  net::GrpcResponse response;
  router.handle_grpc(made, [&](net::GrpcResponse given) { response = std::move(given); });
  EXPECT_EQ(response.code, net::GrpcCode::ok);
  ASSERT_EQ(consumer_.batches.size(), 1u);
  EXPECT_EQ(consumer_.batches[0].signal, Signal::logs);
  made.method = "/opentelemetry.proto.collector.profiles.v1development.ProfilesService/Export";
  router.handle_grpc(made, [&](net::GrpcResponse given) { response = std::move(given); });
  EXPECT_EQ(response.code, net::GrpcCode::unimplemented);
  EXPECT_THAT(response.error, HasSubstr("no profiles"));
}

TEST_F(OtlpReceiver, TellsWhoSentWhat) {
  consumer_.outcome.accepted = 1;
  send(request(kSpans, "application/json", {{"user-agent", "OTel-OTLP-Exporter-JavaScript/0.52"}}));
  call(protobuf_of(Signal::traces, kSpans));
  const auto senders = arrivals_.senders(kDefaultEnvironment);
  ASSERT_EQ(senders.size(), 2u);
  EXPECT_EQ(senders[0].sender.protocol, "OTLP/gRPC traces");
  EXPECT_EQ(senders[1].sender.protocol, "OTLP/HTTP JSON traces");
  EXPECT_EQ(senders[1].sender.agent, "OTel-OTLP-Exporter-JavaScript/0.52");
  EXPECT_EQ(senders[1].items, 1u);
}

TEST_F(OtlpReceiver, PointsOutAServiceWithoutAName) {
  const struct {
    const char* resource;
    bool pointed_out;
  } cases[] = {
      {R"({"attributes":[{"key":"a","value":{"stringValue":"b"}},{"key":"service.name","value":{"stringValue":"shop"}}]})",
       false},
      {R"({"attributes":[{"key":"service.name","value":{"stringValue":"unknown_service:java"}}]})", true},
      {R"({"attributes":[{"key":"a","value":{"stringValue":"service.name"}}]})", true},
      {"{}", true},
      {"null", true},
  };
  for (const auto& c : cases) {
    Arrivals arrivals;
    Receiver receiver(consumer_, *access_, arrivals);
    const std::string body = R"({"resourceSpans":[{"resource":)" + std::string(c.resource) +
                             R"(,"scopeSpans":[{"spans":[{"name":"a"}]}]}]})";
    receiver.receive(Signal::traces, request(body, "application/json"),
                     [](net::Response response) { EXPECT_EQ(response.status, 200); });
    const auto noted = arrivals.refusals(kDefaultEnvironment);
    EXPECT_EQ(noted.size(), c.pointed_out ? 1u : 0u) << c.resource;
    EXPECT_EQ(!noted.empty() && noted[0].remedy.starts_with("Set OTEL_SERVICE_NAME"), c.pointed_out)
        << c.resource;
  }
}

}  // namespace
}  // namespace clew::otlp
