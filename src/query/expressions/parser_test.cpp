#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "query/expressions/expression.h"

namespace clew::query {
namespace {

TEST(Expression, mistakes_point_at_the_character) {
  struct Mistake {
    const char* expression;
    size_t position;
    const char* message;
  };
  const Mistake mistakes[] = {
      {"", 0, "expected a value"},
      {"   ", 3, "expected a value"},
      {"IF(true, 1", 10, "expected , or )"},
      {"IF(true 1)", 8, "expected , or )"},
      {"IF(true)", 0, "IF takes at least 2 arguments, got 1"},
      {"SUB(1)", 0, "SUB takes 2 arguments, got 1"},
      {"NOT(1, 2)", 0, "NOT takes 1 argument, got 2"},
      {"BUCKET($a)", 0, "BUCKET takes 2 to 4 arguments, got 1"},
      {"EVENT_TIMESTAMP(1)", 0, "EVENT_TIMESTAMP takes 0 arguments, got 1"},
      {"SUM(1, FOO(2))", 7, "there is no function FOO"},
      {"sum(1, 2)", 0, "did you mean SUM?"},
      {"duration_ms", 0, "a column is written $duration_ms"},
      {"SUM", 0, "expected ( after it"},
      {"1 +", 3, "expected a value"},
      {"1 2", 2, "expected an operator or the end"},
      {"(1", 2, "expected )"},
      {"$", 0, "expected the name of a column after $"},
      {"$\"open", 1, "this quote is not closed"},
      {"CONCAT(\"a)", 7, "this quote is not closed"},
      {"`raw", 0, "this quote is not closed"},
      {"\"\\q\"", 1, "after a backslash"},
      {"\"\\x4\"", 1, "needs 2 digits"},
      {"\"\\ud800\"", 1, "no such character"},
      {"\"\\777\"", 1, "at most \\377"},
      {"1e", 0, "no exponent"},
      {"12abc", 0, "neither a number nor a name"},
      {"99999999999999999999999", 0, ""},
      {"1e999", 0, "out of range"},
      {"$a & $b", 3, "not understood here"},
      {"REG_MATCH($a, `(`)", 14, "no regular expression"},
      {"REG_MATCH($a, $b)", 14, "REG_MATCH needs a regular expression here"},
      {"REG_COUNT($a, 5)", 14, "in quotes"},
      {"LENGTH($a, \"words\")", 11, "\"bytes\" or \"chars\""},
      {"SWITCH($a, $b, 1)", 11, "SWITCH needs a text here"},
      {"SWITCH($a, 200, 1)", 11, "SWITCH needs a text here"},
      {"BUCKET($a, $b)", 11, "BUCKET needs a number here"},
      {"BUCKET($a, 0)", 11, "above 0"},
      {"BUCKET($a, 10, 5)", 0, "a minimum and a maximum"},
      {"FORMAT_TIME($a, 0)", 12, "FORMAT_TIME needs a text here"},
      {"RATE($m)", 0, "points of a metric"},
      {"RAND()", 0, "another answer each time"},
      {"!", 1, "expected a value"},
      {"IF(,)", 3, "expected a value"},
  };
  for (const Mistake& mistake : mistakes) {
    const auto parsed = parse_expression(mistake.expression);
    if (std::string(mistake.message).empty()) {
      EXPECT_TRUE(parsed.ok()) << mistake.expression;
      continue;
    }
    ASSERT_FALSE(parsed.ok()) << mistake.expression;
    const std::string message(parsed.status().message());
    EXPECT_THAT(message, ::testing::HasSubstr(mistake.message)) << mistake.expression;
    EXPECT_TRUE(message.ends_with("\n  " + std::string(mistake.position, ' ') + "^"))
        << mistake.expression << "\n"
        << message;
  }
}

TEST(Expression, nothing_is_nested_without_end) {
  for (const std::string open : {"(", "!", "-", "NOT(", "IF(true, "}) {
    std::string text;
    for (int i = 0; i < 5000; ++i) text += open;
    EXPECT_FALSE(parse_expression(text).ok()) << open;
  }
  std::string chain = "1";
  for (int i = 0; i < 5000; ++i) chain += " + 1";
  EXPECT_FALSE(parse_expression(chain).ok());
  EXPECT_FALSE(parse_expression(std::string(70'000, ' ')).ok());
}

}  // namespace
}  // namespace clew::query
