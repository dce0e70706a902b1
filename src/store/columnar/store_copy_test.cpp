#include "store/columnar/store_copy.h"

#include <atomic>
#include <future>
#include <set>
#include <thread>

#include "base/simulated_file_system.h"
#include "store/columnar/file_names.h"
#include "store/columnar/store.h"
#include "store/columnar/store_testing.h"

namespace clew::store {
namespace {

constexpr const char* kSource = "/data";
constexpr const char* kTarget = "/backup";

Result<std::unique_ptr<ColumnarStore>> open_store(FileSystem& disk, const std::string& directory) {
  ColumnarOptions options;
  options.directory = directory;
  options.background = false;
  options.shards = 2;
  return ColumnarStore::open(std::move(options), disk);
}

AppendOutcome append(ColumnarStore& store, uint64_t number) {
  std::promise<AppendOutcome> outcome;
  store.append(one_span(number, "op", now()),
               [&](AppendOutcome told) { outcome.set_value(std::move(told)); });
  return outcome.get_future().get();
}

std::multiset<std::string> numbers_in(ColumnarStore& store) {
  std::multiset<std::string> found;
  for (const std::string& row : rows_of(store.snapshot(kDefaultEnvironment, Signal::traces))) {
    const size_t at = row.find(" n=");
    found.insert(row.substr(at + 3, row.find(' ', at + 3) - at - 3));
  }
  return found;
}

TEST(StoreCopy, HoldsPartsAndLogAndIsAStoreOfItsOwn) {
  SimulatedFileSystem disk;
  auto store = open_store(disk, kSource);
  ASSERT_TRUE(store.ok());
  for (uint64_t i = 0; i < 10; ++i) append(**store, i);
  ASSERT_TRUE((*store)->seal().ok());
  for (uint64_t i = 10; i < 15; ++i) append(**store, i);
  const auto expected = numbers_in(**store);
  uint64_t last_done = 0, last_total = 0;
  const auto copied = copy_store(disk, kSource, kTarget, {.progress = [&](uint64_t done, uint64_t total) {
                                   EXPECT_GE(done, last_done);
                                   last_done = done;
                                   last_total = total;
                                 }});
  ASSERT_TRUE(copied.ok()) << copied.status().to_string();
  EXPECT_EQ(copied->parts, 1u);
  EXPECT_EQ(copied->linked_parts, 1u);
  EXPECT_EQ(last_done, last_total);
  EXPECT_TRUE(copied->missing.empty());
  // What the original does from now on does not reach the copy.
  append(**store, 99);
  ASSERT_TRUE((*store)->seal().ok());
  ASSERT_TRUE((*store)->merge(true).ok());
  auto copy = open_store(disk, kTarget);
  ASSERT_TRUE(copy.ok()) << copy.status().to_string();
  EXPECT_EQ(numbers_in(**copy), expected);
  append(**copy, 50);
  ASSERT_TRUE((*copy)->seal().ok());
  ASSERT_TRUE((*copy)->merge(true).ok());
  EXPECT_EQ(numbers_in(**copy).size(), expected.size() + 1);
  EXPECT_EQ(numbers_in(**store).size(), expected.size() + 1);
}

TEST(StoreCopy, OfAStoreThatIsWrittenToHoldsAllThatWasAcknowledgedBefore) {
  SimulatedFileSystem disk;
  auto store = open_store(disk, kSource);
  ASSERT_TRUE(store.ok());
  std::atomic<bool> done{false};
  // As many rows a copy at most: else a copy that takes its time meets a store that grows the more.
  constexpr uint64_t kRowsBetweenCopies = 60;
  std::atomic<uint64_t> acknowledged{0}, wanted{kRowsBetweenCopies};
  std::thread writer([&] {
    for (uint64_t i = 0; !done;) {
      if (i >= wanted) {
        std::this_thread::yield();
        continue;
      }
      ASSERT_TRUE(append(**store, i).status.ok());
      acknowledged = ++i;
    }
  });
  std::thread keeper([&] {
    while (!done) {
      EXPECT_TRUE((*store)->seal().ok());
      EXPECT_TRUE((*store)->merge(true).ok());
    }
  });
  while (acknowledged < 20) std::this_thread::yield();
  for (int copy_number = 0; copy_number < 25; ++copy_number) {
    const std::string target = kTarget + std::to_string(copy_number);
    const uint64_t before = acknowledged;
    wanted = before + kRowsBetweenCopies;
    const auto copied = copy_store(disk, kSource, target);
    ASSERT_TRUE(copied.ok()) << copied.status().to_string();
    EXPECT_TRUE(copied->missing.empty()) << copied->missing.front();
    auto copy = open_store(disk, target);
    ASSERT_TRUE(copy.ok()) << copy.status().to_string();
    const auto found = numbers_in(**copy);
    EXPECT_EQ(std::set<std::string>(found.begin(), found.end()).size(), found.size());
    for (uint64_t i = 0; i < before; ++i)
      ASSERT_EQ(found.count(std::to_string(i)), 1u) << i << " of " << before << " in copy " << copy_number;
  }
  done = true;
  writer.join();
  keeper.join();
}

TEST(StoreCopy, OfADirectoryThatIsNotEmptyIsRefused) {
  SimulatedFileSystem disk;
  ASSERT_TRUE(open_store(disk, kSource).ok());
  ASSERT_TRUE(disk.make_directory(kTarget).ok());
  ASSERT_TRUE(disk.publish_file(join_path(kTarget, "letter.txt"), "dear").ok());
  EXPECT_EQ(copy_store(disk, kSource, kTarget).status().kind(), ErrorKind::conflict);
  EXPECT_EQ(copy_store(disk, "/nowhere", "/other").status().kind(), ErrorKind::not_found);
}

TEST(StoreCopy, NamesAPartThatIsGone) {
  SimulatedFileSystem disk;
  auto store = open_store(disk, kSource);
  append(**store, 1);
  ASSERT_TRUE((*store)->seal().ok());
  const std::string parts = join_path(kSource, kPartsDirectoryName);
  const std::string part = join_path(parts, disk.list(parts)->front().name);
  ASSERT_TRUE(disk.remove(part).ok());
  const auto copied = copy_store(disk, kSource, kTarget);
  ASSERT_TRUE(copied.ok()) << copied.status().to_string();
  EXPECT_EQ(copied->missing, std::vector<std::string>{part});
}

// Whatever happens to a copy under way: the original is whole, and the copy is whole or no store at all.
TEST(StoreCopyCrash, PowerLossOrAFullDiskAtEveryCall) {
  uint64_t points = 0;
  for (const bool power : {true, false}) {
    for (uint64_t call = 1;; ++call) {
      SimulatedFileSystem disk({.seed = call});
      std::multiset<std::string> expected;
      {
        auto store = open_store(disk, kSource);
        for (uint64_t i = 0; i < 6; ++i) {
          append(**store, i);
          if (i % 2 == 1) {
            ASSERT_TRUE((*store)->seal().ok());
          }
        }
        append(**store, 7);
        expected = numbers_in(**store);
      }
      const uint64_t at = disk.calls() + call;
      if (power)
        disk.lose_power_at(at);
      else
        disk.fail_call(at, Status(ErrorKind::exhausted, "the disk is full"));
      const auto copied = copy_store(disk, kSource, kTarget, {.hard_links = call % 2 == 0 || !power});
      const bool finished = disk.calls() < at;
      disk.lose_power();
      disk.restart(PowerLoss::tear);
      if (const auto format = disk.exists(join_path(kTarget, kFormatFileName)); format.ok() && *format) {
        auto copy = open_store(disk, kTarget);
        ASSERT_TRUE(copy.ok()) << copy.status().to_string() << " at call " << call;
        EXPECT_EQ(numbers_in(**copy), expected) << "at call " << call;
      } else {
        // A call that fails may be one of the original's attempts to link; then the part was copied.
        EXPECT_FALSE(copied.ok() && finished);
      }
      auto store = open_store(disk, kSource);
      ASSERT_TRUE(store.ok()) << store.status().to_string();
      EXPECT_EQ(numbers_in(**store), expected) << "at call " << call;
      ++points;
      if (finished || HasFailure()) break;
    }
  }
  printf("[          ] %llu points visited\n", static_cast<unsigned long long>(points));
  EXPECT_GT(points, 40u);
}

}  // namespace
}  // namespace clew::store
