#include "protocols/router.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/nearest.h"
#include "protocols/served_router.h"

namespace clew {
namespace {

using testing::Exchange;
using ::testing::HasSubstr;
using testing::ServedRouter;

// Answers with its own pattern and the parameters asked for.
net::Handler tell(std::string pattern, std::vector<std::string> parameters = {}) {
  return [=](const net::Request& request, const net::Responder& responder) {
    std::string body = pattern;
    for (const std::string& name : parameters)
      body += " " + name + "=" + request.parameter(name).value_or("(none)");
    responder.send(net::text_response(200, std::move(body)));
  };
}

class RouterTest : public ::testing::Test {
 protected:
  void SetUp() override {
    for (const char* pattern : {"/", "/v1/traces", "/v1/logs", "/clew/v1/status"}) {
      router_.add(std::string_view(pattern).starts_with("/v1") ? "POST" : "GET", pattern, tell(pattern));
    }
    router_.add("GET", "/clew/v1/traces/{id}", tell("trace", {"id", "x"}));
    router_.add("GET", "/clew/v1/traces/newest", tell("newest"));
    router_.add("GET", "/clew/v1/traces/{id}/spans/{span}", tell("span", {"id", "span"}));
    router_.add("GET", "/files/*", tell("files", {"*"}));
    router_.add("GET", "/files/{name}", tell("file", {"name"}));
    router_.add("PUT", "/files/{name}", tell("put"));
    router_.add_grpc(
        "/opentelemetry.proto.collector.trace.v1.TraceService/Export",
        [](const net::GrpcRequest&, const net::GrpcResponder& respond) {
          respond({.code = net::GrpcCode::ok, .error = {}, .message = "taken", .status_details = {}});
        });
  }

