#include "net/server.h"

#include <atomic>
#include <mutex>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/counters.h"
#include "net/http_client.h"
#include "net/raw_client.h"

namespace clew::net {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

TEST(Server, two_hundred_connections_at_once) {
  const TestServer server;
  std::vector<std::unique_ptr<RawClient>> clients;
  for (int i = 0; i < 200; ++i) clients.push_back(std::make_unique<RawClient>(server.port()));
  for (int round = 0; round < 3; ++round) {
    for (size_t i = 0; i < clients.size(); ++i)
      clients[i]->send("GET /" + std::to_string(i) + " HTTP/1.1\r\nHost: a\r\n\r\n");
    for (size_t i = 0; i < clients.size(); ++i)
      EXPECT_THAT(clients[i]->read("]"), HasSubstr("GET /" + std::to_string(i) + " []"));
  }
}

TEST(Server, too_many_connections_are_told) {
  ServerOptions options;
  options.limits.connections = 3;
  const TestServer server(std::move(options));
  std::vector<std::unique_ptr<RawClient>> open;
  for (int i = 0; i < 3; ++i) {
    open.push_back(std::make_unique<RawClient>(server.port()));
    open.back()->send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    open.back()->read("]");
  }
  const uint64_t before = value_of(Counter::connections_refused);
  EXPECT_THAT(RawClient(server.port()).read(), StartsWith("HTTP/1.1 503 Too many connections are open"));
  EXPECT_EQ(value_of(Counter::connections_refused), before + 1);
  open.clear();
  for (int i = 0; i < 100; ++i) {
    const std::string answer = answer_to(server, "GET /now HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    if (answer.find("GET /now []") != std::string::npos) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  FAIL() << "connections that were closed still count";
}

TEST(Server, a_taken_port_is_said) {
  const TestServer server;
  ServerOptions options;
  options.doors = {{"127.0.0.1:" + std::to_string(server.port())}};
  const auto second = Server::start(options, echo, {});
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.status().kind(), ErrorKind::conflict);
  EXPECT_THAT(std::string(second.status().message()), HasSubstr("Another program has this port"));
}

TEST(Server, addresses_that_mean_nothing) {
  for (const char* address :
       {"", "localhost", "127.0.0.1:", "127.0.0.1:65536", "::1:80", "[::1", "[::1]x:1"}) {
    ServerOptions options;
    options.doors = {{address}};
    const auto server = Server::start(options, echo, {});
    ASSERT_FALSE(server.ok()) << address;
    EXPECT_EQ(server.status().kind(), ErrorKind::bad_input) << address;
  }
}

TEST(Server, several_doors) {
  ServerOptions options;
  options.doors = {{"127.0.0.1:0"}, {"localhost:0"}};
  const TestServer server(std::move(options), [](Request request, Responder responder) {
    responder.send(
        text_response(200, std::to_string(request.door) + (request.peer_is_loopback ? " loopback" : "")));
  });
  const std::vector<uint16_t> ports = server.server->ports();
  ASSERT_EQ(ports.size(), 2u);
  for (const uint16_t port : ports) {
    RawClient client(port);
    client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    EXPECT_THAT(client.read(), EndsWith(std::to_string(port) + " loopback<closed>"));
  }
}

TEST(Server, stops_when_what_is_under_way_is_done) {
  std::atomic<int> begun{0};
  TestServer server({}, [&](Request request, Responder responder) {
    ++begun;
    std::thread([request, responder] {
      std::this_thread::sleep_for(std::chrono::milliseconds(200));
      echo(request, responder);
    }).detach();
  });
  RawClient busy(server.port()), idle(server.port());
  idle.send("GET /idle HTTP/1.1\r\nHost: a\r\n\r\n");
  idle.read("]");
  busy.send("GET /busy HTTP/1.1\r\nHost: a\r\n\r\n");
  while (begun < 2) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  const Nanoseconds before = monotonic_now();
  std::thread reading([&] {
    EXPECT_EQ(idle.read(), "<closed>");
    idle.close();
    const std::string answer = busy.read();
    EXPECT_THAT(answer, HasSubstr("connection: close"));
    EXPECT_THAT(answer, EndsWith("GET /busy []<closed>"));
    busy.close();
  });
  server.server->stop(seconds(10));
  EXPECT_LT((monotonic_now().count - before.count), seconds(9).count);
  reading.join();
}

TEST(Server, stops_after_the_grace_all_the_same) {
  std::vector<Responder> never;
  TestServer server({}, [&](Request, Responder responder) { never.push_back(std::move(responder)); });
  RawClient client(server.port());
  client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  const Nanoseconds before = monotonic_now();
  server.server->stop(milliseconds(100));
  EXPECT_LT((monotonic_now().count - before.count), seconds(9).count);
  for (const Responder& responder : never) {
    EXPECT_TRUE(responder.cancelled());
    responder.send(text_response(200, "too late"));
  }
}

struct ExpectedMistake {
  std::string_view name;
  std::string bytes;
  std::string_view answer;
  int status;
  std::string_view agent;
  std::string_view what;
  std::string_view remedy;
};

TEST(Server, tells_who_makes_which_mistake_and_what_to_change) {
  const std::string post =
      "POST /v1/traces?key=secret HTTP/1.1\r\nHost: a\r\nUser-Agent: my-sender/1.0\r\nConnection: close\r\n";
  const ExpectedMistake cases[] = {
      {"TLS", std::string("\x16\x03\x01\x00\x05hello", 10), "speaks no TLS", 400, "", "opened TLS on port",
       "Write http:// in place of https://"},
      {"X-Ray", "{\"format\":\"json\",\"version\":1}\n{}", "X-Ray", 400, "", "X-Ray", "over UDP"},
      {"nothing known", "\x01\x02", "expected an HTTP request", 400, "", "expected an HTTP request", "doors"},
      {"too large", post + "Content-Length: 9000\r\n\r\n", "413", 413, "my-sender/1.0",
       "POST /v1/traces: request body over the limit of 4096 bytes", "--max-body-bytes"},
      {"no gzip", post + "Content-Encoding: gzip\r\nContent-Length: 7\r\n\r\nno gzip", "400", 400,
       "my-sender/1.0", "POST /v1/traces: ", "encoding header"},
      {"unknown encoding", post + "Content-Encoding: br\r\nContent-Length: 1\r\n\r\na", "415", 415,
       "my-sender/1.0", "\"br\" is not offered", "gzip, deflate, zstd"},
      {"malformed", post + "no colon\r\n\r\n", "400", 400, "", "a header without a colon",
       "between sender and clew"},
  };
  for (const ExpectedMistake& one : cases) {
    SCOPED_TRACE(one.name);
    std::mutex mutex;
    std::vector<Mistake> told;
    ServerOptions options;
    options.limits.body_bytes = 4096;
    options.on_mistake = [&](const Mistake& mistake) {
      const std::lock_guard lock(mutex);
      told.push_back(mistake);
    };
    const TestServer server(std::move(options));
    EXPECT_THAT(answer_to(server, one.bytes), HasSubstr(one.answer));
    const std::lock_guard lock(mutex);
    ASSERT_EQ(told.size(), 1u);
    EXPECT_EQ(told[0].status, one.status);
    EXPECT_EQ(told[0].agent, one.agent);
    EXPECT_EQ(told[0].door, server.port());
    EXPECT_TRUE(told[0].peer_is_loopback);
    EXPECT_THAT(told[0].what, HasSubstr(one.what));
    EXPECT_THAT(told[0].what, Not(HasSubstr("secret")));
    EXPECT_THAT(told[0].remedy, HasSubstr(one.remedy));
  }
}

}  // namespace
}  // namespace clew::net
