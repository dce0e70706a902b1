#include "control/errors/item_store.h"

#include <filesystem>
#include <random>
#include <unistd.h>

#include <gtest/gtest.h>

namespace clew::control::errors {
namespace {

// The begin of this hour: what is older than some weeks is forgotten.
const int64_t kStart = now().count / hours(1).count * hours(1).count;

class ItemStoreTest : public ::testing::Test {
 protected:
  void SetUp() override {
    directory_ = ::testing::TempDir() + "clew-items-" + std::to_string(getpid());
    std::filesystem::remove_all(directory_);
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  std::unique_ptr<ItemStore> opened(const std::string& name) const {
    std::filesystem::create_directories(directory_ + "/" + name);
    auto items = ItemStore::open(directory_ + "/" + name);
    EXPECT_TRUE(items.ok()) << items.status().to_string();
    return std::move(*items);
  }

  std::string directory_;
};

Arrived arrived(int64_t id, std::string group) {
  Arrived one;
  one.environment = kDefaultEnvironment;
  one.occurrence.id = id;
  one.occurrence.at = {kStart + id};
  one.occurrence.type = "Error in " + group;
  one.fingerprint.group = std::move(group);
  return one;
}

// All that is told of an item and its groups.
std::string described(ItemStore& items, int64_t id) {
  const Item item = items.find(kDefaultEnvironment, id).value();
  std::string text =
      std::to_string(id) + " " + item.type + " x" + std::to_string(item.occurrences) + " since " +
      std::to_string(item.since_activation) + " people " + std::to_string(item.people) + " " +
      std::string(name_of(item.state)) + " back " + std::to_string(item.reactivations) + " by " +
      std::to_string(item.activating_occurrence) + " " + std::to_string(item.first_seen.count) + ".." +
      std::to_string(item.last_seen.count) + " " + item.first_version + ".." + item.last_version + " " +
      item.last_trace + " " + std::to_string(item.last_occurrence);
  const auto versions = items.versions_of(id, 100);
  for (const VersionSeen& one : *versions)
    text += "\n  version " + one.version + " x" + std::to_string(one.occurrences) + " " +
            std::to_string(one.first.count) + ".." + std::to_string(one.last.count);
  const auto people = items.people_of(id, 100);
  for (const PersonSeen& one : *people)
    text += "\n  " + one.person.id + " " + one.person.name + " x" + std::to_string(one.occurrences) + " " +
            std::to_string(one.last.count);
  const auto groups = items.groups_of(id);
  for (const Group& one : *groups)
    text += "\n  group " + one.fingerprint + " x" + std::to_string(one.occurrences);
  const auto hours_seen = items.counts_of(id, {kStart}, 4, 1);
  for (const int64_t count : *hours_seen) text += " " + std::to_string(count);
  const auto activity = items.activity_of(id, 100);
  for (const Activity& one : *activity) text += " " + one.kind;
  return text;
}

Arrived random_occurrence(std::mt19937_64& random, int64_t id) {
  Arrived one = arrived(id, "group" + std::to_string(random() % 7));
  // Some come late.
  one.occurrence.at = {kStart + id - static_cast<int64_t>(random() % 3) * hours(1).count};
  if (random() % 3 != 0) one.occurrence.version = "1." + std::to_string(random() % 4);
  if (random() % 3 != 0)
    one.occurrence.person = {.id = "u" + std::to_string(random() % 9), .name = "n" + std::to_string(id % 5)};
  if (random() % 2 != 0) one.occurrence.trace_id = "trace" + std::to_string(id);
  if (random() % 4 == 0) one.occurrence.uuid = "uuid" + std::to_string(random() % 40);
  return one;
}

// Counting thousands at once is put together from what one at a time would say.
TEST_F(ItemStoreTest, many_at_once_count_as_one_by_one) {
  for (uint64_t seed = 1; seed <= 6; ++seed) {
    std::mt19937_64 random(seed);
    const auto at_once = opened("many" + std::to_string(seed)), singly = opened("one" + std::to_string(seed));
    int64_t id = 1000;
    for (int round = 0; round < 12; ++round) {
      std::vector<Arrived> batch;
      for (size_t i = 1 + random() % 60; i-- > 0;) batch.push_back(random_occurrence(random, ++id));
      ASSERT_TRUE(at_once->commit({batch}, {.until = id, .beyond = {}}).ok());
      for (const Arrived& one : batch) ASSERT_TRUE(singly->commit({{one}}, {.until = id, .beyond = {}}).ok());
      // People resolve and merge in between.
      const int64_t item = 1 + static_cast<int64_t>(random() % 7),
                    other = 1 + static_cast<int64_t>(random() % 7);
      ItemEdit edit;
      edit.state = State::resolved;
      if (random() % 2 != 0) edit.resolved_in_version = "1.2";
      for (ItemStore* items : {at_once.get(), singly.get()}) {
        (void)items->edit(kDefaultEnvironment, item, edit);
        if (round == 5) (void)items->merge(kDefaultEnvironment, item, {other});
      }
    }
    const ItemPage page = at_once->list(kDefaultEnvironment, {}).value();
    EXPECT_GT(page.total, 4);
    for (const Item& item : page.items) EXPECT_EQ(described(*at_once, item.id), described(*singly, item.id));
  }
}

TEST_F(ItemStoreTest, a_commit_tells_what_happened) {
  const auto items = opened("changes");
  const auto first = items->commit({{arrived(1, "a"), arrived(2, "a"), arrived(3, "b")}}, {}).value();
  ASSERT_EQ(first.size(), 4u);
  EXPECT_EQ(first[0].kind, Change::Kind::created);
  EXPECT_EQ(first[1].kind, Change::Kind::counted);
  EXPECT_EQ(first[1].occurrences, 2);
  EXPECT_EQ(first[1].item.occurrences, 2);
  EXPECT_EQ(first[3].occurrences, 1);
  ItemEdit edit;
  edit.state = State::resolved;
  ASSERT_TRUE(items->edit(kDefaultEnvironment, 1, edit).ok());
  const auto second = items->commit({{arrived(4, "a"), arrived(5, "a")}}, {}).value();
  ASSERT_EQ(second.size(), 2u);
  EXPECT_EQ(second[0].kind, Change::Kind::reactivated);
  EXPECT_EQ(second[1].counted_before, 0) << "it begins anew";
  EXPECT_EQ(second[1].item.since_activation, 2);
  EXPECT_EQ(second[1].item.activating_occurrence, 4);
}

TEST_F(ItemStoreTest, lists_of_people_have_an_end_and_their_counts_go_on) {
  const auto items = opened("people");
  const auto person = [](int64_t id, int64_t number) {
    Arrived one = arrived(id, "a");
    one.occurrence.person.id = "u" + std::to_string(number);
    return one;
  };
  std::vector<Arrived> all;
  for (int64_t i = 0; i < 10'050; ++i) all.push_back(person(i + 1, i));
  ASSERT_TRUE(items->commit({all}, {}).ok());
  EXPECT_EQ(items->find(kDefaultEnvironment, 1)->people, 10'000);
  EXPECT_EQ(items->find(kDefaultEnvironment, 1)->occurrences, 10'050);
  const std::string newest = items->people_of(1, 1).value().front().person.id;
  ASSERT_TRUE(items->commit({{person(20'000, std::stoll(newest.substr(1)))}}, {}).ok());
  EXPECT_EQ(items->people_of(1, 1).value().front().occurrences, 2);
}

TEST_F(ItemStoreTest, how_far_counting_has_come_survives) {
  ASSERT_TRUE(opened("far")->commit({{arrived(5, "a")}}, {.until = 3, .beyond = {5, 9}}).ok());
  const CountedSoFar so_far = opened("far")->counted_so_far().value();
  EXPECT_EQ(so_far.until, 3);
  EXPECT_EQ(so_far.beyond, (std::vector<int64_t>{5, 9}));
}

TEST_F(ItemStoreTest, a_uuid_is_known_before_it_is_counted) {
  const auto items = opened("uuids");
  Arrived one = arrived(1, "a");
  one.occurrence.uuid = "x";
  EXPECT_FALSE(items->knows_uuid(kDefaultEnvironment, "x").value());
  items->expect({one});
  EXPECT_TRUE(items->knows_uuid(kDefaultEnvironment, "x").value());
  EXPECT_FALSE(items->knows_uuid(EnvironmentId{2}, "x").value());
  ASSERT_TRUE(items->commit({{one, one}}, {}).ok());
  EXPECT_TRUE(items->knows_uuid(kDefaultEnvironment, "x").value());
  EXPECT_EQ(items->find(kDefaultEnvironment, 1)->occurrences, 1);
}

}  // namespace
}  // namespace clew::control::errors