  Router router_;
};

TEST_F(RouterTest, a_header_tells_apart_protocols_that_share_a_path) {
  router_.add("POST", "/", tell("otlp"));
  router_.add("POST", "/", HeaderBegins{"x-amz-target", "Logs_20140328."}, tell("logs"));
  const ServedRouter served(router_);
  ASSERT_TRUE(served.is_up());
  const auto ask = [&](net::Headers headers) {
    return served.ask({.method = "POST", .target = "/", .headers = std::move(headers), .body = "{}"}).body;
  };
  EXPECT_EQ(ask({{"x-amz-target", "Logs_20140328.PutLogEvents"}}), "logs");
  EXPECT_EQ(ask({{"x-amz-target", "DynamoDB_20120810.Query"}}), "otlp");
  EXPECT_EQ(ask({}), "otlp");
}

TEST_F(RouterTest, the_most_specific_route_answers) {
  struct Case {
    const char* situation;
    const char* method;
    const char* target;
    const char* answer;
  };
  const Case cases[] = {
      {"root", "GET", "/", "/"},
      {"literal", "POST", "/v1/traces", "/v1/traces"},
      {"slash at the end", "POST", "/v1/traces/", "/v1/traces"},
      {"literal beats parameter", "GET", "/clew/v1/traces/newest", "newest"},
      {"one parameter", "GET", "/clew/v1/traces/abc", "trace id=abc x=(none)"},
      {"query beside a parameter", "GET", "/clew/v1/traces/abc?x=1", "trace id=abc x=1"},
      {"query cannot replace a parameter", "GET", "/clew/v1/traces/abc?id=evil", "trace id=abc x=(none)"},
      {"decoded segment is handed on as it is", "GET", "/clew/v1/traces/a%26b%3D%25",
       "trace id=a&b=% x=(none)"},
      {"two parameters", "GET", "/clew/v1/traces/a/spans/b", "span id=a span=b"},
      {"parameter beats star", "GET", "/files/a", "file name=a"},
      {"star takes the rest", "GET", "/files/a/b/c", "files *=a/b/c"},
      {"star takes nothing", "GET", "/files", "files *="},
      {"method decides between patterns", "PUT", "/files/a", "put"},
  };
  const ServedRouter served(router_);
  ASSERT_TRUE(served.is_up());
  for (const Case& c : cases) {
    const net::Response response = served.ask({.method = c.method, .target = c.target});
    EXPECT_EQ(response.status, 200) << c.situation;
    EXPECT_EQ(response.body, c.answer) << c.situation;
  }
}

TEST_F(RouterTest, head_is_answered_by_get_without_a_body) {
  const ServedRouter served(router_);
  const net::Response response = served.ask({.method = "HEAD", .target = "/clew/v1/status"});
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, "");
  EXPECT_EQ(net::find_header(response.headers, "content-length"), "15");
}

TEST_F(RouterTest, a_wrong_method_is_told_the_right_ones) {
  const ServedRouter served(router_);
  const net::Response response = served.ask({.method = "GET", .target = "/v1/traces"});
  EXPECT_EQ(response.status, 405);
  EXPECT_EQ(net::find_header(response.headers, "allow"), "POST");
  EXPECT_EQ(response.body, R"({"error":"/v1/traces takes POST, not GET","kind":"method_not_allowed"})");
  EXPECT_EQ(response.reason, "/v1/traces takes POST, not GET");

  const net::Response both = served.ask({.method = "DELETE", .target = "/files/a"});
  EXPECT_EQ(both.status, 405);
  EXPECT_EQ(net::find_header(both.headers, "allow"), "GET, PUT, HEAD");

  const net::Response options = served.ask({.method = "OPTIONS", .target = "/v1/traces"});
  EXPECT_EQ(options.status, 204);
  EXPECT_EQ(net::find_header(options.headers, "allow"), "POST");
}

TEST_F(RouterTest, a_wrong_path_is_told_the_nearest) {
  struct Case {
    const char* situation;
    const char* method;
    const char* target;
    const char* meant;
  };
  const Case cases[] = {
      {"letter missing", "POST", "/v1/trace", "did you mean /v1/traces?"},
      {"path doubled", "POST", "/v1/traces/v1/traces", "did you mean /v1/traces?"},
      {"slash doubled", "POST", "//v1/traces", "did you mean /v1/traces?"},
      {"letters swapped", "GET", "/clew/v1/sattus", "did you mean /clew/v1/status?"},
      {"wrong case", "POST", "/V1/Logs", "did you mean /v1/logs?"},
      {"empty parameter", "GET", "/clew/v1/traces//spans/b",
       "did you mean /clew/v1/traces/{id}/spans/{span}?"},
  };
  const ServedRouter served(router_);
  for (const Case& c : cases) {
    const net::Response response = served.ask({.method = c.method, .target = c.target});
    EXPECT_EQ(response.status, 404) << c.situation;
    EXPECT_THAT(response.body, HasSubstr(c.meant)) << c.situation;
    EXPECT_THAT(response.reason, HasSubstr(c.meant)) << c.situation;
    EXPECT_THAT(response.body, HasSubstr("There are /, /v1/traces, /v1/logs, /clew/v1/status"))
        << c.situation;
  }
}

TEST_F(RouterTest, a_hostile_path_comes_back_short_and_printable) {
  const ServedRouter served(router_);
  const net::Response response =
      served.ask({.target = "/a%0d%0aset-cookie:%20x%ff" + std::string(5000, 'a')});
  EXPECT_EQ(response.status, 404);
  EXPECT_EQ(net::find_header(response.headers, "set-cookie"), std::nullopt);
  EXPECT_THAT(response.body, HasSubstr("Nothing is served at /a??set-cookie: x?aaa"));
  EXPECT_LT(response.body.size(), 600u);
}

TEST_F(RouterTest, the_fallback_is_asked_before_404_but_not_before_405) {
  router_.set_fallback([](const net::Request& request) -> std::optional<net::Response> {
    if (request.path != "/app.js") return std::nullopt;
    return net::text_response(200, "script");
  });
  const ServedRouter served(router_);
  EXPECT_EQ(served.ask({.target = "/app.js"}).body, "script");
  EXPECT_EQ(served.ask({.target = "/other.js"}).status, 404);
  EXPECT_EQ(served.ask({.method = "GET", .target = "/v1/logs"}).status, 405);
}

TEST_F(RouterTest, refusals_are_observed_with_what_was_answered) {
  std::vector<std::string> seen;
  router_.set_refusal_observer([&](const net::Request& request, const net::Response& response) {
    seen.push_back(request.method + " " + std::to_string(response.status) + " " + response.reason);
  });
  const ServedRouter served(router_);
  served.ask({.method = "GET", .target = "/v1/traces"});
  served.ask({.method = "OPTIONS", .target = "/v1/traces"});
  served.ask({.method = "POST", .target = "/v1/traces"});
  served.ask({.method = "POST", .target = "/v1/trace"});
  ASSERT_EQ(seen.size(), 2u);
  EXPECT_EQ(seen[0], "GET 405 /v1/traces takes POST, not GET");
  EXPECT_THAT(seen[1], HasSubstr("POST 404 Nothing is served at /v1/trace: did you mean /v1/traces?"));
}

TEST_F(RouterTest, grpc_methods) {
  net::GrpcResponse answer;
  const auto keep = [&](net::GrpcResponse response) { answer = std::move(response); };
  router_.handle_grpc({.method = "/opentelemetry.proto.collector.trace.v1.TraceService/Export"}, keep);
  EXPECT_EQ(answer.code, net::GrpcCode::ok);
  EXPECT_EQ(answer.message, "taken");

  router_.handle_grpc({.method = "/opentelemetry.proto.collector.traces.v1.TraceService/Export"}, keep);
  EXPECT_EQ(answer.code, net::GrpcCode::unimplemented);
  EXPECT_EQ(answer.error,
            "unknown method /opentelemetry.proto.collector.traces.v1.TraceService/Export: did you mean "
            "/opentelemetry.proto.collector.trace.v1.TraceService/Export?");
}

TEST_F(RouterTest, an_empty_router_answers_404_without_a_hint) {
  const Router empty;
  const ServedRouter served(empty);
  EXPECT_EQ(served.ask({.target = "/x"}).body, R"({"error":"Nothing is served at /x","kind":"not_found"})");
}

TEST(Nearest, edit_distance) {
  struct Case {
    const char* a;
    const char* b;
    size_t distance;
  };
  const Case cases[] = {
      {"", "", 0},
      {"", "abc", 3},
      {"abc", "", 3},
      {"same", "same", 0},
      {"trace", "traces", 1},
      {"sattus", "status", 1},
      {"kitten", "sitting", 3},
      {"ca", "abc", 3},
  };
  for (const Case& c : cases) EXPECT_EQ(edit_distance(c.a, c.b), c.distance) << c.a << " " << c.b;
  EXPECT_EQ(edit_distance(std::string(100'000, 'a'), std::string(100'000, 'b')), 256u);
}

TEST(Nearest, the_first_of_equally_near_names) {
  const std::string_view known[] = {"ab", "ac", "xyz"};
  EXPECT_EQ(nearest("a", known), "ab");
  EXPECT_EQ(nearest("xy", known), "xyz");
  EXPECT_EQ(nearest("a", {}), "");
}

}  // namespace
}  // namespace clew
