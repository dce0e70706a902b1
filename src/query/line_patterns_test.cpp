#include "query/line_patterns.h"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <re2/re2.h>

#include "query/line_words.h"

namespace clew::query {
namespace {

using ::testing::ElementsAre;

std::vector<std::string> patterns_of(const std::vector<std::string>& lines) {
  LinePatterns patterns;
  for (const std::string& line : lines) patterns.add(line);
  std::vector<std::string> texts;
  for (const LinePattern& pattern : patterns.fold().patterns)
    texts.push_back(std::to_string(pattern.lines) + " " + pattern.text);
  return texts;
}

TEST(LinePatterns, words_that_are_values_by_their_look) {
  for (const auto& [word, placeholder] :
       std::vector<std::pair<std::string, std::string>>{{"12", "<number>"},
                                                        {"1.5", "<number>"},
                                                        {"250ms", "<duration>"},
                                                        {"12KB", "<size>"},
                                                        {"45%", "<percent>"},
                                                        {"10.0.0.1", "<ip>"},
                                                        {"10.0.0.1:443", "<ip>"},
                                                        {"2026-03-01T12:00:00.123Z", "<time>"},
                                                        {"12:30:01", "<time>"},
                                                        {"f81d4fae-7dec-11d0-a765-00a0c91e6bf6", "<uuid>"},
                                                        {"0xdeadbeef", "<hex>"},
                                                        {"1-5759e988-bd862e3fe1be46a994272793", "<hex>"},
                                                        {"user42", "<id>"},
                                                        {"http2", ""},
                                                        {"v1", ""},
                                                        {"deadbeef", ""},
                                                        {"GET", ""}}) {
    EXPECT_EQ(placeholder_of(word), placeholder) << word;
  }
}

TEST(LinePatterns, lines_that_differ_in_values_are_one) {
  EXPECT_THAT(patterns_of({"user 17 paid 12.50 in 31ms", "user 9 paid 3 in 2s", "cart is slow"}),
              ElementsAre("2 user <number> paid <number> in <duration>", "1 cart is slow"));
}

TEST(LinePatterns, a_place_with_many_values_is_variable) {
  EXPECT_THAT(patterns_of({"alice came in", "bob came in", "carol came in", "dave came in", "server is up"}),
              ElementsAre("4 <*> came in", "1 server is up"));
  EXPECT_THAT(patterns_of({"user alice failed", "user bob failed"}),
              ElementsAre("1 user alice failed", "1 user bob failed"))
      << "two values are two messages as well";
}

TEST(LinePatterns, long_lines_that_differ_in_one_word_are_one) {
  EXPECT_THAT(patterns_of({"could not open the file config of the tenant acme for writing",
                           "could not open the file config of the tenant zulu for writing"}),
              ElementsAre("2 could not open the file config of the tenant <*> for writing"));
}

TEST(LinePatterns, different_marks_are_different_lines) {
  EXPECT_THAT(patterns_of({"a (b) done well", "a [b] done well"}),
              ElementsAre("1 a (b) done well", "1 a [b] done well"));
}

TEST(LinePatterns, names_before_a_colon_stay) {
  EXPECT_THAT(patterns_of({"status:200 path:/a/17", "status:404 path:/a/9"}),
              ElementsAre("2 status:<number> path:/a/<number>"));
}

TEST(LinePatterns, order_is_of_no_account) {
  std::vector<std::string> lines;
  for (int i = 0; i < 300; ++i) {
    lines.push_back("order " + std::to_string(i) + " of " + std::string(1, static_cast<char>('a' + i % 26)) +
                    " taken");
    lines.push_back("worker " + std::string(1 + i % 5, 'x') + " is done with its work now");
  }
  const std::vector<std::string> there = patterns_of(lines);
  std::reverse(lines.begin(), lines.end());
  EXPECT_EQ(there, patterns_of(lines));
  EXPECT_THAT(there,
              ElementsAre("300 order <number> of <*> taken", "300 worker <*> is done with its work now"));
}

TEST(LinePatterns, the_regular_expression_finds_the_lines) {
  const std::vector<std::string> lines = {
      "GET /cart/17?x=1 (200) 12ms",         "GET /cart/9?x=2 (404) 1s",    "  trailing 10.0.0.1:80  ",
      "at 2026-03-01 12:30:01,123 it broke", "C:\\temp\\x.log $1.50 [a|b]", "naïve café 12µs"};
  LinePatterns patterns;
  std::vector<size_t> shapes;
  for (const std::string& line : lines) shapes.push_back(patterns.add(line));
  const LinePatterns::Folded folded = patterns.fold();
  for (size_t i = 0; i < lines.size(); ++i) {
    const LinePattern& pattern = folded.patterns[folded.pattern_of_shape[shapes[i]]];
    EXPECT_TRUE(RE2::PartialMatch(lines[i], RE2(pattern.regular_expression)))
        << lines[i] << " ~ " << pattern.regular_expression;
  }
}

TEST(LinePatterns, shapes_are_bounded) {
  LinePatterns patterns;
  std::string line = "a";
  for (size_t i = 0; i < LinePatterns::kMostShapes + 100; ++i) patterns.add(line += "!");
  uint64_t lines = 0;
  for (const LinePattern& pattern : patterns.fold().patterns) lines += pattern.lines;
  EXPECT_EQ(lines, LinePatterns::kMostShapes + 100);
}

}  // namespace
}  // namespace clew::query
