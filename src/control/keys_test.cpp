#include "control/keys.h"

#include <chrono>
#include <filesystem>
#include <fstream>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/counters.h"
#include "control/environments.h"
#include "control/key_access.h"
#include "control/schema.h"

namespace clew::control {
namespace {

using testing::HasSubstr;

class Keys : public testing::Test {
 protected:
  Keys() {
    std::string pattern = testing::TempDir() + "clew-keys-XXXXXX";
    directory_ = mkdtemp(pattern.data());
  }
  ~Keys() override { std::filesystem::remove_all(directory_); }

  Database open() { return std::move(open_control_database(directory_)).value(); }
  std::unique_ptr<KeyAccess> open_access() { return std::move(KeyAccess::open(directory_)).value(); }

  std::string directory_;
};

template <typename Condition>
bool soon(Condition condition) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(1);
  while (std::chrono::steady_clock::now() < until) {
    if (condition()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return condition();
}

std::string refusal(const Access& access, std::optional<std::string_view> key) {
  const Result<EnvironmentId> admitted = access.admit(key);
  return admitted.ok() ? "" : admitted.status().to_string();
}

TEST_F(Keys, ANewDirectoryHasTheDefaultEnvironmentAndNoKeys) {
  Database database = open();
  const auto environments = list_environments(database).value();
  ASSERT_EQ(environments.size(), 1u);
  EXPECT_EQ(environments[0].id, kDefaultEnvironment);
  EXPECT_EQ(environments[0].slug, "default");
  EXPECT_TRUE(list_keys(database)->empty());
}

TEST_F(Keys, WithoutKeysEveryKeyAndNoneIsAdmitted) {
  const auto access = open_access();
  EXPECT_FALSE(access->keys_required());
  EXPECT_EQ(access->admit(std::nullopt).value(), kDefaultEnvironment);
  EXPECT_EQ(access->admit("anything").value(), kDefaultEnvironment);
}

TEST_F(Keys, AreCheckedOnceThereIsOne) {
  Database database = open();
  const CreatedKey key = create_key(database, {.name = "laptop"}).value();
  const auto access = open_access();
  const uint64_t missing = value_of(Counter::missing_key), unknown = value_of(Counter::unknown_key);
  EXPECT_EQ(access->admit(key.value).value(), kDefaultEnvironment);
  EXPECT_EQ(access->admit(" \"" + key.value + "\"\n").value(), kDefaultEnvironment);
  EXPECT_EQ(refusal(*access, std::nullopt), "unauthenticated: missing 'x-honeycomb-team' header");
  EXPECT_EQ(refusal(*access, ""), "unauthenticated: missing 'x-honeycomb-team' header");
  EXPECT_EQ(refusal(*access, key.id),
            "unauthenticated: unknown API key - check your credentials, region, and API URL");
  EXPECT_EQ(value_of(Counter::missing_key), missing + 2);
  EXPECT_EQ(value_of(Counter::unknown_key), unknown + 1);
}

TEST_F(Keys, BelongToAnEnvironment) {
  Database database = open();
  const Environment production = create_environment(database, "Production EU").value();
  EXPECT_EQ(production.slug, "production-eu");
  EXPECT_NE(production.id, kDefaultEnvironment);
  const CreatedKey key = create_key(database, {.name = "a", .environment = production.id}).value();
  EXPECT_EQ(open_access()->admit(key.value).value(), production.id);
  EXPECT_EQ(list_keys(database)->at(0).environment_name, "Production EU");
  EXPECT_EQ(open_access()->environment_name(production.id), "Production EU");
  EXPECT_EQ(open_access()->environment_name({77}), "");
}

TEST_F(Keys, AKeyFromElsewhereIsKept) {
  Database database = open();
  create_key(database, {.name = "old", .value = "aBcDeFgHiJkLmNoPqRsTuV"}).value();
  EXPECT_TRUE(open_access()->admit("aBcDeFgHiJkLmNoPqRsTuV").ok());
  const auto again = create_key(database, {.name = "twice", .value = "aBcDeFgHiJkLmNoPqRsTuV"});
  EXPECT_EQ(again.status().kind(), ErrorKind::conflict);
}

TEST_F(Keys, OnlyAHashReachesTheDisk) {
  std::string secret;
  {
    Database database = open();
    const CreatedKey key = create_key(database, {.name = "laptop"}).value();
    secret = key.value.substr(key.id.size());
  }
  for (const auto& entry : std::filesystem::directory_iterator(directory_)) {
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string bytes((std::istreambuf_iterator<char>(file)), {});
    EXPECT_EQ(bytes.find(secret), std::string::npos) << entry.path();
  }
}

TEST_F(Keys, ThoseOfAwsClientsAreFoundByTheirAccessKeyUntilDisabled) {
  Database database = open();
  const CreatedKey made = create_aws_key(database, {.name = "daemon"}).value();
  EXPECT_THAT(made.id, testing::MatchesRegex("AKIA[A-Z2-7]+"));
  EXPECT_EQ(made.id.size(), 20u);
  EXPECT_EQ(made.value.size(), 40u);
  const AwsKeyRequest kept{
      .name = "kept", .environment = kDefaultEnvironment, .access_key = "AKIAKEPT", .secret = "s/+="};
  ASSERT_TRUE(create_aws_key(database, kept).ok());
  EXPECT_EQ(create_aws_key(database, kept).status().kind(), ErrorKind::conflict);
  const auto access = open_access();
  EXPECT_TRUE(access->keys_required());
  ASSERT_TRUE(access->aws_credential("AKIAKEPT"));
  EXPECT_EQ(access->aws_credential("AKIAKEPT")->secret, "s/+=");
  EXPECT_EQ(access->aws_credential(made.id)->secret, made.value);
  EXPECT_FALSE(access->aws_credential("AKIAOTHER"));
  ASSERT_TRUE(disable_key(database, "AKIAKEPT").ok());
  EXPECT_TRUE(soon([&] { return !access->aws_credential("AKIAKEPT"); }));
}

TEST_F(Keys, MadeAndDisabledElsewhereCountWithinASecond) {
  const auto access = open_access();
  ASSERT_TRUE(access->admit(std::nullopt).ok());
  Database elsewhere = open();
  const CreatedKey key = create_key(elsewhere, {.name = "later"}).value();
  EXPECT_TRUE(soon([&] { return access->keys_required(); }));
  EXPECT_TRUE(access->admit(key.value).ok());
  EXPECT_FALSE(access->admit(std::nullopt).ok());
  ASSERT_TRUE(disable_key(elsewhere, "later").ok());
  EXPECT_TRUE(soon([&] { return !access->admit(key.value).ok(); }));
  EXPECT_TRUE(access->keys_required()) << "disabling the last key must not open the door";
}

TEST_F(Keys, RememberWhenTheyWereLastUsed) {
  Database database = open();
  const CreatedKey key = create_key(database, {.name = "laptop"}).value();
  EXPECT_FALSE(list_keys(database)->at(0).last_used);
  const UnixNanos before = now();
  ASSERT_TRUE(open_access()->admit(key.value).ok());
  const auto last_used = list_keys(database)->at(0).last_used;
  ASSERT_TRUE(last_used);
  EXPECT_GE(*last_used, before);
}

TEST_F(Keys, DisablingNeedsToKnowWhich) {
  Database database = open();
  const CreatedKey first = create_key(database, {.name = "twin"}).value();
  create_key(database, {.name = "twin"}).value();
  struct Case {
    std::string which;
    ErrorKind kind;
    std::string complaint;
  };
  for (const Case& c :
       {Case{"twin", ErrorKind::conflict, "more than one key"},
        Case{"hcaik_", ErrorKind::conflict, "more than one key"},
        Case{"nobody", ErrorKind::not_found, "no key 'nobody'"}, Case{"", ErrorKind::not_found, ""}}) {
    const Status status = disable_key(database, c.which).status();
    ASSERT_FALSE(status.ok()) << c.which;
    EXPECT_EQ(status.kind(), c.kind) << c.which;
    EXPECT_THAT(std::string(status.message()), HasSubstr(c.complaint));
  }
  EXPECT_EQ(disable_key(database, first.id)->id, first.id);
  EXPECT_EQ(disable_key(database, first.id)->id, first.id) << "twice is as good as once";
}

TEST_F(Keys, EnvironmentsWithTheSameSlugAreRefused) {
  Database database = open();
  ASSERT_TRUE(create_environment(database, "Production EU").ok());
  EXPECT_EQ(create_environment(database, "production-eu").status().kind(), ErrorKind::conflict);
  EXPECT_EQ(create_environment(database, "!?").status().kind(), ErrorKind::bad_input);
  EXPECT_EQ(find_environment(database, "nowhere").status().message(),
            "no environment 'nowhere'; there are: default, Production EU");
}

TEST_F(Keys, ADatabaseOfANewerClewIsRefused) {
  {
    Database database = open();
    ASSERT_TRUE(database.run("PRAGMA user_version = 99").ok());
  }
  const auto database = open_control_database(directory_);
  ASSERT_FALSE(database.ok());
  EXPECT_EQ(database.status().kind(), ErrorKind::unsupported);
  EXPECT_THAT(std::string(database.status().message()),
              HasSubstr("written by a newer clew (its version is 99"));
}

TEST_F(Keys, AFileThatIsNoDatabaseIsRefused) {
  std::ofstream(directory_ + "/control.db") << std::string(4096, 'x');
  EXPECT_EQ(open_control_database(directory_).status().kind(), ErrorKind::corrupt);
}

TEST_F(Keys, TwoProcessesMayOpenANewDirectoryAtOnce) {
  std::vector<std::thread> threads;
  std::atomic<int> opened = 0;
  for (int i = 0; i < 8; ++i)
    threads.emplace_back([&] { opened += open_control_database(directory_).ok() ? 1 : 0; });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(opened, 8);
}

}  // namespace
}  // namespace clew::control
