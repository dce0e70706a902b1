#include "protocols/clew/content_encoding.h"

#include <gtest/gtest.h>

#include "base/compression.h"

namespace clew::api {
namespace {

TEST(ContentEncoding, gzip_is_taken_when_listed_and_not_excluded) {
  struct Case {
    const char* accepted;
    bool taken;
  };
  const Case cases[] = {{"gzip", true},      {"br, gzip;q=0.5", true}, {"deflate, gzip, br", true},
                        {"identity", false}, {"gzip;q=0", false},      {"gzip;q=0, br", false},
                        {"", false}};
  for (const Case& c : cases) {
    net::Request request;
    request.headers = {{"accept-encoding", c.accepted}};
    EXPECT_EQ(takes_gzip(request), c.taken) << c.accepted;
  }
  EXPECT_FALSE(takes_gzip(net::Request{}));
}

TEST(ContentEncoding, large_answers_travel_packed_to_other_machines) {
  struct Case {
    const char* situation;
    size_t size;
    const char* accepted;
    bool loopback;
    bool packed;
  };
  const Case cases[] = {{"large, far away", 100'000, "gzip", false, true},
                        {"small", 1'000, "gzip", false, false},
                        {"not taken", 100'000, "br", false, false},
                        {"the same machine", 100'000, "gzip", true, false}};
  for (const Case& c : cases) {
    net::Request request;
    request.headers = {{"accept-encoding", c.accepted}};
    request.peer_is_loopback = c.loopback;
    const std::string body(c.size, 'x');
    const net::Response response = packed(net::json_response(200, body), request);
    ASSERT_EQ(net::find_header(response.headers, "content-encoding").has_value(), c.packed) << c.situation;
    if (!c.packed) {
      EXPECT_EQ(response.body, body) << c.situation;
      continue;
    }
    const auto unpacked = decompress(Compression::gzip, response.body, 1 << 20);
    ASSERT_TRUE(unpacked.ok()) << c.situation;
    EXPECT_EQ(*unpacked, body) << c.situation;
  }
}

}  // namespace
}  // namespace clew::api
