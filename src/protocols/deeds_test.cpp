#include "protocols/deeds.h"

#include <gtest/gtest.h>

namespace clew {
namespace {

TEST(Deeds, people_call_themselves_as_they_like_within_reason) {
  const auto person = [](std::string header) {
    net::Request request;
    request.headers.emplace_back("x-clew-person", std::move(header));
    return person_of(control::Grant(), request);
  };
  EXPECT_EQ(person("Ann"), "Ann");
  EXPECT_EQ(person("%C3%89mile%20Z"), "Émile Z");
  EXPECT_EQ(person("a%0Ab"), "");
  EXPECT_EQ(person("100%"), "");
  EXPECT_EQ(person(std::string(101, 'a')), "");
  EXPECT_EQ(person_of(control::Grant(), net::Request{}), "");
}

TEST(Deeds, whose_personal_key_it_is_calls_himself_nothing_else) {
  net::Request request;
  request.headers.emplace_back("x-clew-person", "Ben");
  control::Grant grant;
  grant.key_id = "clewp_01";
  grant.key_name = "Ann";
  EXPECT_EQ(person_of(grant, request), "Ann");
  grant.key_id = "hcaik_01";
  EXPECT_EQ(person_of(grant, request), "Ben");
}

}  // namespace
}  // namespace clew
