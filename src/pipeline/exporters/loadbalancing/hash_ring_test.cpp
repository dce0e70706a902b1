#include "pipeline/exporters/loadbalancing/hash_ring.h"

#include <map>

#include <gtest/gtest.h>

namespace clew::pipeline {
namespace {

TEST(HashRing, SharesKeysOutAndMovesFew) {
  const HashRing three({"a:4317", "b:4317", "c:4317", "a:4317"});
  const HashRing two({"c:4317", "a:4317"});
  ASSERT_EQ(three.endpoints(), (std::vector<std::string>{"a:4317", "b:4317", "c:4317"}));
  std::map<std::string, int> shares;
  for (int i = 0; i < 30'000; ++i) {
    const std::string key = "trace-" + std::to_string(i);
    const std::string& before = three.endpoints()[three.endpoint_of(key)];
    ++shares[before];
    if (before != "b:4317") {
      EXPECT_EQ(two.endpoints()[two.endpoint_of(key)], before) << key;
    }
  }
  for (const auto& [endpoint, keys] : shares) EXPECT_NEAR(keys, 10'000, 4'000) << endpoint;
}

TEST(HashRing, IsTheSameEverywhere) {
  const HashRing one({"x:1", "y:1"}), other({"y:1", "x:1"});
  for (const char* key : {"", "a", "\x01\x02", "another"})
    EXPECT_EQ(one.endpoint_of(key), other.endpoint_of(key));
  EXPECT_TRUE(HashRing().empty());
}

}  // namespace
}  // namespace clew::pipeline
