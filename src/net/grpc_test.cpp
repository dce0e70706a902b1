#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/counters.h"
#include "net/grpc_client.h"
#include "net/raw_client.h"

namespace clew::net {
namespace {

using testing::HasSubstr;

// Answers with what it understood; the method says what else to do.
void answer_call(GrpcRequest request, GrpcResponder respond) {
  if (request.method == "/test/Fail")
    return respond({.code = GrpcCode::invalid_argument,
                    .error = "100% wr\xc3\xb6ng\n",
                    .message = {},
                    .status_details = std::string("\x08\x03\x00", 3)});
  if (request.method == "/test/Never") return;
  if (request.method == "/test/Later") {
    std::thread([request, respond] {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
      respond({.code = GrpcCode::ok,
               .error = {},
               .message = "late " + std::string(request.message.view()),
               .status_details = {}});
    }).detach();
    return;
  }
  respond({.code = GrpcCode::ok,
           .error = {},
           .message = std::string(find_header(request.metadata, "x-key").value_or("")) +
                      std::string(request.message.view()),
           .status_details = {}});
}

std::unique_ptr<GrpcClient> client_of(const TestServer& server, GrpcClientOptions options = {}) {
  options.server = "127.0.0.1:" + std::to_string(server.port());
  auto client = GrpcClient::create(std::move(options));
  EXPECT_TRUE(client.ok());
  return std::move(*client);
}

TEST(Grpc, unary_calls) {
  const TestServer server({}, echo, answer_call);
  const auto client = client_of(server);
  for (const size_t size :
       {size_t{0}, size_t{1}, size_t{100}, size_t{16'384}, size_t{215'000}, size_t{5'000'000}}) {
    const std::string message(size, 'm');
    for (const auto compression :
         {std::optional<Compression>(), std::optional(Compression::gzip), std::optional(Compression::zstd)}) {
      const GrpcAnswer answer = client->call_and_wait(
          "/test/Echo", message,
          {.metadata = {{"x-key", "k"}}, .timeout = seconds(10), .compression = compression});
      ASSERT_EQ(answer.code, GrpcCode::ok) << size << " " << answer.error;
      EXPECT_TRUE(answer.message.view() == "k" + message) << size;
    }
  }
}

TEST(Grpc, errors_carry_their_text_and_details) {
  const TestServer server({}, echo, answer_call);
  const GrpcAnswer answer = client_of(server)->call_and_wait("/test/Fail", "x");
  EXPECT_EQ(answer.code, GrpcCode::invalid_argument);
  EXPECT_EQ(answer.error, "100% wr\xc3\xb6ng\n");
  EXPECT_EQ(answer.status_details, std::string("\x08\x03\x00", 3));
}

TEST(Grpc, many_calls_at_once) {
  const TestServer server({}, echo, answer_call);
  const auto client = client_of(server);
  std::mutex mutex;
  std::condition_variable all_done;
  int right = 0, done = 0;
  constexpr int kCalls = 2000;  // more than the server's limit of streams
  for (int i = 0; i < kCalls; ++i)
    client->call("/test/Later", std::to_string(i), {}, [&, i](GrpcAnswer answer) {
      std::lock_guard lock(mutex);
      if (answer.message.view() == "late " + std::to_string(i)) ++right;
      if (++done == kCalls) all_done.notify_one();
    });
  std::unique_lock lock(mutex);
  all_done.wait_for(lock, std::chrono::seconds(20), [&] { return done == kCalls; });
  EXPECT_EQ(right, kCalls);
}

TEST(Grpc, deadlines_end_calls_on_both_sides) {
  std::vector<GrpcResponder> held;
  std::mutex mutex;
  const TestServer server({}, echo, [&](GrpcRequest, GrpcResponder respond) {
    std::lock_guard lock(mutex);
    held.push_back(std::move(respond));
  });
  const auto client = client_of(server);
  const Nanoseconds before = monotonic_now();
  const GrpcAnswer answer = client->call_and_wait(
      "/test/Never", "x", {.metadata = {}, .timeout = milliseconds(150), .compression = {}});
  EXPECT_EQ(answer.code, GrpcCode::deadline_exceeded);
  EXPECT_LT(monotonic_now().count - before.count, seconds(30).count);
  std::lock_guard lock(mutex);
  for (const GrpcResponder& respond : held) respond({});  // too late, and harmless
}

TEST(Grpc, a_call_nobody_answers_is_answered) {
  const TestServer server({}, echo, answer_call);
  const GrpcAnswer answer = client_of(server)->call_and_wait("/test/Never", "x");
  EXPECT_EQ(answer.code, GrpcCode::internal);
  EXPECT_EQ(answer.error, "the server did not answer this request");
}

TEST(Grpc, messages_over_the_limit) {
  ServerOptions options;
  options.limits.body_bytes = 100'000;
  const TestServer server(std::move(options), echo, answer_call);
  const auto client = client_of(server);
  const uint64_t too_large = value_of(Counter::body_too_large), bombs = value_of(Counter::decompression_bomb);
  EXPECT_EQ(client->call_and_wait("/test/Echo", std::string(100'000, 'x')).code, GrpcCode::ok);
  const GrpcAnswer refused = client->call_and_wait("/test/Echo", std::string(5'000'000, 'x'));
  EXPECT_EQ(refused.code, GrpcCode::resource_exhausted);
  EXPECT_EQ(refused.error, "received message larger than max (5000000 vs. 100000)");
  EXPECT_EQ(value_of(Counter::body_too_large), too_large + 1);
  const GrpcAnswer bomb =
      client->call_and_wait("/test/Echo", std::string(5'000'000, 'x'),
                            {.metadata = {}, .timeout = seconds(10), .compression = Compression::gzip});
  EXPECT_EQ(bomb.code, GrpcCode::resource_exhausted);
  EXPECT_EQ(value_of(Counter::decompression_bomb), bombs + 1);
  EXPECT_EQ(client->call_and_wait("/test/Echo", "still fine").message.view(), "still fine");
}

TEST(Grpc, answers_over_the_clients_limit) {
  const TestServer server({}, echo, answer_call);
  GrpcClientOptions options;
  options.answer_bytes = 1000;
  const auto client = client_of(server, options);
  EXPECT_EQ(client->call_and_wait("/test/Echo", std::string(1001, 'x')).code, GrpcCode::resource_exhausted);
  EXPECT_EQ(client->call_and_wait("/test/Echo", std::string(1000, 'x')).code, GrpcCode::ok);
}

TEST(Grpc, unknown_encodings_are_unimplemented) {
  const TestServer server({}, echo, answer_call);
  const GrpcAnswer answer = client_of(server)->call_and_wait(
      "/test/Echo", "x",
      {.metadata = {{"grpc-encoding", "snappy"}}, .timeout = seconds(5), .compression = {}});
  EXPECT_EQ(answer.code, GrpcCode::ok);  // announced, but this message is not compressed
}

TEST(Grpc, a_client_finds_its_server_again) {
  uint16_t port;
  std::unique_ptr<GrpcClient> client;
  {
    TestServer server({}, echo, answer_call);
    port = server.port();
    client = client_of(server);
    EXPECT_EQ(client->call_and_wait("/test/Echo", "1").code, GrpcCode::ok);
    server.server->stop(seconds(1));
  }
  const GrpcAnswer away = client->call_and_wait("/test/Echo", "2");
  EXPECT_EQ(away.code, GrpcCode::unavailable);
  EXPECT_THAT(away.error, HasSubstr("Connection refused"));
  ServerOptions options;
  options.doors = {{"127.0.0.1:" + std::to_string(port)}};
  const TestServer again(std::move(options), echo, answer_call);
  EXPECT_EQ(client->call_and_wait("/test/Echo", "3").code, GrpcCode::ok);
}

TEST(Grpc, an_idle_connection_is_closed_without_harm) {
  ServerOptions options;
  options.limits.idle = milliseconds(50);
  const TestServer server(std::move(options), echo, answer_call);
  const auto client = client_of(server);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(client->call_and_wait("/test/Echo", "x").code, GrpcCode::ok);
    std::this_thread::sleep_for(std::chrono::milliseconds(150));
  }
}

TEST(Grpc, stopping_lets_calls_finish) {
  std::atomic<int> begun{0}, fine{0}, done{0};
  TestServer server({}, echo, [&](GrpcRequest request, GrpcResponder respond) {
    ++begun;
    answer_call(std::move(request), std::move(respond));
  });
  const auto client = client_of(server);
  for (int i = 0; i < 50; ++i)
    client->call("/test/Later", "x", {}, [&](const GrpcAnswer& answer) {
      if (answer.code == GrpcCode::ok) ++fine;
      ++done;
    });
  while (begun < 50) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  server.server->stop(seconds(5));
  for (int i = 0; i < 500 && done < 50; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  EXPECT_EQ(fine, 50);
}

}  // namespace
}  // namespace clew::net
