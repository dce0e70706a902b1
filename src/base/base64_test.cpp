#include "base/base64.h"

#include <gtest/gtest.h>

namespace clew {
namespace {

using namespace std::string_literals;

TEST(Base64, EncodesAndDecodesTheVectorsOfRfc4648) {
  const struct {
    std::string bytes, text;
  } cases[] = {{"", ""},
               {"f", "Zg=="},
               {"fo", "Zm8="},
               {"foo", "Zm9v"},
               {"foob", "Zm9vYg=="},
               {"fooba", "Zm9vYmE="},
               {"foobar", "Zm9vYmFy"},
               {"\0\xff\x7f"s, "AP9/"},
               {"\xfb\xff"s, "+/8="}};
  for (const auto& c : cases) {
    EXPECT_EQ(base64_encode(c.bytes), c.text);
    EXPECT_EQ(base64_decode(c.text), c.bytes);
  }
}

TEST(Base64, DecodesWhatOthersWrite) {
  EXPECT_EQ(base64_decode("Zm8"), "fo") << "no padding";
  EXPECT_EQ(base64_decode("-_8="), "\xfb\xff"s) << "URL-safe alphabet";
}

TEST(Base64, RefusesWhatIsNotBase64) {
  for (const char* text : {"Z", "Zm9vY", "Zm 9v", "Zg===", "Z=g=", "Zm9v!", "\xc3\xa4"}) {
    EXPECT_EQ(base64_decode(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace clew
