#include "net/http1_parser.h"

#include <gtest/gtest.h>

namespace clew::net {
namespace {

struct Parsed {
  Progress progress = Progress::more;
  RequestHead head;
  Refusal refusal;
  size_t consumed = 0;
};

// Feeds `text` in pieces of `step` bytes.
Parsed parse(std::string_view text, size_t step, size_t limit = 8192) {
  HeadParser parser(limit);
  Parsed parsed;
  while (!text.empty() && parsed.progress == Progress::more) {
    const std::string piece(text.substr(0, step));
    parsed.progress = parser.feed(piece);
    parsed.consumed += parser.consumed();
    text.remove_prefix(piece.size());
  }
  if (parsed.progress == Progress::complete) parsed.head = parser.take();
  parsed.refusal = parser.refusal();
  return parsed;
}

constexpr std::string_view kUsual =
    "POST /v1/traces?a=b HTTP/1.1\r\nHost: localhost:4318\r\nContent-Type:application/json \r\nX-Empty:\r\n"
    "Content-Length:  12\r\n\r\n";

TEST(HeadParser, is_the_same_however_it_is_torn) {
  for (size_t step = 1; step <= kUsual.size(); ++step) {
    const Parsed parsed = parse(kUsual, step);
    ASSERT_EQ(parsed.progress, Progress::complete) << step << ": " << parsed.refusal.why;
    EXPECT_EQ(parsed.consumed, kUsual.size());
    EXPECT_EQ(parsed.head.method, "POST");
    EXPECT_EQ(parsed.head.target, "/v1/traces?a=b");
    EXPECT_EQ(parsed.head.version, 11);
    const Headers expected{{"host", "localhost:4318"},
                           {"content-type", "application/json"},
                           {"x-empty", ""},
                           {"content-length", "12"}};
    EXPECT_EQ(parsed.head.headers, expected);
    EXPECT_EQ(parsed.head.content_length, 12u);
    EXPECT_TRUE(parsed.head.keep_alive);
  }
}

TEST(HeadParser, stops_at_the_end_of_the_head) {
  const Parsed parsed = parse("GET / HTTP/1.1\r\nHost: a\r\n\r\nGET /next", 1000);
  EXPECT_EQ(parsed.progress, Progress::complete);
  EXPECT_EQ(parsed.consumed, 27u);
}

struct Case {
  const char* situation;
  std::string_view text;
  int status;  // 0: accepted
};

TEST(HeadParser, the_whole_address_is_its_path) {
  for (const auto& [target, path] :
       {std::pair{"http://localhost:4318/v1/traces?a=b", "/v1/traces?a=b"},
        std::pair{"https://api.example.com/", "/"}, std::pair{"https://api.example.com", "/"},
        std::pair{"/see/http://a/b", "/see/http://a/b"}}) {
    const Parsed parsed = parse(std::string("GET ") + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n", 1000);
    EXPECT_EQ(parsed.head.target, path) << target;
  }
}

TEST(HeadParser, table) {
  using namespace std::string_view_literals;
  const Case cases[] = {
      {"plain", "GET / HTTP/1.1\r\nHost: a\r\n\r\n", 0},
      {"HTTP/1.0 without host", "GET / HTTP/1.0\r\n\r\n", 0},
      {"an empty line first", "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", 0},
      {"many empty lines first", "\r\n\r\n\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"UTF-8 in a value", "GET / HTTP/1.1\r\nHost: a\r\nx: caf\xc3\xa9\r\n\r\n", 0},
      {"a later HTTP/1", "GET / HTTP/1.2\r\nHost: a\r\n\r\n", 0},
      {"HTTP/2 by name", "GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505},
      {"HTTP/0.9", "GET /\r\n\r\n", 400},
      {"HTTP/11", "GET / HTTP/11\r\nHost: a\r\n\r\n", 505},
      {"no host", "GET / HTTP/1.1\r\n\r\n", 400},
      {"two hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400},
      {"line feed only", "GET / HTTP/1.1\nHost: a\n\n", 400},
      {"carriage return within a line", "GET / HTTP/1.1\r\nHost: a\rb\r\n\r\n", 400},
      {"zero byte in a value", "GET / HTTP/1.1\r\nHost: a\0b\r\n\r\n"sv, 400},
      {"space before the colon", "GET / HTTP/1.1\r\nHost : a\r\n\r\n", 400},
      {"a continued header", "GET / HTTP/1.1\r\nHost: a\r\nx: 1\r\n 2\r\n\r\n", 400},
      {"a header without colon", "GET / HTTP/1.1\r\nHost: a\r\nnonsense\r\n\r\n", 400},
      {"a header without name", "GET / HTTP/1.1\r\nHost: a\r\n: x\r\n\r\n", 400},
      {"a space in the path", "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"a tab as separator", "GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"binary", "\x16\x03\x01\x02\x00\x01\x00"sv, 400},
      {"length and chunked",
       "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n", 400},
      {"chunked and length",
       "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n", 400},
      {"two lengths", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\n", 400},
      {"the same length twice",
       "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nContent-Length: 4\r\n\r\n", 400},
      {"a list of lengths", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4, 4\r\n\r\n", 400},
      {"a signed length", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +4\r\n\r\n", 400},
      {"a negative length", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -4\r\n\r\n", 400},
      {"a hexadecimal length", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0x4\r\n\r\n", 400},
      {"a length over 64 bits", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 18446744073709551616\r\n\r\n",
       400},
      {"an empty length", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n\r\n", 400},
      {"chunked twice",
       "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n", 400},
      {"gzip, chunked", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", 501},
      {"chunked, identity", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, identity\r\n\r\n",
       501},
      {"chunked with a vertical tab",
       "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: \x0b"
       "chunked\r\n\r\n",
       400},
      {"chunked in capitals", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n", 0},
      {"chunked in HTTP/1.0", "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", 400},
      {"an expectation nobody knows", "POST / HTTP/1.1\r\nHost: a\r\nExpect: miracles\r\n\r\n", 417},
  };
  for (const Case& it : cases)
    for (const size_t step : {size_t{1}, size_t{3}, it.text.size()}) {
      const Parsed parsed = parse(it.text, step);
      EXPECT_EQ(parsed.progress, it.status == 0 ? Progress::complete : Progress::refused)
          << it.situation << ": " << parsed.refusal.why;
      if (it.status != 0 && parsed.progress == Progress::refused) {
        EXPECT_EQ(parsed.refusal.status, it.status) << it.situation << ": " << parsed.refusal.why;
        EXPECT_FALSE(parsed.refusal.why.empty()) << it.situation;
      }
    }
}

TEST(HeadParser, keep_alive_follows_version_and_header) {
  const auto stays = [](std::string_view text) { return parse(text, 1000).head.keep_alive; };
  EXPECT_TRUE(stays("GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
  EXPECT_FALSE(stays("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"));
  EXPECT_FALSE(stays("GET / HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, Close\r\n\r\n"));
  EXPECT_FALSE(stays("GET / HTTP/1.0\r\n\r\n"));
  EXPECT_TRUE(stays("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n"));
}

TEST(HeadParser, the_limit_holds_with_and_without_line_ends) {
  const std::string long_value = "GET / HTTP/1.1\r\nHost: a\r\nx: " + std::string(1000, 'y') + "\r\n\r\n";
  for (const size_t step : {size_t{1}, size_t{100}, long_value.size()}) {
    EXPECT_EQ(parse(long_value, step, long_value.size()).progress, Progress::complete);
    EXPECT_EQ(parse(long_value, step, long_value.size() - 1).refusal.status, 431);
  }
  EXPECT_EQ(parse(std::string(9000, 'G'), 1, 8192).refusal.status, 431);
  std::string many = "GET / HTTP/1.1\r\nHost: a\r\n";
  for (int i = 0; i < 300; ++i) many += "x:\r\n";
  EXPECT_EQ(parse(many + "\r\n", 7, 65536).refusal.status, 431);
}

struct Body {
  Progress progress = Progress::more;
  std::string body;
  Refusal refusal;
  size_t consumed = 0;
};

Body parse_chunks(std::string_view text, size_t step, size_t limit = 100) {
  ChunkedParser parser(limit, 100);
  Body parsed;
  while (!text.empty() && parsed.progress == Progress::more) {
    const std::string piece(text.substr(0, step));
    parsed.progress = parser.feed(piece, parsed.body);
    parsed.consumed += parser.consumed();
    text.remove_prefix(piece.size());
  }
  parsed.refusal = parser.refusal();
  return parsed;
}

TEST(ChunkedParser, table) {
  using namespace std::string_view_literals;
  struct ChunkCase {
    const char* situation;
    std::string_view text;
    std::string_view body;
    int status;
  };
  const std::string endless_extension = "5;" + std::string(300, 'a');
  const std::string endless_trailers =
      "0\r\na: " + std::string(50, 'a') + "\r\nb: " + std::string(50, 'b') + "\r\n\r\n";
  const std::string hundred(100, 'c');
  const std::string two_chunks = "64\r\n" + hundred + "\r\n1\r\n";
  const ChunkCase cases[] = {
      {"empty", "0\r\n\r\n", "", 0},
      {"two chunks", "5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n", "hello world", 0},
      {"capital hex and zeros", "00A\r\n0123456789\r\n0\r\n\r\n", "0123456789", 0},
      {"an extension", "5;name=\"v\"\r\nhello\r\n0;last\r\n\r\n", "hello", 0},
      {"trailers", "5\r\nhello\r\n0\r\nx-checksum: 1\r\ny:\r\n\r\n", "hello", 0},
      {"no size", "\r\nhello\r\n0\r\n\r\n", "", 400},
      {"a size that is no number", "five\r\nhello\r\n0\r\n\r\n", "", 400},
      {"a negative size", "-5\r\nhello\r\n0\r\n\r\n", "", 400},
      {"a prefixed size", "0x5\r\nhello\r\n0\r\n\r\n", "", 400},
      {"a size over 64 bits", "10000000000000005\r\nhello\r\n0\r\n\r\n", "", 400},
      {"a space before the size", " 5\r\nhello\r\n0\r\n\r\n", "", 400},
      {"line feed only", "5\nhello\n0\n\n", "", 400},
      {"longer than its size", "5\r\nhello!\r\n0\r\n\r\n", "hello", 400},
      {"over the limit", "65\r\n", "", 413},
      {"over the limit together", two_chunks, hundred, 413},
      {"endless extension", endless_extension, "", 400},
      {"a damaged trailer", "0\r\nno colon\r\n\r\n", "", 400},
      {"endless trailers", endless_trailers, "", 431},
  };
  for (const ChunkCase& it : cases)
    for (const size_t step : {size_t{1}, size_t{2}, it.text.size()}) {
      const Body parsed = parse_chunks(it.text, step);
      EXPECT_EQ(parsed.progress, it.status == 0 ? Progress::complete : Progress::refused)
          << it.situation << " " << step;
      EXPECT_EQ(parsed.refusal.status, it.status == 0 ? 400 : it.status)
          << it.situation << ": " << parsed.refusal.why;
      EXPECT_EQ(parsed.body, it.body) << it.situation;
      if (it.status == 0) {
        EXPECT_EQ(parsed.consumed, it.text.size()) << it.situation;
      }
    }
}

}  // namespace
}  // namespace clew::net
