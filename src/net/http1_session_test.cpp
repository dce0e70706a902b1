#include <atomic>
#include <mutex>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/compression.h"
#include "base/counters.h"
#include "net/raw_client.h"

namespace clew::net {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

ServerOptions with(Limits limits) {
  ServerOptions options;
  options.limits = limits;
  return options;
}

size_t count_of(std::string_view text, std::string_view part) {
  size_t times = 0;
  for (size_t at = text.find(part); at != std::string_view::npos; at = text.find(part, at + part.size()))
    ++times;
  return times;
}

constexpr std::string_view kFour =
    "GET /one?x=1 HTTP/1.1\r\nHost: a\r\n\r\n"
    "POST /two HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"
    "POST /three HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\ndef\r\n2\r\ngh\r\n0\r\n\r\n"
    "GET /four%20five HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

void expect_four_answers(const std::string& answers) {
  const size_t one = answers.find("GET /one?x=1 []"), two = answers.find("POST /two [abc]"),
               three = answers.find("POST /three [defgh]"), four = answers.find("GET /four five []<closed>");
  EXPECT_TRUE(one < two && two < three && three < four && four != std::string::npos) << answers;
}

TEST(Http1Session, torn_at_every_byte) {
  const TestServer server;
  for (size_t cut = 0; cut < kFour.size(); ++cut) {
    RawClient client(server.port());
    client.send(kFour.substr(0, cut));
    std::this_thread::sleep_for(std::chrono::microseconds(300));
    client.send(kFour.substr(cut));
    const std::string answers = client.read();
    expect_four_answers(answers);
    if (HasFailure()) FAIL() << "cut at " << cut;
  }
}

TEST(Http1Session, one_byte_at_a_time) {
  const TestServer server;
  RawClient client(server.port());
  for (const char byte : kFour) client.send({&byte, 1});
  expect_four_answers(client.read());
}

TEST(Http1Session, answers_from_other_threads_keep_the_order_of_requests) {
  std::mutex mutex;
  std::vector<std::pair<Request, Responder>> open;
  std::atomic<bool> done{false};
  const TestServer server({}, [&](Request request, Responder responder) {
    std::lock_guard lock(mutex);
    open.emplace_back(std::move(request), std::move(responder));
  });
  // Answers whatever is open, the latest first.
  std::thread answering([&] {
    while (!done) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
      std::lock_guard lock(mutex);
      for (auto it = open.rbegin(); it != open.rend(); ++it) echo(it->first, it->second);
      open.clear();
    }
  });
  constexpr int kRequests = 1000;  // more than may be under way at once
  std::string all;
  for (int i = 0; i < kRequests; ++i)
    all += "GET /" + std::to_string(i) + " HTTP/1.1\r\nHost: a\r\n" +
           (i + 1 == kRequests ? "Connection: close\r\n\r\n" : "\r\n");
  RawClient client(server.port());
  client.send(all);
  const std::string answers = client.read();
  done = true;
  answering.join();
  size_t at = 0;
  for (int i = 0; i < kRequests; ++i) {
    at = answers.find("GET /" + std::to_string(i) + " []", at);
    ASSERT_NE(at, std::string::npos) << i;
  }
  EXPECT_THAT(answers, EndsWith("<closed>"));
}

struct Refused {
  const char* situation;
  std::string bytes;
  std::string answer;  // how the answer starts
  Counter counter;
};

