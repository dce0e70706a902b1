#include <atomic>
#include <map>
#include <thread>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nghttp2/nghttp2.h>

#include "base/compression.h"
#include "base/counters.h"
#include "net/grpc_framing.h"
#include "net/raw_client.h"

namespace clew::net {
namespace {

using testing::HasSubstr;

struct Http2Result {
  std::map<std::string, std::string> headers;  // trailers too
  std::string body;
  uint32_t error_code = 0;
  bool closed = false;
};

// A client that does what a test says, which a well-behaved one would not.
class Http2Client {
 public:
  explicit Http2Client(uint16_t port) : raw_(port) {
    nghttp2_session_callbacks* callbacks = nullptr;
    nghttp2_session_callbacks_new(&callbacks);
    nghttp2_session_callbacks_set_on_header_callback(
        callbacks, [](nghttp2_session*, const nghttp2_frame* frame, const uint8_t* name, size_t name_size,
                      const uint8_t* value, size_t value_size, uint8_t, void* self) {
          static_cast<Http2Client*>(self)
              ->results[frame->hd.stream_id]
              .headers[std::string(name, name + name_size)] = std::string(value, value + value_size);
          return 0;
        });
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(
        callbacks, [](nghttp2_session*, uint8_t, int32_t id, const uint8_t* data, size_t size, void* self) {
          static_cast<Http2Client*>(self)->results[id].body.append(data, data + size);
          return 0;
        });
    nghttp2_session_callbacks_set_on_stream_close_callback(
        callbacks, [](nghttp2_session*, int32_t id, uint32_t error_code, void* self) {
          Http2Result& result = static_cast<Http2Client*>(self)->results[id];
          result.closed = true;
          result.error_code = error_code;
          return 0;
        });
    nghttp2_session_callbacks_set_on_frame_recv_callback(
        callbacks, [](nghttp2_session*, const nghttp2_frame* frame, void* self) {
          auto& client = *static_cast<Http2Client*>(self);
          if (frame->hd.type == NGHTTP2_GOAWAY) client.goaway = true;
          if (frame->hd.type == NGHTTP2_PING && (frame->hd.flags & NGHTTP2_FLAG_ACK) != 0) client.pong = true;
          return 0;
        });
    nghttp2_session_client_new(&session_, callbacks, this);
    nghttp2_session_callbacks_del(callbacks);
    nghttp2_submit_settings(session_, NGHTTP2_FLAG_NONE, nullptr, 0);
  }
  ~Http2Client() { nghttp2_session_del(session_); }

  int32_t request(const Headers& headers, std::string body = {}, bool finish = true) {
    std::vector<nghttp2_nv> fields;
    for (const auto& [name, value] : headers)
      fields.push_back({reinterpret_cast<uint8_t*>(const_cast<char*>(name.data())),
                        reinterpret_cast<uint8_t*>(const_cast<char*>(value.data())), name.size(),
                        value.size(), NGHTTP2_NV_FLAG_NONE});
    bodies_.push_back(std::make_unique<Body>(Body{std::move(body), 0, finish}));
    nghttp2_data_provider provider{};
    provider.source.ptr = bodies_.back().get();
    provider.read_callback = [](nghttp2_session*, int32_t, uint8_t* place, size_t room, uint32_t* flags,
                                nghttp2_data_source* source, void*) -> ssize_t {
      Body& sending = *static_cast<Body*>(source->ptr);
      const size_t count = sending.bytes.copy(reinterpret_cast<char*>(place), room, sending.at);
      sending.at += count;
      if (sending.at == sending.bytes.size() && sending.finish) *flags |= NGHTTP2_DATA_FLAG_EOF;
      return count == 0 && !sending.finish ? static_cast<ssize_t>(NGHTTP2_ERR_DEFERRED)
                                           : static_cast<ssize_t>(count);
    };
    const bool with_body = !bodies_.back()->bytes.empty() || !finish;
    return nghttp2_submit_request(session_, nullptr, fields.data(), fields.size(),
                                  with_body ? &provider : nullptr, nullptr);
  }
  void reset(int32_t id) { nghttp2_submit_rst_stream(session_, NGHTTP2_FLAG_NONE, id, NGHTTP2_CANCEL); }
  void ping() { nghttp2_submit_ping(session_, NGHTTP2_FLAG_NONE, nullptr); }

  // False when the connection is gone.
  bool send_all() {
    const uint8_t* data = nullptr;
    for (ssize_t size; (size = nghttp2_session_mem_send(session_, &data)) > 0;)
      if (!raw_.send({reinterpret_cast<const char*>(data), static_cast<size_t>(size)})) return false;
    return true;
  }
  // Talks until `done`, or the server closes, or ten seconds are over.
  template <typename Done>
  bool until(Done done) {
    char buffer[65536];
    while (!done()) {
      if (!send_all() || !wait_for(raw_.number(), POLLIN, seconds(10))) return false;
      const ssize_t count = recv(raw_.number(), buffer, sizeof buffer, 0);
      if (count <= 0) return false;
      nghttp2_session_mem_recv(session_, reinterpret_cast<uint8_t*>(buffer), static_cast<size_t>(count));
    }
    return true;
  }
  Http2Result result_of(int32_t id) {
    until([&] { return results[id].closed; });
    return results[id];
  }

