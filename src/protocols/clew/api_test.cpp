#include "protocols/clew/api.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <set>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

#include "base/counters.h"
#include "protocols/served_router.h"

namespace clew::api {
namespace {

using testing::Exchange;
using ::testing::HasSubstr;
using testing::ServedRouter;

constexpr EnvironmentId kProduction{7};

// Rows without columns: enough to be counted.
class CountedSegment : public store::Segment {
 public:
  explicit CountedSegment(uint32_t rows) : granule_{rows, UnixNanos{1}, UnixNanos{2}} {}
  uint64_t id() const override { return 1; }
  std::span<const store::GranuleInfo> granules() const override { return {&granule_, 1}; }
  std::span<const store::ColumnInfo> columns() const override { return {}; }
  std::optional<store::ZoneMap> zone_map(uint32_t, uint32_t) const override { return std::nullopt; }
  Result<store::ColumnData> read(uint32_t, uint32_t) const override {
    return Status(ErrorKind::internal, "no columns");
  }
  std::optional<std::span<const std::string_view>> dictionary(uint32_t) const override {
    return std::nullopt;
  }
  std::vector<uint32_t> granules_of_trace(const TraceId&) const override { return {}; }
  uint64_t stored_bytes(uint32_t, uint32_t) const override { return 0; }

 private:
  store::GranuleInfo granule_;
};

class FakeStorage : public store::Storage {
 public:
  void append(const Batch&, std::function<void(store::AppendOutcome)>) override {}
  store::Snapshot snapshot(EnvironmentId environment, Signal signal) override {
    std::unique_lock lock(mutex_);
    if (signal == Signal::metrics) opened_.wait(lock, [this] { return !closed_; });
    if (environment != kProduction || signal != Signal::traces || rows_ == 0) return {};
    return {{std::make_shared<CountedSegment>(rows_)}};
  }
  Status close() override { return {}; }

  void set_rows(uint32_t rows) {
    const std::lock_guard lock(mutex_);
    rows_ = rows;
  }
  // Whoever asks for metrics waits until it is opened.
  void close_metrics(bool closed) {
    {
      const std::lock_guard lock(mutex_);
      closed_ = closed;
    }
    opened_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable opened_;
  uint32_t rows_ = 0;
  bool closed_ = false;
};

class FakeAccess : public control::Access {
 public:
  Result<EnvironmentId> admit(std::optional<std::string_view> key) const override {
    if (!key) return Status(ErrorKind::unauthenticated, "missing 'x-honeycomb-team' header");
    if (*key == "production") return kProduction;
    if (*key == "staging") return EnvironmentId{8};
    return Status(ErrorKind::unauthenticated,
                  "unknown API key - check your credentials, region, and API URL");
  }
};

class ApiTest : public ::testing::Test {
 protected:
  ApiOptions options() {
    ApiOptions options;
    options.storage = &storage_;
    options.access = &access_;
    options.arrivals = &arrivals_;
    options.version = "0.1.0";
    options.at_once = 1;
    options.waiting = 1;
    return options;
  }

