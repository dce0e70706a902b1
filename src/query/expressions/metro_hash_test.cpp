#include "query/expressions/metro_hash.h"

#include <gtest/gtest.h>

namespace clew::query {
namespace {

TEST(MetroHash, agrees_with_the_published_values) {
  const std::string_view text = "012345678901234567890123456789012345678901234567890123456789012";
  EXPECT_EQ(metro_hash(text, 0), __builtin_bswap64(0x6B753DAE06704BAD));
  EXPECT_EQ(metro_hash(text, 1), __builtin_bswap64(0x3B0D481CF4B9B8DF));
}

}  // namespace
}  // namespace clew::query
