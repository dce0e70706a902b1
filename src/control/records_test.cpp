#include "control/records.h"

#include <filesystem>
#include <thread>
#include <unistd.h>

#include <gtest/gtest.h>

namespace clew::control {
namespace {

class RecordsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    directory_ = ::testing::TempDir() + "clew-records-" + std::to_string(getpid());
    std::filesystem::remove_all(directory_);
    std::filesystem::create_directories(directory_);
    records_ = opened();
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  std::unique_ptr<Records> opened() const {
    auto records = Records::open(directory_);
    EXPECT_TRUE(records.ok()) << records.status().to_string();
    return std::move(*records);
  }
  std::string names(std::string_view kind) {
    std::string names;
    const Result<std::vector<Record>> records = records_->list(kDefaultEnvironment, kind);
    for (const Record& record : *records) names += record.name + "=" + record.body + " ";
    return names;
  }

  std::string directory_;
  std::unique_ptr<Records> records_;
};

TEST_F(RecordsTest, are_kept_by_kind_and_name) {
  ASSERT_TRUE(records_->create(kDefaultEnvironment, "group", "b", "{}", 10).ok());
  ASSERT_TRUE(records_->create(kDefaultEnvironment, "group", "a", "1", 10).ok());
  ASSERT_TRUE(records_->create(kDefaultEnvironment, "rule", "a", "2", 10).ok());
  EXPECT_EQ(names("group"), "a=1 b={} ");
  EXPECT_EQ(names("rule"), "a=2 ");
  EXPECT_EQ(names("none"), "");
  records_ = opened();
  EXPECT_EQ(names("group"), "a=1 b={} ");
}

TEST_F(RecordsTest, a_name_is_there_once) {
  ASSERT_TRUE(records_->create(kDefaultEnvironment, "group", "a", "1", 10).ok());
  EXPECT_EQ(records_->create(kDefaultEnvironment, "group", "a", "2", 10).kind(), ErrorKind::conflict);
  ASSERT_TRUE(records_->put(kDefaultEnvironment, "group", "a", "3").ok());
  EXPECT_EQ(names("group"), "a=3 ");
  EXPECT_TRUE(records_->remove(kDefaultEnvironment, "group", "a").value());
  EXPECT_FALSE(records_->remove(kDefaultEnvironment, "group", "a").value());
  EXPECT_FALSE(records_->find(kDefaultEnvironment, "group", "a").value().has_value());
}

TEST_F(RecordsTest, no_more_than_allowed) {
  ASSERT_TRUE(records_->create(kDefaultEnvironment, "group", "a", "1", 1).ok());
  EXPECT_EQ(records_->create(kDefaultEnvironment, "group", "b", "1", 1).kind(), ErrorKind::exhausted);
  EXPECT_TRUE(records_->create(kDefaultEnvironment, "rule", "b", "1", 1).ok());
}

TEST_F(RecordsTest, a_change_that_fails_changes_nothing) {
  ASSERT_TRUE(records_->create(kDefaultEnvironment, "group", "a", "1", 10).ok());
  const auto refuse = [](const std::string&) { return Result<std::string>(ErrorKind::bad_input, "no"); };
  EXPECT_EQ(records_->change(kDefaultEnvironment, "group", "a", refuse).status().kind(),
            ErrorKind::bad_input);
  EXPECT_EQ(names("group"), "a=1 ");
  EXPECT_EQ(records_->change(kDefaultEnvironment, "group", "z", refuse).status().kind(),
            ErrorKind::not_found);
}

TEST_F(RecordsTest, changes_of_two_processes_are_both_kept) {
  ASSERT_TRUE(records_->create(kDefaultEnvironment, "count", "a", "0", 10).ok());
  const auto count = [this] {
    auto own = opened();
    for (int i = 0; i < 20; ++i) {
      const auto changed = own->change(kDefaultEnvironment, "count", "a", [](const std::string& body) {
        return Result<std::string>(std::to_string(std::stoi(body) + 1));
      });
      EXPECT_TRUE(changed.ok()) << changed.status().to_string();
    }
  };
  std::thread other(count);
  count();
  other.join();
  EXPECT_EQ(names("count"), "a=40 ");
}

}  // namespace
}  // namespace clew::control