  FakeStorage storage_;
  FakeAccess access_;
  Arrivals arrivals_;
};

const net::Headers kKey = {{"x-honeycomb-team", "production"}};

TEST_F(ApiTest, every_route_is_described_and_every_description_is_a_route) {
  std::set<std::string> described;
  const YAML::Node description = YAML::LoadFile("docs/api/openapi.yaml");
  for (const auto& path : description["paths"]) {
    for (const auto& method : path.second) {
      std::string name = method.first.as<std::string>();
      for (char& c : name) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
      described.insert(name + " " + path.first.as<std::string>());
    }
  }
  Router router;
  Api api(options());
  api.register_routes(router);
  const std::vector<std::string> routes = router.routes();
  EXPECT_EQ(std::set<std::string>(routes.begin(), routes.end()), described);
}

TEST_F(ApiTest, a_key_is_asked_for_in_the_header_or_as_a_parameter) {
  Router router;
  Api api(options());
  api.register_routes(router);
  storage_.set_rows(5);
  const ServedRouter served(router);
  EXPECT_THAT(served.ask({.target = "/clew/v1/status", .headers = kKey}).body,
              HasSubstr(R"("traces":{"rows":5,"segments":1,)"));
  EXPECT_THAT(served.ask({.target = "/clew/v1/status?key=production"}).body, HasSubstr(R"("has_data":true)"));
  EXPECT_THAT(served.ask({.target = "/clew/v1/status?key=staging"}).body, HasSubstr(R"("has_data":false)"));
  const net::Response missing = served.ask({.target = "/clew/v1/status"});
  EXPECT_EQ(missing.status, 401);
  EXPECT_EQ(missing.body, R"({"error":"missing 'x-honeycomb-team' header","kind":"unauthenticated"})");
  EXPECT_EQ(served.ask({.target = "/clew/v1/status?key=nobody"}).status, 401);
  // The header counts, whatever the address says.
  EXPECT_EQ(
      served.ask({.target = "/clew/v1/status?key=production", .headers = {{"x-honeycomb-team", "nobody"}}})
          .status,
      401);
  EXPECT_EQ(served.ask({.target = "/", .headers = {{"accept", "text/html"}}}).status, 200);
}

TEST_F(ApiTest, a_parameter_that_is_not_there_is_refused_with_the_nearest) {
  Router router;
  Api api(options());
  api.register_routes(router);
  const ServedRouter served(router);
  const net::Response response = served.ask({.target = "/clew/v1/traces?servce=shop", .headers = kKey});
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(
      response.body,
      R"({"error":"There is no parameter servce here: did you mean service?","kind":"bad_input","field":"servce"})");
}

TEST_F(ApiTest, when_too_many_questions_wait_the_next_is_told_to_try_again) {
  Router router;
  Api api(options());
  api.register_routes(router);
  const ServedRouter served(router);
  storage_.close_metrics(true);
  const std::string question =
      "GET /clew/v1/metrics HTTP/1.1\r\nhost: x\r\nx-honeycomb-team: production\r\n\r\n";
  std::vector<int> sockets;
  net::Response refused;
  // One is under way, one waits; a third finds no place.
  for (int attempt = 0; attempt < 200 && refused.status != 429; ++attempt) {
    if (sockets.size() < 2) {
      sockets.push_back(served.open_and_send(question));
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
      continue;
    }
    refused = served.ask({.target = "/clew/v1/metrics", .headers = kKey});
  }
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(net::find_header(refused.headers, "retry-after"), "1");
  EXPECT_THAT(refused.body, HasSubstr(R"("kind":"exhausted")"));
  storage_.close_metrics(false);
  for (const int socket : sockets) ::close(socket);
}

// Reads until `wanted` has come, for at most ten seconds.
std::string read_until(int socket, std::string_view wanted) {
  timeval limit{.tv_sec = 10, .tv_usec = 0};
  setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  std::string text;
  char buffer[4096];
  while (text.find(wanted) == std::string::npos) {
    const ssize_t count = ::read(socket, buffer, sizeof buffer);
    if (count <= 0) break;
    text.append(buffer, static_cast<size_t>(count));
  }
  return text;
}

TEST_F(ApiTest, the_stream_greets_and_tells_of_arrivals_and_refusals_of_its_environment) {
  Router router;
  Api api(options());
  api.register_routes(router);
  const ServedRouter served(router);
  const int socket = served.open_and_send("GET /clew/v1/stream?key=production HTTP/1.1\r\nhost: x\r\n\r\n");
  EXPECT_THAT(read_until(socket, "\n\n"),
              HasSubstr("event: hello\ndata: {\"rows\":{\"traces\":0,\"logs\":0,\"metrics\":0}}\n\n"));
  storage_.set_rows(3);
  count(Counter::spans_accepted, 3);
  EXPECT_THAT(read_until(socket, "\n\n"),
              HasSubstr("event: arrived\ndata: "
                        "{\"rows\":{\"traces\":3,\"logs\":0,\"metrics\":0},\"signals\":[\"traces\"]}\n\n"));
  arrivals_.refused(EnvironmentId{8}, {}, 400, "not to be seen here", "");
  arrivals_.refused(std::nullopt, {}, 401, "unknown API key", "");
  EXPECT_THAT(read_until(socket, "\n\n"), HasSubstr("event: refused\ndata: {\"refused\":1}\n\n"));
  arrivals_.accepted(kProduction, {}, 3, 100);
  const int latecomer =
      served.open_and_send("GET /clew/v1/stream?key=production HTTP/1.1\r\nhost: x\r\n\r\n");
  EXPECT_THAT(read_until(latecomer, "\n\n"), HasSubstr("\"last_arrival_ms\":"));
  ::close(latecomer);
  api.stop();
  EXPECT_THAT(read_until(socket, "0\r\n\r\n"), HasSubstr("0\r\n\r\n"));
  ::close(socket);
  EXPECT_EQ(served.ask({.target = "/clew/v1/stream?key=production"}).status, 503);
  EXPECT_EQ(served.ask({.target = "/clew/v1/metrics?key=production"}).status, 503);
}

TEST_F(ApiTest, another_origin_may_read_only_when_configured) {
  Router closed_router, open_router;
  Api closed(options());
  closed.register_routes(closed_router);
  ApiOptions opened = options();
  opened.allowed_origins = {"https://wiki.example.com"};
  Api open(std::move(opened));
  open.register_routes(open_router);
  const ServedRouter served_closed(closed_router), served_open(open_router);
  const auto allowed = [](const ServedRouter& served, const std::string& method, const std::string& origin) {
    const net::Response response =
        served.ask({.method = method,
                    .target = "/clew/v1/status",
                    .headers = {{"x-honeycomb-team", "production"}, {"origin", origin}}});
    return std::string(net::find_header(response.headers, "access-control-allow-origin").value_or("none"));
  };
  EXPECT_EQ(allowed(served_closed, "GET", "https://wiki.example.com"), "none");
  EXPECT_EQ(allowed(served_open, "GET", "https://wiki.example.com"), "https://wiki.example.com");
  EXPECT_EQ(allowed(served_open, "OPTIONS", "https://wiki.example.com"), "https://wiki.example.com");
  EXPECT_EQ(allowed(served_open, "GET", "https://evil.example.com"), "none");
}

}  // namespace
}  // namespace clew::api
