#include "base/json_value.h"

#include <string>

#include <gtest/gtest.h>

namespace clew {
namespace {

JsonValue parsed(std::string_view text) {
  Result<JsonValue> value = parse_json(text);
  EXPECT_TRUE(value.ok()) << value.status().to_string();
  return value.ok() ? *value : JsonValue();
}

TEST(JsonValue, WritesWhatItRead) {
  for (const char* text : {"null", "true", "-9223372036854775808", "18446744073709551615", "0.1", R"("a\nb")",
                           "[]", "{}", R"([1,[2,{"a":null}]])", R"({"b":1795221733.0977516,"a":{"c":[]}})"})
    EXPECT_EQ(parsed(text).text(), text);
}

TEST(JsonValue, ComparesValuesAndNotTheirSpelling) {
  EXPECT_EQ(parsed(R"({"a":1,"b":[2.0]})"), parsed(R"({"b":[2],"a":1.0})"));
  EXPECT_EQ(parsed("1e3"), parsed("1000"));
  EXPECT_FALSE(parsed("[1,2]") == parsed("[2,1]"));
  EXPECT_FALSE(parsed(R"({"a":1})") == parsed(R"({"a":1,"b":1})"));
  EXPECT_FALSE(parsed("0") == parsed("false"));
  EXPECT_FALSE(parsed("9007199254740993") == parsed("9007199254740992"));
}

TEST(JsonValue, OfTwoMembersOfOneNameTheLastCounts) {
  EXPECT_EQ(parsed(R"({"a":1,"b":2,"a":3})").text(), R"({"a":3,"b":2})");
  std::string many = "{";
  for (int i = 0; i < 40; ++i) many += "\"k" + std::to_string(i % 20) + "\":" + std::to_string(i) + ",";
  many.back() = '}';
  const JsonValue value = parsed(many);
  ASSERT_EQ(value.object()->size(), 20u);
  EXPECT_EQ(*value.find("k0"), JsonValue(20));
}

TEST(JsonValue, MembersAreTakenAndAdded) {
  JsonValue value = parsed(R"({"a":{"b":1},"c":2})");
  EXPECT_EQ(value.take("c"), JsonValue(2));
  EXPECT_EQ(value.take("c"), std::nullopt);
  value["a"]["d"]["e"] = JsonValue("new");
  EXPECT_EQ(value.text(), R"({"a":{"b":1,"d":{"e":"new"}}})");
}

TEST(JsonValue, RefusesWhatIsNoJson) {
  for (const char* text :
       {"", "{", "{'a':1}", "[1,]", "nul", "1 2", "1e999", "123456789012345678901234567890"})
    EXPECT_EQ(parse_json(text).status().kind(), ErrorKind::bad_input) << text;
  EXPECT_TRUE(parse_json(std::string(10, '[') + std::string(10, ']'), 10).ok());
  EXPECT_FALSE(parse_json(std::string(12, '[') + std::string(12, ']'), 10).ok());
}

}  // namespace
}  // namespace clew
