#include "protocols/rollbar/scrubbing.h"

#include <gtest/gtest.h>

namespace clew::rollbar {
namespace {

std::string scrubbed(std::string_view text) {
  JsonValue value = parse_json(text).value();
  Scrubber({"Internal-Code"}).scrub(value);
  return value.text();
}

TEST(Scrubbing, values_under_telling_names) {
  EXPECT_EQ(
      scrubbed(R"({"user":"ada","password":"x","X-Auth-Token":["a"],"apiKey":1,"internal_code":7,"n":null})"),
      R"({"user":"ada","password":"********","X-Auth-Token":"********","apiKey":"********","internal_code":"********","n":null})");
  EXPECT_EQ(scrubbed(R"({"a":[{"client_secret":{"deep":1}}]})"), R"({"a":[{"client_secret":"********"}]})");
}

TEST(Scrubbing, numbers_of_cards_in_any_text) {
  EXPECT_EQ(scrubbed(R"("paid with 4111 1111 1111 1111, thanks")"), R"("paid with ********, thanks")");
  EXPECT_EQ(scrubbed(R"("5500-0000-0000-0004")"), R"("********")");
  EXPECT_EQ(scrubbed(R"("order 4111111111111112")"), R"("order 4111111111111112")");
  EXPECT_EQ(scrubbed(R"("at 1700000000000 ms")"), R"("at 1700000000000 ms")");
}

TEST(Scrubbing, secrets_in_the_query_of_a_url) {
  EXPECT_EQ(scrubbed(R"("https://a/b?page=2&token=abc&x=1")"), R"("https://a/b?page=2&token=********&x=1")");
}

}  // namespace
}  // namespace clew::rollbar
