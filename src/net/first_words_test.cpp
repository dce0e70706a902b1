#include "net/first_words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace clew::net {
namespace {

using namespace std::string_view_literals;
using testing::HasSubstr;

struct Case {
  std::string_view name;
  std::string_view bytes;
  std::string_view what;
  std::string_view remedy;
};

TEST(FirstWords, tell_what_speaks_at_a_door_of_http) {
  const Case cases[] = {
      {"segment", "{\"format\": \"json\", \"version\": 1}\n{\"name\":\"a\"}", "X-Ray", "over UDP"},
      {"segment of another SDK", "{\"version\":1,\"format\":\"json\"}\n", "X-Ray", "AWS_XRAY_DAEMON_ADDRESS"},
      {"object", "{\"resourceSpans\":[]}", "JSON", "POST"},
      {"list", "[{\"id\":\"1\"}]", "JSON", "POST"},
      {"thrift, compact",
       "\x82\x21\x01\x09"
       "emitBatch"sv,
       "Thrift", "6831"},
      {"thrift, binary",
       "\x80\x01\x00\x04\x00\x00\x00\x09"
       "emitBatch"sv,
       "Thrift", "14268"},
      {"syslog", "<34>1 2026-03-01T12:00:00Z host app - - - hello", "syslog", "Collector"},
      {"no syslog", "<xml>1</xml>", "", "doors"},
      {"nothing known", "hello", "", "doors"},
      {"nothing", "", "", "doors"},
  };
  for (const Case& one : cases) {
    SCOPED_TRACE(one.name);
    const Speaker speaker = speaker_of(one.bytes);
    EXPECT_THAT(speaker.what, HasSubstr(one.what));
    EXPECT_EQ(speaker.what.empty(), one.what.empty());
    EXPECT_THAT(speaker.remedy, HasSubstr(one.remedy));
  }
}

}  // namespace
}  // namespace clew::net
