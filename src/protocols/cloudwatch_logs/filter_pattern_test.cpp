// Runs tests/cloudwatch_logs_patterns/*.test; its README.md tells the form.
#include "protocols/cloudwatch_logs/filter_pattern.h"

#include <filesystem>
#include <fstream>
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "protocols/cloudwatch_logs/body_condition.h"

namespace clew::cloudwatch_logs {
namespace {

struct Case {
  size_t line = 0;
  std::string pattern;
  std::string expected;
};
struct Suite {
  std::map<std::string, std::string> messages;
  std::vector<Case> cases;
};

Suite read_suite(const std::string& path) {
  Suite suite;
  std::ifstream file(path);
  std::string line;
  for (size_t number = 1; std::getline(file, line); ++number) {
    if (line.starts_with("message ")) {
      const size_t blank = line.find(' ', 8);
      suite.messages[line.substr(8, blank - 8)] = line.substr(blank + 1);
    } else if (line.starts_with("pattern ")) {
      suite.cases.push_back({number, line.substr(8), {}});
    } else if (!line.empty() && !line.starts_with('#') && !suite.cases.empty()) {
      suite.cases.back().expected = line;
    }
  }
  return suite;
}

TEST(FilterPattern, cases) {
  size_t cases = 0;
  for (const auto& entry : std::filesystem::directory_iterator("tests/cloudwatch_logs_patterns")) {
    if (entry.path().extension() != ".test") continue;
    const Suite suite = read_suite(entry.path());
    for (const Case& one : suite.cases) {
      SCOPED_TRACE(entry.path().string() + ":" + std::to_string(one.line) + " " + one.pattern);
      ++cases;
      const Result<FilterPattern> pattern = FilterPattern::parse(one.pattern);
      if (one.expected.starts_with("error ")) {
        EXPECT_FALSE(pattern.ok());
        EXPECT_THAT(std::string(pattern.status().message()), ::testing::HasSubstr(one.expected.substr(6)));
        continue;
      }
      ASSERT_TRUE(pattern.ok()) << pattern.status().message();
      std::string matched;
      const query::Filter bound = pattern->bound();
      for (const auto& [name, message] : suite.messages) {
        if (!pattern->matches(message)) continue;
        matched.append(matched.empty() ? "" : " ").append(name);
        EXPECT_TRUE(testing::lets_through(bound, message)) << name;
      }
      EXPECT_EQ(matched.empty() ? "-" : matched, one.expected);
    }
  }
  EXPECT_GE(cases, 150U);
}

TEST(FilterPattern, columns_are_extracted_by_name_or_by_place) {
  const auto pattern = FilterPattern::parse("[ip, , ..., bytes > 10]");
  ASSERT_TRUE(pattern.ok());
  EXPECT_THAT(pattern->extracted("10.0.0.1 x [a b] 12"),
              ::testing::ElementsAre(std::pair("$2", "x"), std::pair("$3", "a b"), std::pair("$bytes", "12"),
                                     std::pair("$ip", "10.0.0.1")));
}

TEST(FilterPattern, the_value_that_a_selector_means) {
  const auto value = [](std::string_view selector, std::string_view message) {
    return value_at(message, *parse_selector(selector)).value_or("-");
  };
  EXPECT_EQ(value("$.a.b", R"({"a":{"b":1.50}})"), "1.50");
  EXPECT_EQ(value("$.a[1]", R"({"a":["x","y"]})"), "y");
  EXPECT_EQ(value("$.a", R"({"a":{}})"), "-");
  EXPECT_EQ(value("$.a", "no JSON"), "-");
  EXPECT_FALSE(parse_selector("a.b").ok());
}

}  // namespace
}  // namespace clew::cloudwatch_logs
