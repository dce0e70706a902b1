#include "protocols/cross_origin.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace clew {
namespace {

using ::testing::Contains;
using ::testing::Pair;

TEST(OtlpCrossOrigin, AnswersPreflightRequests) {
  net::Request request{.method = "OPTIONS", .path = "/v1/traces"};
  request.headers = {{"origin", "https://a.shop.example"},
                     {"access-control-request-method", "POST"},
                     {"access-control-request-headers", "content-type,traceparent"},
                     {"access-control-request-private-network", "true"}};
  const net::Response any = CrossOrigin().preflight(request);
  EXPECT_EQ(any.status, 204);
  EXPECT_THAT(any.headers, Contains(Pair("access-control-allow-origin", "https://a.shop.example")));
  EXPECT_THAT(any.headers, Contains(Pair("access-control-allow-headers", "content-type,traceparent")));
  EXPECT_THAT(any.headers, Contains(Pair("access-control-allow-private-network", "true")));
  const struct {
    const char* allowed;
    bool granted;
  } cases[] = {{"https://*.shop.example", true}, {"https://a.shop.example", true},
               {"http://*.shop.example", false}, {"https://*.shop.example2", false},
               {"https://shop.example", false},  {"https://a.*", true}};
  for (const auto& c : cases) {
    const net::Response response = CrossOrigin({c.allowed}).preflight(request);
    EXPECT_EQ(net::find_header(response.headers, "access-control-allow-origin").has_value(), c.granted)
        << c.allowed;
    EXPECT_EQ(net::find_header(response.headers, "access-control-allow-methods").has_value(), c.granted)
        << c.allowed;
  }
}

}  // namespace
}  // namespace clew