  std::map<int32_t, Http2Result> results;
  bool goaway = false;
  bool pong = false;

 private:
  struct Body {
    std::string bytes;
    size_t at = 0;
    bool finish = true;
  };
  RawClient raw_;
  nghttp2_session* session_ = nullptr;
  std::vector<std::unique_ptr<Body>> bodies_;
};

Headers request_headers(std::string method, std::string path, Headers more = {}) {
  Headers headers{{":method", std::move(method)},
                  {":scheme", "http"},
                  {":path", std::move(path)},
                  {":authority", "localhost"}};
  for (auto& header : more) headers.push_back(std::move(header));
  return headers;
}

TEST(Http2Session, requests_and_answers) {
  const TestServer server({}, [](Request request, Responder responder) {
    EXPECT_EQ(request.http_version, 20);
    EXPECT_EQ(request.header("host"), "localhost");
    responder.send({.status = 200,
                    .reason = {},
                    .headers = {{"Connection", "close"}, {"X-Path", request.path + "?" + request.query}},
                    .body = std::string(request.body.view())});
  });
  Http2Client client(server.port());
  const std::string large(1'000'000, 'x');
  const int32_t get = client.request(request_headers("GET", "/a%20b?c")),
                post = client.request(request_headers("POST", "/"), large),
                head = client.request(request_headers("HEAD", "/"));
  const Http2Result got = client.result_of(get), posted = client.result_of(post),
                    headed = client.result_of(head);
  EXPECT_EQ(got.headers.at(":status"), "200");
  EXPECT_EQ(got.headers.at("x-path"), "/a b?c");
  EXPECT_EQ(got.headers.count("connection"), 0u);
  EXPECT_TRUE(posted.body == large);
  EXPECT_EQ(headed.body, "");
}

TEST(Http2Session, bodies_are_decoded_and_refusals_say_why) {
  ServerOptions options;
  options.limits.body_bytes = 1000;
  options.limits.header_bytes = 2000;
  const TestServer server(std::move(options));
  Http2Client client(server.port());
  const auto outcome = [&](Headers headers, std::string body, std::string path = "/") {
    const Http2Result result = client.result_of(
        client.request(request_headers("POST", std::move(path), std::move(headers)), std::move(body)));
    return (result.headers.count(":status") ? result.headers.at(":status") : "none") + " " + result.body;
  };
  const std::string gzip = "content-encoding";
  EXPECT_EQ(outcome({{gzip, "gzip"}}, compress(Compression::gzip, "text")), "200 POST / [text]");
  EXPECT_THAT(outcome({{gzip, "gzip"}}, compress(Compression::gzip, std::string(100'000, ' '))),
              HasSubstr("413 gzip body grows over the limit"));
  EXPECT_THAT(outcome({{gzip, "br"}}, "x"), HasSubstr("415 content-encoding \"br\""));
  EXPECT_THAT(outcome({}, std::string(1001, 'x')),
              HasSubstr("413 request body over the limit of 1000 bytes"));
  EXPECT_THAT(outcome({{"content-length", "5000"}}, std::string(5000, 'x')), HasSubstr("413 "));
  EXPECT_THAT(outcome({{"x", std::string(2000, 'x')}}, ""),
              HasSubstr("431 request header over the limit of 2000 bytes"));
  EXPECT_THAT(outcome({}, "", "/%z"), HasSubstr("400 "));
  EXPECT_EQ(outcome({}, "still fine"), "200 POST / [still fine]");
}

TEST(Http2Session, streamed_answers_and_clients_that_leave) {
  std::atomic<bool> ended{false};
  const TestServer server({}, [&](Request request, Responder responder) {
    responder.begin({.status = 200, .reason = {}, .headers = {}, .body = "one,"});
    std::thread([&, responder, endless = request.path == "/endless"] {
      while (responder.write(endless ? std::string(50'000, 'x') : "two,") && endless) {
      }
      responder.end();
      if (endless) ended = responder.cancelled();
    }).detach();
  });
  Http2Client client(server.port());
  const int32_t short_one = client.request(request_headers("GET", "/"));
  EXPECT_EQ(client.result_of(short_one).body, "one,two,");
  const int32_t endless = client.request(request_headers("GET", "/endless"));
  client.until([&] { return client.results[endless].body.size() > 200'000; });
  client.reset(endless);
  client.ping();
  client.until([&] { return client.pong; });
  for (int i = 0; i < 500 && !ended; ++i) usleep(10'000);
  EXPECT_TRUE(ended);
}

TEST(Http2Session, grpc_trailers_on_the_wire) {
  const TestServer server({}, echo, [](GrpcRequest request, GrpcResponder respond) {
    if (request.message.view() == "bad")
      return respond({.code = GrpcCode::unavailable,
                      .error = "try later \xe2\x80\xa6",
                      .message = {},
                      .status_details = "abc"});
    respond({.code = GrpcCode::ok, .error = {}, .message = "fine", .status_details = {}});
  });
  Http2Client client(server.port());
  const auto call = [&](std::string body, Headers more = {}) {
    Headers headers{{"content-type", "application/grpc+proto"}, {"te", "trailers"}};
    for (auto& header : more) headers.push_back(std::move(header));
    return client.result_of(
        client.request(request_headers("POST", "/s/M", std::move(headers)), std::move(body)));
  };
  const Http2Result fine = call(encode_grpc_message("good"));
  EXPECT_EQ(fine.body, encode_grpc_message("fine"));
  EXPECT_EQ(fine.headers.at("grpc-status"), "0");
  EXPECT_EQ(fine.headers.at("content-type"), "application/grpc");
  EXPECT_THAT(fine.headers.at("grpc-accept-encoding"), HasSubstr("gzip"));
  const Http2Result bad = call(encode_grpc_message("bad"));
  EXPECT_EQ(bad.headers.at(":status"), "200");
  EXPECT_EQ(bad.headers.at("grpc-status"), "14");
  EXPECT_EQ(bad.headers.at("grpc-message"), "try later %E2%80%A6");
  EXPECT_EQ(bad.headers.at("grpc-status-details-bin"), "YWJj");
  EXPECT_EQ(bad.body, "");
  EXPECT_EQ(call(encode_grpc_message("x", true), {{"grpc-encoding", "snappy"}}).headers.at("grpc-status"),
            "12");
  EXPECT_EQ(call("\x07nonsense").headers.at("grpc-status"), "13");
  EXPECT_EQ(call(encode_grpc_message("x"), {{"grpc-timeout", "soon"}}).headers.at("grpc-status"), "13");
}

TEST(Http2Session, one_call_that_never_ends_is_ended) {
  ServerOptions options;
  options.limits.request = milliseconds(100);
  const TestServer server(std::move(options));
  Http2Client client(server.port());
  const int32_t plain = client.request(request_headers("POST", "/"), "begun", false);
  const int32_t call =
      client.request(request_headers("POST", "/s/M", {{"content-type", "application/grpc"}}), "\0", false);
  EXPECT_EQ(client.result_of(plain).headers.at(":status"), "408");
  EXPECT_EQ(client.result_of(call).headers.at("grpc-status"), "4");
}

TEST(Http2Session, a_storm_of_resets_ends_the_connection) {
  const TestServer server;
  const uint64_t before = value_of(Counter::http2_abuse);
  Http2Client client(server.port());
  bool gone = false;
  for (int i = 0; i < 20'000 && !gone; ++i) {
    const int32_t id = client.request(request_headers("POST", "/"), "x", false);
    gone = !client.send_all();
    client.reset(id);
    gone = gone || !client.send_all();
  }
  client.until([&] { return client.goaway; });
  EXPECT_TRUE(gone || client.goaway);
  EXPECT_EQ(value_of(Counter::http2_abuse), before + 1);
}

TEST(Http2Session, streams_beyond_the_limit_are_refused) {
  const TestServer server({}, [](Request, Responder responder) {
    std::thread([responder] {
      usleep(200'000);
      responder.send(text_response(200, "x"));
    }).detach();
  });
  RawClient raw(server.port());
  raw.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
  raw.send(std::string("\0\0\0\4\0\0\0\0\0", 9));
  const std::string settings =
      raw.read(std::string_view("\0\3\0\0\2\0", 6));  // SETTINGS_MAX_CONCURRENT_STREAMS 512
  EXPECT_NE(settings.find(std::string("\0\3\0\0\2\0", 6)), std::string::npos);
}

TEST(Http2Session, a_preface_torn_at_every_byte) {
  const TestServer server;
  const std::string preface("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0", 33);
  for (size_t cut = 0; cut < 24; ++cut) {
    RawClient raw(server.port());
    raw.send(std::string_view(preface).substr(0, cut));
    usleep(300);
    raw.send(std::string_view(preface).substr(cut));
    EXPECT_GT(raw.read(std::string_view("\0\0\0\4\1", 5)).size(), 9u)
        << cut;  // the settings' acknowledgement
  }
}

TEST(Http2Session, nonsense_after_the_preface) {
  const TestServer server;
  const uint64_t before = value_of(Counter::http2_abuse);
  const std::string answer = answer_to(
      server, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n and some more of it");
  EXPECT_THAT(answer, testing::EndsWith("<closed>"));
  EXPECT_EQ(value_of(Counter::http2_abuse), before + 1);
}

TEST(Http2Session, stopping_says_goaway) {
  TestServer server({}, [](Request, Responder responder) {
    std::thread([responder] {
      usleep(100'000);
      responder.send(text_response(200, "done"));
    }).detach();
  });
  Http2Client client(server.port());
  const int32_t id = client.request(request_headers("GET", "/"));
  client.send_all();
  usleep(20'000);
  std::thread stopping([&] { server.server->stop(seconds(5)); });
  EXPECT_EQ(client.result_of(id).body, "done");
  EXPECT_TRUE(client.goaway);
  stopping.join();
}

}  // namespace
}  // namespace clew::net
