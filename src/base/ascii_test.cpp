#include "base/ascii.h"

#include <gtest/gtest.h>

namespace clew {
namespace {

TEST(Ascii, LettersBeyondItAreLeftAlone) {
  EXPECT_EQ(lower_case("Content-TYPE [@`{]"), "content-type [@`{]");
  EXPECT_EQ(lower_case("\xc3\x84 \xdf"), "\xc3\x84 \xdf");
  EXPECT_TRUE(equal_ignoring_case("X-Amz-Target", "x-amz-target"));
  EXPECT_TRUE(equal_ignoring_case("", ""));
  EXPECT_FALSE(equal_ignoring_case("X-Amz-Target", "x-amz-targe"));
  EXPECT_FALSE(equal_ignoring_case("[", "{"));  // one bit apart, as A and a are
}

TEST(Ascii, BlanksGoAtTheEndsOnly) {
  struct Case {
    std::string_view text, left;
  };
  const Case cases[] = {{"", ""}, {" \t\r\n", ""}, {" a b\n", "a b"}, {"\ta", "a"}, {"a", "a"}};
  for (const Case& c : cases) EXPECT_EQ(trimmed(c.text), c.left) << c.text;
  EXPECT_EQ(trimmed(" a\n ", " "), "a\n");
}

}  // namespace
}  // namespace clew
