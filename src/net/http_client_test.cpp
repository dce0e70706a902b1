#include "net/http_client.h"

#include <atomic>
#include <set>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "net/raw_client.h"

namespace clew::net {
namespace {

using testing::HasSubstr;

std::unique_ptr<HttpClient> make_client(HttpClientOptions options = {}) {
  auto client = HttpClient::create(std::move(options));
  EXPECT_TRUE(client.ok());
  return std::move(*client);
}

TEST(HttpClient, urls) {
  struct Case {
    std::string text;
    std::string understood;  // empty: refused
  };
  const Case cases[] = {
      {"http://localhost", "localhost 80 / localhost"},
      {"https://api.example.com", "tls api.example.com 443 / api.example.com"},
      {"http://127.0.0.1:4318/v1/traces?a=b#c", "127.0.0.1 4318 /v1/traces?a=b 127.0.0.1:4318"},
      {"http://[::1]:80/x", "::1 80 /x [::1]:80"},
      {"http://host?query", "host 80 /?query host"},
      {"ftp://host", ""},
      {"host:80", ""},
      {"http://", ""},
      {"http://user:word@host/", ""},
      {"http://host:port/", ""},
      {"http://host/a b", ""},
      {"http://host/\r\nx: y", ""},
  };
  for (const Case& it : cases) {
    const auto url = parse_url(it.text);
    ASSERT_EQ(url.ok(), !it.understood.empty()) << it.text;
    if (!url.ok()) continue;
    EXPECT_EQ((url->tls ? "tls " : "") + url->host + " " + std::to_string(url->port) + " " + url->target +
                  " " + url->host_header,
              it.understood);
  }
}

TEST(HttpClient, uses_connections_again) {
  std::mutex mutex;
  std::set<std::string> peers;
  const TestServer server({}, [&](Request request, Responder responder) {
    std::lock_guard lock(mutex);
    peers.insert(request.peer);
    echo(request, responder);
  });
  const auto client = make_client();
  for (int i = 0; i < 10; ++i) {
    const auto response = client->send({.method = "POST",
                                        .url = server.url("/x"),
                                        .headers = {},
                                        .body = std::to_string(i),
                                        .compression = {}});
    ASSERT_TRUE(response.ok()) << response.status().to_string();
    EXPECT_EQ(response->status, 200);
    EXPECT_EQ(response->body, "POST /x [" + std::to_string(i) + "]");
  }
  EXPECT_EQ(peers.size(), 1u);
}

TEST(HttpClient, a_kept_connection_that_was_closed_is_opened_anew) {
  ServerOptions options;
  options.limits.idle = milliseconds(20);
  const TestServer server(std::move(options));
  const auto client = make_client();
  for (int i = 0; i < 3; ++i) {
    const auto response =
        client->send({.url = server.url("/"), .headers = {}, .body = {}, .compression = {}});
    ASSERT_TRUE(response.ok()) << response.status().to_string();
    std::this_thread::sleep_for(std::chrono::milliseconds(80));
  }
}

TEST(HttpClient, compresses_and_decompresses) {
  const std::string text(100'000, 'a');
  const TestServer server({}, [&](Request request, Responder responder) {
    EXPECT_LT(request.body_bytes_on_wire, 5000u);
    EXPECT_EQ(request.body.view(), text);
    responder.send({.status = 200,
                    .reason = {},
                    .headers = {{"content-encoding", "zstd"}},
                    .body = compress(Compression::zstd, text)});
  });
  for (const auto how : {Compression::gzip, Compression::zstd}) {
    const auto client = make_client();
    const auto response = client->send(
        {.method = "POST", .url = server.url("/"), .headers = {}, .body = text, .compression = how});
    ASSERT_TRUE(response.ok()) << response.status().to_string();
    EXPECT_EQ(response->body, text);
  }
}

TEST(HttpClient, reads_every_kind_of_answer) {
  const TestServer server({}, [](Request request, Responder responder) {
    if (request.path == "/stream") {
      responder.begin({.status = 200, .reason = {}, .headers = {}, .body = "a"});
      responder.write("b");
      responder.write(std::string(100'000, 'c'));
      return responder.end();
    }
    if (request.path == "/empty")
      return responder.send({.status = 204, .reason = {}, .headers = {}, .body = {}});
    responder.send(
        {.status = 429, .reason = "slow down please", .headers = {{"retry-after", "3"}}, .body = "later"});
  });
  const auto client = make_client();
  for (int round = 0; round < 2; ++round) {
    const auto streamed =
        client->send({.url = server.url("/stream"), .headers = {}, .body = {}, .compression = {}});
    ASSERT_TRUE(streamed.ok());
    EXPECT_EQ(streamed->body, "ab" + std::string(100'000, 'c'));
    const auto empty =
        client->send({.url = server.url("/empty"), .headers = {}, .body = {}, .compression = {}});
    ASSERT_TRUE(empty.ok());
    EXPECT_EQ(empty->status, 204);
    const auto head = client->send(
        {.method = "HEAD", .url = server.url("/x"), .headers = {}, .body = {}, .compression = {}});
    ASSERT_TRUE(head.ok());
    EXPECT_EQ(head->status, 429);
    EXPECT_EQ(head->body, "");
    const auto refused =
        client->send({.url = server.url("/x"), .headers = {}, .body = {}, .compression = {}});
    ASSERT_TRUE(refused.ok());
    EXPECT_EQ(refused->reason, "slow down please");
    EXPECT_EQ(refused->header("retry-after"), "3");
    EXPECT_EQ(refused->body, "later");
  }
}

TEST(HttpClient, a_refusal_is_read_while_the_body_is_still_being_sent) {
  ServerOptions options;
  options.limits.body_bytes = 1000;
  const TestServer server(std::move(options));
  const auto response = make_client()->send({.method = "POST",
                                             .url = server.url("/"),
                                             .headers = {},
                                             .body = std::string(20 << 20, 'x'),
                                             .compression = {}});
  ASSERT_TRUE(response.ok()) << response.status().to_string();
  EXPECT_EQ(response->status, 413);
}

TEST(HttpClient, limits_and_times) {
  const TestServer server({}, [](Request request, Responder responder) {
    if (request.path == "/never") {
      std::thread([responder] {
        std::this_thread::sleep_for(std::chrono::milliseconds(500));
        responder.send({});
      }).detach();
      return;
    }
    if (request.path == "/bomb")
      return responder.send({.status = 200,
                             .reason = {},
                             .headers = {{"content-encoding", "gzip"}},
                             .body = compress(Compression::gzip, std::string(1 << 20, ' '))});
    responder.send({.status = 200,
                    .reason = {},
                    .headers = {{"x", std::string(request.path == "/head" ? 5000 : 1, 'x')}},
                    .body = std::string(10'001, 'x')});
  });
  HttpClientOptions options;
  options.timeout = milliseconds(100);
  options.answer_body_bytes = 10'000;
  options.answer_header_bytes = 1000;
  const auto client = make_client(options);
  const auto kind_of = [&](std::string_view path) {
    return client->send({.url = server.url(path), .headers = {}, .body = {}, .compression = {}})
        .status()
        .kind();
  };
  EXPECT_EQ(kind_of("/never"), ErrorKind::cancelled);
  EXPECT_EQ(kind_of("/body"), ErrorKind::too_large);
  EXPECT_EQ(kind_of("/head"), ErrorKind::too_large);
  EXPECT_EQ(kind_of("/bomb"), ErrorKind::too_large);
}

TEST(HttpClient, what_waits_can_be_given_up) {
  std::atomic<bool> asked = false;
  std::mutex mutex;
  std::vector<Responder> unanswered;
  const TestServer server({}, [&](Request, Responder responder) {
    const std::lock_guard lock(mutex);
    unanswered.push_back(std::move(responder));
    asked = true;
  });
  const auto client = make_client({.timeout = seconds(600)});
  const ClientRequest request{.url = server.url("/"), .headers = {}, .body = {}, .compression = {}};
  ErrorKind waiting = ErrorKind::internal;
  std::thread sender([&] { waiting = client->send(request).status().kind(); });
  while (!asked) std::this_thread::yield();
  client->cancel();
  sender.join();
  EXPECT_EQ(waiting, ErrorKind::cancelled);
  EXPECT_EQ(client->send(request).status().kind(), ErrorKind::cancelled);
  const std::lock_guard lock(mutex);
  for (const Responder& one : unanswered) one.send({});
}

TEST(HttpClient, nobody_there) {
  uint16_t port;
  {
    const TestServer server;
    port = server.port();
  }
  const auto response = make_client()->send({.url = "http://127.0.0.1:" + std::to_string(port) + "/",
                                             .headers = {},
                                             .body = {},
                                             .compression = {}});
  ASSERT_FALSE(response.ok());
  EXPECT_EQ(response.status().kind(), ErrorKind::unavailable);
  EXPECT_THAT(std::string(response.status().message()), HasSubstr("Connection refused"));
}

TEST(HttpClient, answers_that_are_not_http) {
  auto listeners = listen_on("127.0.0.1:0");
  ASSERT_TRUE(listeners.ok());
  const auto answer_with = [&](std::string_view bytes) {
    std::thread peer([&] {
      ASSERT_TRUE(wait_for(listeners->front().socket.number(), POLLIN, seconds(5)));
      FileDescriptor socket(accept(listeners->front().socket.number(), nullptr, nullptr));
      char request[4096];
      EXPECT_GT(recv(socket.number(), request, sizeof request, 0), 0);
      EXPECT_EQ(send(socket.number(), bytes.data(), bytes.size(), MSG_NOSIGNAL),
                static_cast<ssize_t>(bytes.size()));
    });
    const auto response =
        make_client()->send({.url = "http://127.0.0.1:" + std::to_string(listeners->front().port) + "/",
                             .headers = {},
                             .body = {},
                             .compression = {}});
    peer.join();
    return response.ok() ? response->body : std::string(name_of(response.status().kind()));
  };
  EXPECT_EQ(answer_with("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"), "ok");
  EXPECT_EQ(answer_with("HTTP/1.0 200\r\n\r\nuntil the end"), "until the end");
  EXPECT_EQ(answer_with("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"), "ok");
  EXPECT_EQ(answer_with("SSH-2.0-OpenSSH_9.2\r\n"), name_of(ErrorKind::bad_input));
  EXPECT_EQ(answer_with("HTTP/1.1 200 OK\r\nContent-Length: two\r\n\r\nok"), name_of(ErrorKind::bad_input));
  EXPECT_EQ(answer_with("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok"), name_of(ErrorKind::unavailable));
  EXPECT_EQ(answer_with(""), name_of(ErrorKind::unavailable));
}

}  // namespace
}  // namespace clew::net
