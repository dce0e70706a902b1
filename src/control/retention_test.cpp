#include "control/retention.h"

#include <filesystem>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace clew::control {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

class RetentionTest : public ::testing::Test {
 protected:
  void SetUp() override {
    directory_ = ::testing::TempDir() + "clew-retention-" + std::to_string(getpid());
    std::filesystem::remove_all(directory_);
    std::filesystem::create_directories(directory_);
    auto records = Records::open(directory_);
    ASSERT_TRUE(records.ok()) << records.status().to_string();
    records_ = std::move(*records);
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  static std::vector<std::string> told(const store::ErasureRules& rules) {
    std::vector<std::string> texts;
    for (const store::ErasureRule& rule : rules.list()->rules) {
      std::string text(name_of(rule.signal));
      for (const auto& one : rule.texts) text += " " + one.column + "=" + one.value;
      for (const auto& one : rule.spared) text += " but " + one.value;
      texts.push_back(text + " " + std::to_string(rule.older_than->count / days(1).count));
    }
    return texts;
  }

  std::string directory_;
  std::unique_ptr<Records> records_;
};

TEST_F(RetentionTest, the_store_is_told_at_once_and_again_after_a_restart) {
  store::ErasureRules rules;
  Retention retention(*records_, rules);
  const RetentionRule logs{.signal = Signal::logs, .value = "shop", .kept_days = 3};
  ASSERT_TRUE(retention.set(kDefaultEnvironment, logs).ok());
  ASSERT_TRUE(retention.set(kDefaultEnvironment, {.value = "cart", .kept_days = 7}).ok());
  EXPECT_THAT(told(rules), ElementsAre("logs service.name=shop 3", "traces service.name=cart 7"));
  ASSERT_TRUE(retention.set(kDefaultEnvironment, {.value = "cart", .kept_days = 14}).ok());
  EXPECT_THAT(told(rules), ElementsAre("logs service.name=shop 3", "traces service.name=cart 14"));

  store::ErasureRules after_restart;
  Retention restored(*records_, after_restart);
  ASSERT_TRUE(restored.restore().ok());
  EXPECT_THAT(told(after_restart), ElementsAre("logs service.name=shop 3", "traces service.name=cart 14"));
  EXPECT_TRUE(*restored.remove(kDefaultEnvironment, logs));
  EXPECT_FALSE(*restored.remove(kDefaultEnvironment, logs));
  EXPECT_THAT(told(after_restart), ElementsAre("traces service.name=cart 14"));
  ASSERT_TRUE(restored.remove(kDefaultEnvironment, {.value = "cart"}).ok());
  EXPECT_THAT(*restored.list(kDefaultEnvironment), IsEmpty());
}

TEST_F(RetentionTest, what_holds_for_all_spares_those_that_have_a_rule_of_their_own) {
  store::ErasureRules rules;
  Retention retention(*records_, rules);
  ASSERT_TRUE(retention.set(kDefaultEnvironment, {.value = "cart", .kept_days = 7}).ok());
  ASSERT_TRUE(retention.set(kDefaultEnvironment, {.kept_days = 2}).ok());
  ASSERT_TRUE(retention.set(kDefaultEnvironment, {.signal = Signal::logs, .kept_days = 1}).ok());
  EXPECT_THAT(told(rules), UnorderedElementsAre("logs 1", "traces but cart 2", "traces service.name=cart 7"));
  ASSERT_TRUE(retention.remove(kDefaultEnvironment, {.value = "cart"}).ok());
  EXPECT_THAT(told(rules), UnorderedElementsAre("logs 1", "traces 2"));
}

}  // namespace
}  // namespace clew::control
