#include "control/people.h"

#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "control/environments.h"
#include "control/key_access.h"
#include "control/schema.h"

namespace clew::control {
namespace {

using ::testing::HasSubstr;

class PeopleTest : public ::testing::Test {
 protected:
  PeopleTest() {
    std::string pattern = ::testing::TempDir() + "clew-people-XXXXXX";
    directory_ = mkdtemp(pattern.data());
  }
  ~PeopleTest() override { std::filesystem::remove_all(directory_); }

  Database open() { return std::move(open_control_database(directory_)).value(); }
  // What a key of that value is good for, as whoever starts now sees it.
  Result<Grant> granted(const std::string& key) { return KeyAccess::open(directory_).value()->grant(key); }

  std::string directory_;
};

TEST_F(PeopleTest, a_personal_key_may_what_the_role_says_and_tells_whose_it_is) {
  Database database = open();
  struct Case {
    Role role;
    bool asks, writes, sends, everything;
  };
  for (const Case& c :
       {Case{Role::reads, true, false, false, false}, Case{Role::writes, true, true, false, false},
        Case{Role::owns, true, true, true, true}}) {
    const std::string email = std::string(name_of(c.role)) + "@example.com";
    const auto invited = invite_person(database, {.name = "Ann", .email = email, .role = c.role});
    ASSERT_TRUE(invited.ok()) << invited.status().to_string();
    const auto grant = granted(invited->key.value);
    ASSERT_TRUE(grant.ok()) << grant.status().to_string();
    EXPECT_EQ(grant->key_name, "Ann");
    EXPECT_TRUE(is_personal_key(grant->key_id));
    EXPECT_EQ(grant->permissions.has(Permission::run_queries), c.asks) << email;
    EXPECT_EQ(grant->permissions.has(Permission::manage_boards), c.writes) << email;
    EXPECT_EQ(grant->permissions.has(Permission::send_events), c.sends) << email;
    EXPECT_EQ(grant->permissions == Permissions::all(), c.everything) << email;
  }
}

TEST_F(PeopleTest, nobody_comes_in_twice_and_not_without_an_address) {
  Database database = open();
  ASSERT_TRUE(invite_person(database, {.name = "Ann", .email = "ann@example.com"}).ok());
  EXPECT_EQ(invite_person(database, {.name = "Anna", .email = "ANN@example.com"}).status().kind(),
            ErrorKind::conflict);
  EXPECT_EQ(list_keys(database)->size(), 1u);
  for (const char* email :
       {"", "ann", "@example.com", "ann@", "a@b@c", "an n@example.com", "ann@example.com\n"})
    EXPECT_EQ(invite_person(database, {.name = "Ann", .email = email}).status().kind(), ErrorKind::bad_input)
        << email;
  EXPECT_THAT(invite_person(database, {.name = "", .email = "ben@example.com"}).status().to_string(),
              HasSubstr("name"));
  const EnvironmentId staging = create_environment(database, "staging")->id;
  EXPECT_TRUE(
      invite_person(database, {.name = "Ann", .email = "ann@example.com", .environment = staging}).ok());
}

TEST_F(PeopleTest, another_role_counts_for_the_key_there_is) {
  Database database = open();
  const auto invited = invite_person(database, {.name = "Ann", .email = "ann@example.com"});
  ASSERT_TRUE(change_role(database, invited->id, Role::writes).ok());
  EXPECT_TRUE(granted(invited->key.value)->permissions.has(Permission::manage_boards));
  EXPECT_EQ(list_people(database)->at(0).role, Role::writes);
  EXPECT_EQ(change_role(database, "nobody", Role::owns).kind(), ErrorKind::not_found);
}

TEST_F(PeopleTest, a_new_key_takes_the_place_of_the_former) {
  Database database = open();
  const auto invited =
      invite_person(database, {.name = "Ann", .email = "ann@example.com", .role = Role::writes});
  const auto renewed = renew_personal_key(database, invited->id);
  ASSERT_TRUE(renewed.ok()) << renewed.status().to_string();
  EXPECT_FALSE(granted(invited->key.value).ok());
  EXPECT_TRUE(granted(renewed->value)->permissions.has(Permission::manage_boards));
}

TEST_F(PeopleTest, who_is_removed_is_out) {
  Database database = open();
  ASSERT_TRUE(invite_person(database, {.name = "Zoe", .email = "zoe@example.com", .role = Role::owns}).ok());
  const auto invited = invite_person(database, {.name = "Ann", .email = "ann@example.com"});
  EXPECT_EQ(list_people(database)->at(0).name, "Ann");
  ASSERT_TRUE(remove_person(database, invited->id).ok());
  EXPECT_EQ(remove_person(database, invited->id).kind(), ErrorKind::not_found);
  EXPECT_FALSE(granted(invited->key.value).ok());
  EXPECT_EQ(list_people(database)->size(), 1u);
}

}  // namespace
}  // namespace clew::control
