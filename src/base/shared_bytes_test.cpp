#include "base/shared_bytes.h"

#include <gtest/gtest.h>

namespace clew {
namespace {

TEST(SharedBytes, EmptyByDefault) {
  const SharedBytes nothing;
  EXPECT_TRUE(nothing.empty());
  EXPECT_EQ(nothing.view(), "");
}

TEST(SharedBytes, TakesTheStringOverWithoutCopying) {
  std::string text(100, 'a');
  const char* const data = text.data();
  const SharedBytes bytes(std::move(text));
  EXPECT_EQ(bytes.view().data(), data);
  EXPECT_EQ(bytes.size(), 100U);
}

TEST(SharedBytes, ASliceOutlivesTheWhole) {
  SharedBytes slice;
  {
    const SharedBytes whole(std::string(50, 'a') + "needle" + std::string(50, 'b'));
    slice = whole.slice(50, 6);
    EXPECT_EQ(slice.view().data(), whole.view().data() + 50);
  }
  EXPECT_EQ(slice.view(), "needle");
  EXPECT_EQ(slice.slice(0, 4).view(), "need");
}

TEST(SharedBytes, ASliceEndsWithTheWhole) {
  EXPECT_EQ(SharedBytes(std::string("abc")).slice(1, 99).view(), "bc");
}

}  // namespace
}  // namespace clew
