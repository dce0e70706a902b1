#include "base/hex.h"

#include <gtest/gtest.h>

namespace clew {
namespace {

TEST(Hex, AllBytesThereAndBack) {
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
  const std::string digits = hex_of(bytes);
  EXPECT_EQ(digits.substr(0, 8), "00010203");
  EXPECT_EQ(digits.substr(504), "fcfdfeff");
  EXPECT_EQ(bytes_of_hex(digits), bytes);
  EXPECT_EQ(hex_of(""), "");
}

TEST(Hex, ReadsEitherCaseAndNothingElse) {
  EXPECT_EQ(bytes_of_hex("aBCd"), "\xab\xcd");
  EXPECT_EQ(bytes_of_hex(""), "");
  for (const char* bad : {"a", "abc", "0g", "g0", "-1", " 1", "0x"})
    EXPECT_EQ(bytes_of_hex(bad), std::nullopt) << bad;
}

}  // namespace
}  // namespace clew
