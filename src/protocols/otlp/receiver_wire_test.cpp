// The receiver behind a real server, asked by real clients: what arrives at the other end of the wire.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "net/grpc_client.h"
#include "net/http_client.h"
#include "net/server.h"
#include "protocols/otlp/receiver.h"
#include "protocols/otlp/receiver_doubles.h"
#include "telemetry/otlp_json.h"

namespace clew::otlp {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr const char* kLogs =
    R"({"resourceLogs":[{"scopeLogs":[{"logRecords":[{"timeUnixNano":"1","body":{"stringValue":"hi"}}]}]}]})";
constexpr const char* kExportLogs = "/opentelemetry.proto.collector.logs.v1.LogsService/Export";

class OtlpOverTheWire : public ::testing::Test {
 protected:
  void SetUp() override {
    receiver_.add_routes(router_);
    net::ServerOptions options;
    options.doors = {{.address = "127.0.0.1:0"}};
    options.threads = 1;
    auto server = net::Server::start(
        std::move(options),
        [this](net::Request request, net::Responder responder) {
          router_.handle(std::move(request), std::move(responder));
        },
        [this](net::GrpcRequest request, net::GrpcResponder responder) {
          router_.handle_grpc(std::move(request), std::move(responder));
        });
    ASSERT_TRUE(server.ok()) << server.status().to_string();
    server_ = std::move(*server);
    http_ = net::HttpClient::create({}).value();
    const std::string address = "127.0.0.1:" + std::to_string(server_->ports()[0]);
    grpc_ = net::GrpcClient::create({.server = address}).value();
  }

  net::ClientResponse ask(std::string method, const std::string& path, std::string body,
                          net::Headers headers = {}) {
    headers.emplace_back("content-type", "application/json");
    Result<net::ClientResponse> response =
        http_->send({.method = std::move(method),
                     .url = "http://127.0.0.1:" + std::to_string(server_->ports()[0]) + path,
                     .headers = std::move(headers),
                     .body = std::move(body)});
    EXPECT_TRUE(response.ok()) << response.status().to_string();
    return response.ok() ? std::move(*response) : net::ClientResponse();
  }

  RecordingConsumer consumer_;
  OneKey access_;
  Arrivals arrivals_;
  Receiver receiver_{consumer_, access_, arrivals_};
  Router router_;
  std::unique_ptr<net::Server> server_;
  std::unique_ptr<net::HttpClient> http_;
  std::unique_ptr<net::GrpcClient> grpc_;
};

TEST_F(OtlpOverTheWire, EveryPathOfASignalLeadsToIt) {
  for (const char* path : {"/v1/logs", "/v1/logs/", "/v1/logs/v1/logs", "/v1/traces/v1/logs", "/"}) {
    const size_t before = consumer_.batches.size();
    const net::ClientResponse response = ask("POST", path, kLogs);
    EXPECT_EQ(response.status, 200) << path;
    EXPECT_EQ(response.body, "{}") << path;
    ASSERT_EQ(consumer_.batches.size(), before + 1) << path;
    EXPECT_EQ(consumer_.batches.back().signal, Signal::logs) << path;
  }
}

TEST_F(OtlpOverTheWire, OtherPathsAndMethodsAreToldTheRightOnes) {
  const net::ClientResponse misspelt = ask("POST", "/v1/log", kLogs);
  EXPECT_EQ(misspelt.status, 404);
  EXPECT_THAT(misspelt.reason, HasSubstr("/v1/logs"));
  const net::ClientResponse method = ask("PUT", "/v1/logs", kLogs);
  EXPECT_EQ(method.status, 405);
  EXPECT_THAT(std::string(method.header("allow").value_or("")), HasSubstr("POST"));
  EXPECT_EQ(ask("POST", "/v1development/profiles", "{}").status, 501);
}

TEST_F(OtlpOverTheWire, TheReasonPhraseSaysWhatIsWrong) {
  const net::ClientResponse response = ask("POST", "/v1/logs", R"({"resourceLogs":[{"scopeLogs":7}]})");
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(response.reason, "resourceLogs[0].scopeLogs: expected an array, got a number");
  EXPECT_EQ(response.body,
            R"({"code":3,"message":"resourceLogs[0].scopeLogs: expected an array, got a number"})");
}

TEST_F(OtlpOverTheWire, ABusyStoreTellsWhenToComeAgain) {
  consumer_.outcome.status = Status(ErrorKind::exhausted, "the disk is full");
  const net::ClientResponse response = ask("POST", "/v1/logs", kLogs);
  EXPECT_EQ(response.status, 429);
  EXPECT_EQ(response.header("retry-after"), "1");
  const net::GrpcAnswer answer = grpc_->call_and_wait(kExportLogs, *json_to_protobuf(Signal::logs, kLogs));
  EXPECT_EQ(answer.code, net::GrpcCode::resource_exhausted);
  EXPECT_EQ(answer.error, "the disk is full");
  EXPECT_THAT(answer.status_details, HasSubstr("google.rpc.RetryInfo"));
}

TEST_F(OtlpOverTheWire, PartialSuccessArrivesOverGrpc) {
  consumer_.outcome.rejected = 2;
  consumer_.outcome.rejection = "2 without a time";
  const net::GrpcAnswer answer = grpc_->call_and_wait(kExportLogs, *json_to_protobuf(Signal::logs, kLogs));
  EXPECT_EQ(answer.code, net::GrpcCode::ok);
  EXPECT_EQ(*protobuf_to_json(export_response(Signal::logs), answer.message.view()),
            R"({"partialSuccess":{"rejectedLogRecords":"2","errorMessage":"2 without a time"}})");
}

TEST_F(OtlpOverTheWire, AnUnknownServiceIsUnimplemented) {
  const net::GrpcAnswer answer =
      grpc_->call_and_wait("/opentelemetry.proto.collector.log.v1.LogService/Export", "");
  EXPECT_EQ(answer.code, net::GrpcCode::unimplemented);
  EXPECT_THAT(answer.error, HasSubstr(kExportLogs));
}

TEST_F(OtlpOverTheWire, PreflightRequestsOfWebPagesAreAnswered) {
  const net::ClientResponse response =
      ask("OPTIONS", "/v1/logs", "",
          {{"origin", "https://shop.example"}, {"access-control-request-method", "POST"}});
  EXPECT_EQ(response.status, 204);
  EXPECT_EQ(response.header("access-control-allow-origin"), "https://shop.example");
  EXPECT_THAT(std::string(response.header("access-control-allow-methods").value_or("")), StartsWith("POST"));
}

}  // namespace
}  // namespace clew::otlp
