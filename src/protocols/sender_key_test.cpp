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

TEST(SenderKey, ThePasswordOfBasicCredentialsIsOne) {
  EXPECT_EQ(sender_key({{"authorization", "Basic YW55OnNlY3JldA=="}}), "secret");  // any:secret
  EXPECT_EQ(sender_key({{"authorization", "basic OnNlY3JldDp4"}}), "secret:x");    // :secret:x
  EXPECT_EQ(sender_key({{"authorization", "Basic c2VjcmV0"}}), std::nullopt);      // no colon
  EXPECT_EQ(sender_key({{"authorization", "Basic !"}}), std::nullopt);
  EXPECT_EQ(sender_key({{"authorization", "Bearer token"}}), "token");
}

}  // namespace
}  // namespace clew
