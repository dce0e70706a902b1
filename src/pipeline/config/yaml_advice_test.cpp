#include "pipeline/config/yaml_advice.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace clew::pipeline {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

TEST(YamlAdvice, finds_the_tab) {
  EXPECT_THAT(yaml_advice("receivers:\n\totlp:\n"), StartsWith("line 2 is indented with a tab"));
  EXPECT_THAT(yaml_advice("a:\n  b: 1\n  \tc: 2\n"), StartsWith("line 3 is indented with a tab"));
}

TEST(YamlAdvice, otherwise_says_what_it_usually_is) {
  for (const std::string_view text : {"", "a: [1\n", "a: \"b\n", "a:\tb\n", "\n\t\nb: ["})
    EXPECT_THAT(yaml_advice(text), HasSubstr("not closed")) << text;
}

}  // namespace
}  // namespace clew::pipeline
