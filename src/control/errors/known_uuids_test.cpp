#include "control/errors/known_uuids.h"

#include <filesystem>

#include <gtest/gtest.h>

#include "control/schema.h"

namespace clew::control::errors {
namespace {

class KnownUuidsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    directory_ = ::testing::TempDir() + "known_uuids_" +
                 std::to_string(::testing::UnitTest::GetInstance()->random_seed()) +
                 ::testing::UnitTest::GetInstance()->current_test_info()->name();
    std::filesystem::create_directories(directory_);
    Result<Database> opened = open_control_database(directory_);
    ASSERT_TRUE(opened.ok());
    database_ = std::make_unique<Database>(std::move(*opened));
  }
  void TearDown() override {
    database_.reset();
    std::filesystem::remove_all(directory_);
  }
  void store(std::string_view uuid, int64_t at) {
    ASSERT_TRUE(database_->run("INSERT INTO error_uuids VALUES (1, ?, 1, 1, ?)", {uuid, at}).ok());
  }

  std::string directory_;
  std::unique_ptr<Database> database_;
};

TEST_F(KnownUuidsTest, what_is_added_is_known_in_its_environment) {
  const auto known = KnownUuids::open(directory_).value();
  EXPECT_FALSE(known->knows({1}, "a").value());
  known->add({1}, "a");
  known->add({1}, "");
  EXPECT_TRUE(known->knows({1}, "a").value());
  EXPECT_FALSE(known->knows({2}, "a").value());
  EXPECT_FALSE(known->knows({1}, "").value());
}

TEST_F(KnownUuidsTest, what_was_stored_before_is_known_after_a_start) {
  store("before", 1);
  EXPECT_TRUE(KnownUuids::open(directory_).value()->knows({1}, "before").value());
}

TEST_F(KnownUuidsTest, beyond_what_is_remembered_the_database_is_asked) {
  for (int i = 0; i < 10; ++i) store("u" + std::to_string(i), i);
  const auto known = KnownUuids::open(directory_, 3).value();
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(known->knows({1}, "u" + std::to_string(i)).value()) << i;
  EXPECT_FALSE(known->knows({1}, "u10").value());
  // Stored by another connection while this one is open.
  store("u10", 11);
  EXPECT_TRUE(known->knows({1}, "u10").value());
  for (int i = 20; i < 30; ++i) known->add({1}, "u" + std::to_string(i));
  EXPECT_TRUE(known->knows({1}, "u29").value());
}

}  // namespace
}  // namespace clew::control::errors
