#include "base/uninitialised.h"

#include <gtest/gtest.h>

namespace clew {
namespace {

TEST(Uninitialised, has_the_size_that_was_asked_for_and_keeps_what_was_there) {
  for (const size_t before : {0u, 3u, 15u, 16u, 1000u}) {
    for (const size_t size : {0u, 1u, 15u, 16u, 17u, 31u, 500u, 100'000u}) {
      std::string text(before, 'x');
      resize_uninitialised(text, size);
      ASSERT_EQ(text.size(), size);
      EXPECT_EQ(text.substr(0, before), std::string(std::min(before, size), 'x'));
      EXPECT_EQ(text.c_str()[size], '\0');
    }
  }
}

}  // namespace
}  // namespace clew
