#include "app/ask.h"

#include <chrono>
#include <memory>
#include <sstream>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "net/server.h"

namespace clew::app {
namespace {

using testing::HasSubstr;

// A server that answers every request in the same way and remembers the last.
class CannedServer {
 public:
  using Answer = std::function<void(const net::Request&, const net::Responder&)>;
  explicit CannedServer(Answer answer) {
    auto started = net::Server::start(
        {.doors = {{"127.0.0.1:0"}}, .tls = {}, .threads = 1, .on_mistake = {}},
        [answer](const net::Request& request, net::Responder responder) {
          // Apart from the event loop, so that an answer may take its time.
          std::thread([=] { answer(request, responder); }).detach();
        },
        [](const net::GrpcRequest&, const net::GrpcResponder&) {});
    server_ = std::move(started).value();
  }
  ~CannedServer() { server_->stop(seconds(1)); }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(server_->ports().front()); }

 private:
  std::unique_ptr<net::Server> server_;
};

TEST(Ask, WhatBeginsWithABraceIsASpecification) {
  const CannedServer server([](const net::Request& request, const net::Responder& responder) {
    EXPECT_EQ(request.body.view(), R"({"specification":{"calculations":[{"op":"COUNT"}]},"series":true})");
    responder.begin({.status = 200, .headers = {{"content-type", "application/x-ndjson"}}, .body = {}});
    responder.write("{\"result\":{\"rows\":[[1]]}}\n");
    responder.end();
  });
  const auto ask = [&](std::string question) {
    return ask_server({.question = std::move(question),
                       .from = {},
                       .to = {},
                       .signal = {},
                       .server = server.url(),
                       .key = {},
                       .tls_ca = {}});
  };
  const Result<std::string> answer = ask(" {\"calculations\": [{\"op\": \"COUNT\"}]}\n");
  ASSERT_TRUE(answer.ok()) << answer.status().message();
  EXPECT_EQ(*answer, R"({"rows":[[1]]})");
  EXPECT_THAT(ask("{\"calculations\": ").status().to_string(),
              HasSubstr("the specification is no JSON object"));
}

TEST(Ask, SendsTheQuestionAndShowsHowFarItIs) {
  const CannedServer server([](const net::Request& request, const net::Responder& responder) {
    EXPECT_EQ(request.path, "/clew/v1/query");
    EXPECT_EQ(request.header("x-honeycomb-team"), "secret");
    EXPECT_EQ(request.body.view(), R"({"query":"COUNT","from":"-7d","signal":"logs","series":true})");
    responder.begin({.status = 200, .headers = {{"content-type", "application/x-ndjson"}}, .body = {}});
    std::this_thread::sleep_for(std::chrono::milliseconds(350));
    responder.write("{\"progress\":{\"rows_scanned\":25,\"rows_total\":100,\"elapsed_ms\":350}}\n{\"progre");
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    responder.write(
        "ss\":{\"rows_scanned\":99,\"rows_total\":100,\"elapsed_ms\":400}}\n{\"result\":{\"rows\":[[1]]}}\n");
    responder.end();
  });
  std::ostringstream terminal;
  const Result<std::string> answer = ask_server({.question = "COUNT",
                                                 .from = "7d",
                                                 .to = {},
                                                 .signal = "logs",
                                                 .server = server.url() + "/",
                                                 .key = "secret",
                                                 .tls_ca = {},
                                                 .progress = &terminal});
  ASSERT_TRUE(answer.ok()) << answer.status().to_string();
  EXPECT_EQ(*answer, R"({"rows":[[1]]})");
  EXPECT_THAT(terminal.str(), HasSubstr(" 25 % of 100 rows, 0.3 s"));
  EXPECT_TRUE(terminal.str().ends_with("\r\x1b[K")) << "the line is wiped in the end";
}

TEST(Ask, RefusalsAreSentences) {
  struct Case {
    int status;
    const char* body;
    ErrorKind kind;
    const char* message;
  };
  for (const Case& c :
       {Case{400, R"({"error":"what?","kind":"bad_input"})", ErrorKind::bad_input, "what?"},
        Case{401, R"({"error":"missing key","kind":"unauthenticated"})", ErrorKind::unavailable,
             "missing key (--key, or CLEW_KEY)"},
        Case{404, "no such page", ErrorKind::unavailable, "the server answered 404: no such page"},
        Case{200, R"({"error":"took too long","kind":"exhausted"})", ErrorKind::unavailable, "took too long"},
        Case{200, R"({"error":"what?","kind":"bad_input"})", ErrorKind::bad_input, "what?"},
        Case{200, R"({"progress":{}})", ErrorKind::unavailable,
             "the server broke off in the middle of its answer"},
        Case{200, "", ErrorKind::unavailable, "the server broke off in the middle of its answer"}}) {
    const CannedServer server([&](const net::Request&, const net::Responder& responder) {
      responder.send(net::json_response(c.status, c.body));
    });
    const Status status = ask_server({.question = "COUNT", .server = server.url()}).status();
    ASSERT_FALSE(status.ok()) << c.body;
    EXPECT_EQ(status.kind(), c.kind) << c.body;
    EXPECT_EQ(status.message(), c.message);
  }
}

}  // namespace
}  // namespace clew::app