TEST(Http1Session, refusals_say_why_are_counted_and_close) {
  Limits limits;
  limits.header_bytes = 1000;
  limits.body_bytes = 1000;
  const TestServer server(with(limits));
  const std::string post = "POST / HTTP/1.1\r\nHost: a\r\n";
  const std::string bomb = compress(Compression::gzip, std::string(100'000, ' '));
  const std::string damaged = compress(Compression::gzip, "some text").substr(0, 15);
  const auto body = [&](const std::string& headers, const std::string& bytes) {
    return post + headers + "Connection: close\r\nContent-Length: " + std::to_string(bytes.size()) +
           "\r\n\r\n" + bytes;
  };
  const Refused cases[] = {
      {"header too large", "GET / HTTP/1.1\r\nHost: a\r\nx: " + std::string(2000, 'x'),
       "HTTP/1.1 431 request header over the limit of 1000 bytes\r\n", Counter::header_too_large},
      {"body announced too large", post + "Content-Length: 1001\r\n\r\n",
       "HTTP/1.1 413 request body over the limit of 1000 bytes\r\n", Counter::body_too_large},
      {"chunks too large", post + "Transfer-Encoding: chunked\r\n\r\nffffff\r\n",
       "HTTP/1.1 413 request body over the limit of 1000 bytes\r\n", Counter::body_too_large},
      {"smuggling",
       post + "Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /hidden HTTP/1.1\r\nHost: "
              "a\r\n\r\n",
       "HTTP/1.1 400 both content-length and transfer-encoding\r\n", Counter::http_malformed},
      {"not HTTP", "SSH-2.0-OpenSSH_9.2\r\n", "HTTP/1.1 400 expected \"METHOD /path HTTP/1.1\", got",
       Counter::protocol_errors},
      {"binary", std::string("\x00\x01\x02\x03", 4), "HTTP/1.1 400 expected an HTTP request\r\n",
       Counter::protocol_errors},
      {"a damaged escape", "GET /%zz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
       "HTTP/1.1 400 the path has a damaged", Counter::http_malformed},
      {"a bomb", body("Content-Encoding: gzip\r\n", bomb),
       "HTTP/1.1 413 gzip body grows over the limit of 1000 bytes\r\n", Counter::decompression_bomb},
      {"a bomb without its header", body("Content-Type: application/json\r\n", bomb),
       "HTTP/1.1 413 gzip body grows", Counter::decompression_bomb},
      {"damaged gzip", body("Content-Encoding: gzip\r\n", damaged),
       "HTTP/1.1 400 not valid gzip: it ends early\r\n", Counter::decompression_failed},
      {"unknown encoding", body("Content-Encoding: br\r\n", "abc"),
       "HTTP/1.1 415 content-encoding \"br\" is not offered: gzip, deflate and zstd are\r\n",
       Counter::unsupported_encoding},
      {"a TLS hello", std::string("\x16\x03\x01\x02\x00\x01\x00\x01", 8),
       "HTTP/1.1 400 This port speaks no TLS: use http in place of https\r\n", Counter::tls_to_plain_port},
  };
  for (const Refused& it : cases) {
    const uint64_t before = value_of(it.counter);
    const std::string answer = answer_to(server, it.bytes);
    EXPECT_THAT(answer, StartsWith(it.answer)) << it.situation;
    EXPECT_THAT(answer, EndsWith("<closed>")) << it.situation;
    EXPECT_EQ(count_of(answer, "HTTP/1.1 4"), 1u) << it.situation << answer;
    EXPECT_EQ(value_of(it.counter), before + 1) << it.situation;
    EXPECT_THAT(answer, Not(HasSubstr("hidden"))) << it.situation;
  }
}

TEST(Http1Session, encoded_bodies_arrive_decoded) {
  const TestServer server({}, [](Request request, Responder responder) {
    const bool still_encoded = request.header("content-encoding").has_value();
    responder.send(text_response(200, std::string(request.body.view()) + (still_encoded ? "!" : "") + " " +
                                          std::to_string(request.body_bytes_on_wire)));
  });
  const std::string text = "resource spans";
  struct Encoded {
    std::string headers;
    std::string body;
  };
  const Encoded cases[] = {
      {"Content-Encoding: gzip\r\n", compress(Compression::gzip, text)},
      {"Content-Encoding: x-gzip\r\n", compress(Compression::gzip, text)},
      {"Content-Encoding: deflate\r\n", compress(Compression::deflate, text)},
      {"Content-Encoding: ZSTD\r\n", compress(Compression::zstd, text)},
      {"Content-Encoding: identity\r\n", text},
      {"Content-Type: application/x-protobuf\r\n", compress(Compression::gzip, text)},
      {"", text},
  };
  for (const Encoded& it : cases) {
    const std::string answer =
        answer_to(server, "POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n" + it.headers +
                              "Content-Length: " + std::to_string(it.body.size()) + "\r\n\r\n" + it.body);
    EXPECT_THAT(answer, EndsWith("\r\n\r\n" + text + " " + std::to_string(it.body.size()) + "<closed>"))
        << it.headers;
  }
}

TEST(Http1Session, large_bodies_arrive_whole) {
  const TestServer server({}, [](Request request, Responder responder) {
    responder.send({.status = 200, .reason = {}, .headers = {}, .body = std::string(request.body.view())});
  });
  std::string body;
  for (unsigned i = 0; body.size() < 3'000'000; ++i) body += std::to_string(i * 2654435761u);
  std::string chunked;
  for (size_t at = 0; at < body.size(); at += 70'000) {
    const std::string piece = body.substr(at, 70'000);
    char size[16];
    snprintf(size, sizeof size, "%zx\r\n", piece.size());
    chunked += size + piece + "\r\n";
  }
  const std::string requests =
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body +
      "POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n" + chunked +
      "0\r\n\r\n";
  RawClient client(server.port());
  std::thread sending([&] { EXPECT_TRUE(client.send(requests)); });
  const std::string answers = client.read();
  sending.join();
  EXPECT_EQ(count_of(answers, body), 2u);
}

TEST(Http1Session, expect_100_continue) {
  const TestServer server;
  RawClient client(server.port());
  client.send(
      "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nConnection: close\r\nContent-Length: 2\r\n\r\n");
  EXPECT_EQ(client.read("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  client.send("hi");
  EXPECT_THAT(client.read(), EndsWith("POST / [hi]<closed>"));
}

TEST(Http1Session, a_body_that_is_refused_is_not_asked_for) {
  Limits limits;
  limits.body_bytes = 10;
  const TestServer server(with(limits));
  const std::string answer =
      answer_to(server, "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 11\r\n\r\n");
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 413 "));
}

TEST(Http1Session, head_and_http_1_0) {
  const TestServer server;
  const std::string head = answer_to(server, "HEAD /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(head, HasSubstr("content-length: 10\r\n"));
  EXPECT_THAT(head, EndsWith("\r\n\r\n<closed>"));
  EXPECT_THAT(answer_to(server, "GET /old HTTP/1.0\r\n\r\n"), EndsWith("GET /old []<closed>"));
  RawClient client(server.port());
  client.send("GET /old HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_THAT(client.read("[]"), HasSubstr("connection: keep-alive\r\n"));
  client.send("GET /again HTTP/1.0\r\n\r\n");
  EXPECT_THAT(client.read(), EndsWith("GET /again []<closed>"));
}

TEST(Http1Session, whole_urls_and_stars_are_targets) {
  const TestServer server;
  EXPECT_THAT(answer_to(server, "GET http://h:1/p?q#f HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"),
              HasSubstr("GET /p?q []"));
  EXPECT_THAT(answer_to(server, "OPTIONS * HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"),
              HasSubstr("OPTIONS * []"));
}

TEST(Http1Session, streamed_answers) {
  const TestServer server({}, [](Request request, Responder responder) {
    responder.begin(
        {.status = 200, .reason = {}, .headers = {{"content-type", "text/plain"}}, .body = "one,"});
    std::thread([responder, request] {
      EXPECT_TRUE(responder.write("two,"));
      EXPECT_TRUE(responder.write(std::string(20, 'x')));
      responder.end();
      EXPECT_FALSE(responder.write("late"));
    }).detach();
  });
  EXPECT_THAT(
      answer_to(server, "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"),
      testing::AllOf(
          HasSubstr("transfer-encoding: chunked\r\n"),
          EndsWith("\r\n\r\n4\r\none,\r\n4\r\ntwo,\r\n14\r\nxxxxxxxxxxxxxxxxxxxx\r\n0\r\n\r\n<closed>")));
  EXPECT_THAT(
      answer_to(server, "GET / HTTP/1.0\r\n\r\n"),
      testing::AllOf(Not(HasSubstr("chunked")), EndsWith("\r\n\r\none,two,xxxxxxxxxxxxxxxxxxxx<closed>")));
  const std::string head = answer_to(server, "HEAD / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(head, EndsWith("\r\n\r\n<closed>"));
}

TEST(Http1Session, a_slow_reader_slows_the_writer_and_a_gone_one_ends_it) {
  std::atomic<size_t> written{0};
  std::atomic<bool> ended{false};
  const TestServer server({}, [&](Request, Responder responder) {
    responder.begin({});
    std::thread([&, responder] {
      const std::string piece(64 << 10, 'x');
      while (responder.write(piece)) written += piece.size();
      EXPECT_TRUE(responder.cancelled());
      ended = true;
    }).detach();
  });
  RawClient client(server.port());
  client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  client.read("xxxx");
  size_t before;
  do {
    before = written;
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  } while (written != before);
  EXPECT_LT(before, size_t{20} << 20);  // the kernel's buffers and ours, not everything
  client.close();
  for (int i = 0; i < 500 && !ended; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  EXPECT_TRUE(ended);
}

TEST(Http1Session, a_forgotten_request_is_answered) {
  const TestServer server({}, [](Request, Responder) {});
  EXPECT_THAT(answer_to(server, "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"),
              StartsWith("HTTP/1.1 500 Internal Server Error\r\n"));
}

TEST(Http1Session, header_values_cannot_end_their_line) {
  const TestServer server({}, [](Request, Responder responder) {
    responder.send({.status = 404,
                    .reason = "no\r\nx: y",
                    .headers = {{"a", "b\r\nc: d"}, {"fine", "yes"}},
                    .body = ""});
  });
  const std::string answer = answer_to(server, "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 404 Not Found\r\nfine: yes\r\n"));
  EXPECT_THAT(answer, Not(HasSubstr("c: d")));
}

TEST(Http1Session, a_slow_loris_is_told_and_closed) {
  Limits limits;
  limits.request = milliseconds(100);
  limits.idle = milliseconds(200);
  const TestServer server(with(limits));
  const uint64_t before = value_of(Counter::request_timeout);
  RawClient slow_head(server.port()), slow_body(server.port()), silent(server.port()), idle(server.port());
  slow_head.send("GET / HTTP/1.1\r\nHost");
  slow_body.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc");
  idle.send("GET /idle HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_THAT(slow_head.read(),
              StartsWith("HTTP/1.1 408 the request did not arrive completely within 100 ms\r\n"));
  EXPECT_THAT(slow_body.read(), StartsWith("HTTP/1.1 408 "));
  EXPECT_EQ(silent.read(), "<closed>");
  EXPECT_THAT(idle.read(), EndsWith("GET /idle []<closed>"));
  EXPECT_EQ(value_of(Counter::request_timeout), before + 2);
}

TEST(Http1Session, a_slow_handler_is_not_the_clients_fault) {
  Limits limits;
  limits.request = milliseconds(50);
  limits.idle = milliseconds(50);
  const TestServer server(with(limits), [](Request request, Responder responder) {
    std::thread([request, responder] {
      std::this_thread::sleep_for(std::chrono::milliseconds(300));
      echo(request, responder);
    }).detach();
  });
  EXPECT_THAT(answer_to(server, "GET /slow HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"),
              EndsWith("GET /slow []<closed>"));
}

TEST(Http1Session, bodies_of_all_connections_share_a_budget) {
  Limits limits;
  limits.body_bytes_in_flight = 300'000;
  const TestServer server(with(limits));
  const uint64_t before = value_of(Counter::bodies_in_flight_exceeded);
  const std::string announce =
      "POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 200000\r\n\r\n";
  const std::string body(200'000, 'x');
  RawClient first(server.port());
  first.send(announce + body.substr(0, 199'000));
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  EXPECT_THAT(answer_to(server, announce + body),
              testing::AllOf(StartsWith("HTTP/1.1 503 too many request bodies at once"),
                             HasSubstr("retry-after: 1\r\n")));
  EXPECT_EQ(value_of(Counter::bodies_in_flight_exceeded), before + 1);
  first.send(body.substr(199'000));
  EXPECT_THAT(first.read(), StartsWith("HTTP/1.1 200 OK"));
  EXPECT_THAT(answer_to(server, announce + body), StartsWith("HTTP/1.1 200 OK"));
}

TEST(Http1Session, half_closed_clients_get_their_answers) {
  const TestServer server({}, [](Request request, Responder responder) {
    std::thread([request, responder] {
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
      echo(request, responder);
    }).detach();
  });
  RawClient client(server.port());
  client.send("GET /a HTTP/1.1\r\nHost: a\r\n\r\nGET /b HTTP/1.1\r\nHost: a\r\n\r\nGET /incomp");
  client.finish_sending();
  const std::string answers = client.read();
  EXPECT_THAT(answers, testing::AllOf(HasSubstr("GET /a []"), HasSubstr("GET /b []"), EndsWith("<closed>")));
}

}  // namespace
}  // namespace clew::net
