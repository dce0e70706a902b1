#include "control/environment_removal.h"

#include <filesystem>
#include <unistd.h>

#include <gtest/gtest.h>

#include "control/environments.h"
#include "control/keys.h"
#include "control/records.h"
#include "control/schema.h"

namespace clew::control {
namespace {

class RemovedEnvironment : public ::testing::Test {
 protected:
  RemovedEnvironment() {
    directory_ = ::testing::TempDir() + "clew-removed-environment-" + std::to_string(getpid());
    std::filesystem::remove_all(directory_);
    std::filesystem::create_directories(directory_);
  }
  ~RemovedEnvironment() override { std::filesystem::remove_all(directory_); }

  std::string directory_;
};

TEST_F(RemovedEnvironment, TakesItsKeysAndRecordsWithIt) {
  Database database = open_control_database(directory_).value();
  const auto records = Records::open(directory_).value();
  const Environment staging = create_environment(database, "Staging").value();
  ASSERT_TRUE(create_key(database, {.name = "in", .environment = staging.id, .value = {}}).ok());
  ASSERT_TRUE(
      create_key(database,
                 {.name = "team", .environment = staging.id, .value = {}, .kind = KeyKind::management})
          .ok());
  ASSERT_TRUE(create_key(database, {.name = "other", .value = {}}).ok());
  ASSERT_TRUE(records->put(staging.id, "boards", "b", "{}").ok());
  ASSERT_TRUE(remove_environment(database, staging.id).ok());

  EXPECT_EQ(list_environments(database).value().size(), 1u);
  EXPECT_EQ(remove_environment(database, staging.id).kind(), ErrorKind::not_found);
  EXPECT_TRUE(records->list(staging.id, "boards").value().empty());
  const auto keys = list_keys(database).value();
  ASSERT_EQ(keys.size(), 2u);
  for (const Key& key : keys) EXPECT_EQ(key.environment, kDefaultEnvironment) << key.name;

  const Environment again = create_environment(database, "Staging").value();
  EXPECT_EQ(again.slug, "staging");
  EXPECT_NE(again.id, staging.id) << "another one must not see what the store has of the first";
}

TEST_F(RemovedEnvironment, IsNeverTheDefault) {
  Database database = open_control_database(directory_).value();
  EXPECT_EQ(remove_environment(database, kDefaultEnvironment).kind(), ErrorKind::conflict);
}

}  // namespace
}  // namespace clew::control
