#include "net/url_encoding.h"

#include <gtest/gtest.h>

namespace clew::net {
namespace {

TEST(UrlEncoding, percent_decoding) {
  EXPECT_EQ(percent_decode("/v1/traces"), "/v1/traces");
  EXPECT_EQ(percent_decode("a%20b%2Fc%2f"), "a b/c/");
  EXPECT_EQ(percent_decode("a+b"), "a+b");
  EXPECT_EQ(percent_decode("%C3%A9"), "\xc3\xa9");
  for (const char* damaged : {"%", "%2", "%zz", "a%2", "%-1", "%%20"})
    EXPECT_EQ(percent_decode(damaged), std::nullopt) << damaged;
}

TEST(UrlEncoding, percent_encoding) {
  EXPECT_EQ(percent_encode("az AZ-09._~"), "az%20AZ-09._~");
  EXPECT_EQ(percent_encode("/?&=+\n\xff"), "%2F%3F%26%3D%2B%0A%FF");
}

TEST(UrlEncoding, query_parameters) {
  struct Case {
    const char* query;
    std::optional<std::string> from;
  };
  const Case cases[] = {
      {"from=now-1h", "now-1h"},
      {"to=now&from=now-1h", "now-1h"},
      {"from=a&from=b", "a"},
      {"from=", ""},
      {"from", ""},
      {"from=two+words%20here", "two words here"},
      {"from=100%", "100%"},
      {"from=%zz%41", "%zzA"},
      {"fr%6Fm=encoded", "encoded"},
      {"from=a=b", "a=b"},
      {"", std::nullopt},
      {"&&&", std::nullopt},
      {"fromage=1", std::nullopt},
      {"=from", std::nullopt},
  };
  for (const Case& it : cases) EXPECT_EQ(query_parameter(it.query, "from"), it.from) << it.query;
}

}  // namespace
}  // namespace clew::net
