// What a request costs: one loop of the server and one client over loopback, against a handler that does
// nothing. "server_us" is the server thread's own CPU time for one request.
#include <atomic>
#include <memory>
#include <poll.h>
#include <string>
#include <time.h>

#include <benchmark/benchmark.h>
#include <sys/socket.h>

#include "net/address.h"
#include "net/grpc_client.h"
#include "net/server.h"

namespace clew::net {
namespace {

double cpu_seconds_of(clockid_t clock) {
  timespec time{};
  clock_gettime(clock, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

struct Bench {
  Bench() {
    ServerOptions options;
    options.doors = {{"127.0.0.1:0"}};
    options.threads = 1;
    const auto note_clock = [this] {
      if (!known_.exchange(true)) pthread_getcpuclockid(pthread_self(), &clock_);
    };
    server_ = Server::start(
                  options,
                  [=](Request request, Responder responder) {
                    note_clock();
                    benchmark::DoNotOptimize(request.body.view().data());
                    responder.send({.status = 200,
                                    .reason = {},
                                    .headers = {{"content-type", "application/x-protobuf"}},
                                    .body = {}});
                  },
                  [=](GrpcRequest request, GrpcResponder respond) {
                    note_clock();
                    benchmark::DoNotOptimize(request.message.view().data());
                    respond({});
                  })
                  .value();
    socket_ = connect_to({"127.0.0.1", server_->ports().front()}, seconds(5)).value();
  }

  void send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(socket_.number(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent > 0) bytes.remove_prefix(static_cast<size_t>(sent));
      if (sent < 0) wait_for(socket_.number(), POLLOUT, seconds(5));
    }
  }
  // Reads until `answers` answers (which all are of `answer_size` bytes) have come.
  void take(size_t bytes) {
    static char buffer[1 << 20];
    while (bytes > 0) {
      const ssize_t count = recv(socket_.number(), buffer, std::min(bytes, sizeof buffer), 0);
      if (count > 0) bytes -= static_cast<size_t>(count);
      if (count < 0) wait_for(socket_.number(), POLLIN, seconds(5));
    }
  }
  size_t size_of_answer_to(std::string_view request) {
    send(request);
    char buffer[4096];
    wait_for(socket_.number(), POLLIN, seconds(5));
    return static_cast<size_t>(recv(socket_.number(), buffer, sizeof buffer, 0));
  }

  double server_seconds() const { return cpu_seconds_of(clock_); }
  uint16_t port() const { return server_->ports().front(); }

 private:
  std::unique_ptr<Server> server_;
  FileDescriptor socket_;
  std::atomic<bool> known_{false};
  clockid_t clock_{};
};

std::string post(size_t body) {
  return "POST /v1/traces HTTP/1.1\r\nHost: localhost:4318\r\nUser-Agent: bench/1.0\r\nContent-Type: "
         "application/x-protobuf\r\n"
         "Accept-Encoding: gzip\r\nContent-Length: " +
         std::to_string(body) + "\r\n\r\n" + std::string(body, 'x');
}

void http1(benchmark::State& state) {
  Bench bench;
  const std::string request = post(static_cast<size_t>(state.range(0)));
  const auto depth = static_cast<size_t>(state.range(1));
  const size_t answer = bench.size_of_answer_to(request);
  std::string batch;
  for (size_t i = 0; i < depth; ++i) batch += request;
  const double before = bench.server_seconds();
  for (auto _ : state) {
    bench.send(batch);
    bench.take(answer * depth);
  }
  const auto requests = static_cast<double>(state.iterations()) * static_cast<double>(depth);
  state.counters["server_us"] = (bench.server_seconds() - before) * 1e6 / requests;
  state.counters["requests"] = benchmark::Counter(requests, benchmark::Counter::kIsRate);
  state.SetBytesProcessed(static_cast<int64_t>(requests * static_cast<double>(request.size())));
}
BENCHMARK(http1)
    ->ArgNames({"body", "pipelined"})
    ->Args({100, 1})
    ->Args({100, 16})
    ->Args({100, 64})
    ->Args({215'000, 1})
    ->Args({215'000, 8})
    ->UseRealTime();

void grpc(benchmark::State& state) {
  Bench bench;
  auto client =
      GrpcClient::create({.server = "127.0.0.1:" + std::to_string(bench.port()), .tls = {}}).value();
  const std::string message(static_cast<size_t>(state.range(0)), 'x');
  const int64_t depth = state.range(1);
  client->call_and_wait("/a/B", message);
  const double before = bench.server_seconds();
  for (auto _ : state) {
    std::atomic<int64_t> open{depth};
    for (int64_t i = 0; i < depth; ++i)
      client->call("/a/B", message, {}, [&open](GrpcAnswer) {
        if (--open == 0) open.notify_one();
      });
    for (int64_t left = open; left > 0; left = open) open.wait(left);
  }
  const auto requests = static_cast<double>(state.iterations() * depth);
  state.counters["server_us"] = (bench.server_seconds() - before) * 1e6 / requests;
  state.counters["requests"] = benchmark::Counter(requests, benchmark::Counter::kIsRate);
  state.SetBytesProcessed(static_cast<int64_t>(requests) * state.range(0));
}
BENCHMARK(grpc)
    ->ArgNames({"body", "at_once"})
    ->Args({100, 1})
    ->Args({100, 64})
    ->Args({215'000, 1})
    ->Args({215'000, 8})
    ->UseRealTime();

}  // namespace
}  // namespace clew::net
