#include "protocols/xray/retrievals.h"

#include <gtest/gtest.h>

namespace clew::xray {
namespace {

constexpr UnixNanos kNow{1'767'225'600'000'000'000};

TEST(Retrievals, are_found_by_who_started_them_for_an_hour) {
  Retrievals retrievals;
  const std::string token = retrievals.start({1}, {TraceId{}}, {}, kNow);
  EXPECT_EQ(token.size(), 64u);
  ASSERT_TRUE(retrievals.find({1}, token, kNow));
  EXPECT_EQ(retrievals.find({1}, token, kNow)->traces.size(), 1u);
  EXPECT_FALSE(retrievals.find({2}, token, kNow)) << "another environment";
  EXPECT_FALSE(retrievals.find({1}, "other", kNow));
  EXPECT_TRUE(retrievals.find({1}, token, kNow + Retrievals::kLifetime));
  EXPECT_FALSE(retrievals.find({1}, token, kNow + Retrievals::kLifetime + seconds(1)));
}

TEST(Retrievals, can_be_cancelled) {
  Retrievals retrievals;
  const std::string token = retrievals.start({1}, {}, {}, kNow);
  EXPECT_FALSE(retrievals.cancel({2}, token, kNow));
  EXPECT_TRUE(retrievals.cancel({1}, token, kNow));
  EXPECT_TRUE(retrievals.find({1}, token, kNow)->cancelled);
}

TEST(Retrievals, the_oldest_are_forgotten) {
  Retrievals retrievals;
  const std::string first = retrievals.start({1}, {}, {}, kNow);
  std::string last;
  for (size_t i = 0; i < Retrievals::kMost; ++i) last = retrievals.start({1}, {}, {}, kNow);
  EXPECT_FALSE(retrievals.find({1}, first, kNow));
  EXPECT_TRUE(retrievals.find({1}, last, kNow));
}

}  // namespace
}  // namespace clew::xray
