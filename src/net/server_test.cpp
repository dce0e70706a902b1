#include "net/server.h"

#include <atomic>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/counters.h"
#include "net/http_client.h"
#include "net/raw_client.h"

namespace clew::net {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
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

TEST(Server, tells_a_person_about_tls_on_a_plain_door) {
  std::mutex mutex;
  std::string told;
  ServerOptions options;
  options.on_mistake = [&](std::string_view line) {
    std::lock_guard lock(mutex);
    told = line;
  };
  const TestServer server(std::move(options));
  EXPECT_EQ(answer_to(server, std::string("\x16\x03\x01\x00\x05hello", 10)), "<closed>");
  std::lock_guard lock(mutex);
  EXPECT_THAT(told, HasSubstr("use http:// (or insecure=true) in the sender"));
}

}  // namespace
}  // namespace clew::net
