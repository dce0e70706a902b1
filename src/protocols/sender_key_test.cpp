#include "protocols/sender_key.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace clew {
namespace {

TEST(OtlpSenderKey, ListsNamesAndNoValues) {
  EXPECT_EQ(header_names({{"b", "secret"}, {"a", "secret"}, {":path", "x"}, {"b", "again"}}), "a, b");
  EXPECT_EQ(header_names({}), "none");
  EXPECT_LT(header_names({{std::string(5000, 'n'), ""}}).size(), 400u);
}

}  // namespace
}  // namespace clew
