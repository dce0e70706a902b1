#include "base/same_bytes.h"

#include <string>

#include <gtest/gtest.h>

namespace clew {
namespace {

TEST(SameBytes, TellsEveryByteOfEveryLengthApart) {
  EXPECT_TRUE(same_bytes({}, std::string_view("x").substr(1)));
  for (size_t size = 0; size <= 70; ++size) {
    const std::string text(size, 'a');
    EXPECT_TRUE(same_bytes(text, std::string(size, 'a'))) << size;
    EXPECT_FALSE(same_bytes(text, text + "a")) << size;
    for (size_t at = 0; at < size; ++at) {
      std::string other = text;
      other[at] = 'b';
      EXPECT_FALSE(same_bytes(text, other)) << size << " bytes, of which byte " << at << " differs";
    }
  }
}

}  // namespace
}  // namespace clew
