#include "control/errors/occurrence_counter.h"

#include <atomic>
#include <filesystem>
#include <thread>
#include <unistd.h>

#include <gtest/gtest.h>

#include "control/errors/occurrence_ids.h"

namespace clew::control::errors {
namespace {

class OccurrenceCounterTest : public ::testing::Test {
 protected:
  void SetUp() override {
    directory_ = ::testing::TempDir() + "clew-counter-" + std::to_string(getpid());
    std::filesystem::remove_all(directory_);
    std::filesystem::create_directories(directory_);
    auto items = ItemStore::open(directory_);
    ASSERT_TRUE(items.ok()) << items.status().to_string();
    items_ = std::move(*items);
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  static std::vector<Arrived> some(size_t count, const std::string& group) {
    std::vector<Arrived> all(count);
    for (Arrived& one : all) {
      one.environment = kDefaultEnvironment;
      one.occurrence.id = new_occurrence_id();
      one.occurrence.at = now();
      one.fingerprint.group = group;
    }
    return all;
  }
  static CounterOptions quiet() {
    CounterOptions options;
    options.tell = [](const std::vector<Change>&) {};
    return options;
  }
  int64_t occurrences() const {
    int64_t sum = 0;
    const auto page = items_->list(kDefaultEnvironment, {});
    for (const Item& item : page->items) sum += item.occurrences;
    return sum;
  }

  std::string directory_;
  std::unique_ptr<ItemStore> items_;
};

TEST_F(OccurrenceCounterTest, many_threads_bring_and_all_is_counted_when_settled) {
  OccurrenceCounter counter(*items_, quiet());
  std::atomic<int> answered = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&, t] {
      for (int i = 0; i < 200; ++i) {
        const auto ticket = counter.begin();
        if (i % 5 == 0) {
          counter.abandon(ticket);
          continue;
        }
        counter.stored(ticket, some(3, "group" + std::to_string((i + t) % 10)), [&] { ++answered; });
      }
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(answered, 4 * 160);
  counter.settle();
  EXPECT_EQ(occurrences(), 4 * 160 * 3);
}

// Whatever has been written down of how far counting has come: everything up to there and what is named
// beyond is counted, and nothing else.
TEST_F(OccurrenceCounterTest, what_is_not_counted_is_known_to_be_missing) {
  std::vector<Arrived> on_its_way, counted;
  {
    OccurrenceCounter counter(*items_, quiet());
    const auto slow = counter.begin();
    on_its_way = some(2, "slow");
    const auto quick = counter.begin();
    counted = some(2, "quick");
    counter.stored(quick, counted, [] {});
    counter.settle();
    const CountedSoFar so_far = items_->counted_so_far().value();
    EXPECT_LT(so_far.until, on_its_way.front().occurrence.id);
    EXPECT_EQ(so_far.beyond, (std::vector<int64_t>{counted[0].occurrence.id, counted[1].occurrence.id}));
    counter.stored(slow, on_its_way, [] {});
    counter.settle();
  }
  const CountedSoFar so_far = items_->counted_so_far().value();
  EXPECT_GE(so_far.until, counted.back().occurrence.id);
  EXPECT_TRUE(so_far.beyond.empty());
}

TEST_F(OccurrenceCounterTest, what_an_earlier_run_left_comes_first) {
  CounterOptions options = quiet();
  options.uncounted = some(5, "left");
  OccurrenceCounter counter(*items_, std::move(options));
  counter.settle();
  EXPECT_EQ(occurrences(), 5);
  EXPECT_GE(items_->counted_so_far()->until, 1);
}

TEST_F(OccurrenceCounterTest, the_end_counts_what_waits) {
  {
    OccurrenceCounter counter(*items_, quiet());
    for (int i = 0; i < 50; ++i) counter.stored(counter.begin(), some(2, "a"), [] {});
  }
  EXPECT_EQ(occurrences(), 100);
}

TEST_F(OccurrenceCounterTest, the_end_waits_for_batches_on_their_way) {
  auto counter = std::make_unique<OccurrenceCounter>(*items_, quiet());
  const auto stored = counter->begin();
  const auto refused = counter->begin();
  OccurrenceCounter* const given = counter.get();
  std::thread end([&] { counter.reset(); });
  given->abandon(refused);
  given->stored(stored, some(3, "a"), [] {});
  end.join();
  EXPECT_EQ(occurrences(), 3);
}

}  // namespace
}  // namespace clew::control::errors
