#include "control/key_value.h"

#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace clew::control {
namespace {

using testing::HasSubstr;
using testing::MatchesRegex;

TEST(KeyValue, HasTheShapeOfAnEnvironmentIngestKey) {
  const std::string value = new_key_id() + new_key_secret();
  EXPECT_EQ(value.size(), 64u);
  EXPECT_THAT(value, MatchesRegex("hcaik_[0-9a-z]+"));
}

TEST(KeyValue, NoTwoAreAlike) {
  std::set<std::string> ids, secrets;
  for (int i = 0; i < 1000; ++i) {
    ids.insert(new_key_id());
    secrets.insert(new_key_secret());
  }
  EXPECT_EQ(ids.size(), 1000u);
  EXPECT_EQ(secrets.size(), 1000u);
}

TEST(KeyValue, TheHashIsSha256) {
  const KeyHash hash = hash_of_key("abc");
  EXPECT_EQ(hash[0], 0xba);
  EXPECT_EQ(hash[1], 0x78);
  EXPECT_EQ(hash[31], 0xad);
}

TEST(KeyValue, KeepsTheIdOfAKeyThatComesFromHoneycomb) {
  const std::string id = "hcbik_01hqk4k20cjeh63wca8vva5stw";
  EXPECT_EQ(id_for_value(id + std::string(32, 'x')), id);
  EXPECT_NE(id_for_value("aBcDeFgHiJkLmNoPqRsTuV"), "aBcDeFgHiJkLmNoPqRsTuV");
}

TEST(KeyValue, RefusesWhatCannotTravelInAHeader) {
  struct Case {
    std::string value, complaint;
  };
  for (const Case& c : {Case{"", "empty"}, Case{"two words", "character 4"}, Case{"ends\n", "character 5"},
                        Case{"schlüssel", "character 5"}, Case{std::string(1025, 'x'), "got 1025"}}) {
    const Status status = check_key_value(c.value);
    ASSERT_FALSE(status.ok()) << c.value;
    EXPECT_THAT(std::string(status.message()), HasSubstr(c.complaint));
  }
  EXPECT_TRUE(check_key_value("aBcDeFgHiJkLmNoPqRsTuV").ok());
}

TEST(KeyValue, TrimsWhatPastingLeaves) {
  EXPECT_EQ(trim_key_value("abc"), "abc");
  EXPECT_EQ(trim_key_value(" \"abc\"\r\n"), "abc");
  EXPECT_EQ(trim_key_value("'abc'"), "abc");
  EXPECT_EQ(trim_key_value(" \n"), "");
}

}  // namespace
}  // namespace clew::control
