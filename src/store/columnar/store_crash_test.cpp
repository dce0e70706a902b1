// The crash explorer of the whole store: while rows come in and are sealed, merged, erased and dropped, every
// single call that changes the disk is the last one before the power goes, or fails, or finds the disk full.
// Afterwards the store opens, has what was acknowledged exactly once, and nothing that it did not get.
//   CLEW_SEED=7000 CLEW_CRASH_SEEDS=100 clew_store_tests --gtest_filter='StoreCrash.*'
#include <cstdlib>
#include <future>
#include <mutex>
#include <set>

#include "base/simulated_file_system.h"
#include "store/columnar/store.h"
#include "store/columnar/store_testing.h"

namespace clew::store {
namespace {

constexpr const char* kDirectory = "/data";
constexpr uint64_t kRows = 16;
const Nanoseconds kRetention = days(10);

uint64_t number_from_environment(const char* name, uint64_t otherwise) {
  const char* wanted = std::getenv(name);
  return wanted == nullptr ? otherwise : std::strtoull(wanted, nullptr, 10);
}
uint64_t first_seed() {
  return number_from_environment("CLEW_SEED", 0);
}
uint64_t seeds(uint64_t otherwise) {
  return number_from_environment("CLEW_CRASH_SEEDS", otherwise);
}

// Every fourth row is older than the retention.
bool is_old(uint64_t number) {
  return number % 4 == 1;
}

// Of the others, every fourth falls under a rule.
bool is_to_be_erased(uint64_t number) {
  return number % 4 == 2;
}

// What the senders were told.
struct Told {
  std::mutex mutex;
  std::set<std::string> sent, acknowledged, refused;
  bool expired = false, erased = false;
};

void set_erasure_rule(ColumnarStore& store) {
  store.erasure_rules().set("secrets", {.environment = kDefaultEnvironment,
                                        .signal = Signal::traces,
                                        .texts = {{Scope::intrinsic, "name", "secret"}}});
}

Result<std::unique_ptr<ColumnarStore>> open_store(FileSystem& disk) {
  ColumnarOptions options;
  options.directory = kDirectory;
  options.retention = kRetention;
  options.background = false;
  options.shards = 2;
  return ColumnarStore::open(std::move(options), disk);
}

std::multiset<std::string> numbers_in(ColumnarStore& store) {
  std::multiset<std::string> found;
  for (const std::string& row : rows_of(store.snapshot(kDefaultEnvironment, Signal::traces))) {
    const size_t at = row.find(" n=");
    found.insert(row.substr(at + 3, row.find(' ', at + 3) - at - 3));
  }
  return found;
}

// Does something that may wait for the disk. Without power it would wait for ever: the store is closed then.
void while_powered(const SimulatedFileSystem& disk, ColumnarStore& store, const std::function<void()>& act) {
  auto acting = std::async(std::launch::async, act);
  while (acting.wait_for(std::chrono::milliseconds(1)) != std::future_status::ready) {
    if (!disk.has_power()) (void)store.close();
  }
}

// A life of the store. Failures are what it is about.
void live(SimulatedFileSystem& disk, Told& told, uint64_t first) {
  auto opened = open_store(disk);
  if (!opened.ok()) return;
  ColumnarStore& store = **opened;
  const UnixNanos today = now();
  for (uint64_t i = first; i < first + kRows; ++i) {
    const std::string number = std::to_string(i);
    {
      const std::lock_guard lock(told.mutex);
      told.sent.insert(number);
    }
    const UnixNanos time = is_old(i) ? today - days(20) : today;
    store.append(one_span(i, is_to_be_erased(i) ? "secret" : "op",
                          {time.count - static_cast<int64_t>(i) * 1'000'000'000}),
                 [&told, number](const AppendOutcome& outcome) {
                   const std::lock_guard lock(told.mutex);
                   // Closing a broken disk is the one case in which nobody knows.
                   const bool unknown = outcome.status.message().find("not known") != std::string_view::npos;
                   if (!unknown) (outcome.status.ok() ? told.acknowledged : told.refused).insert(number);
                 });
    const uint64_t step = i - first;
    if (step % 4 == 3) while_powered(disk, store, [&] { (void)store.seal(); });
    if (step == 7 || step == 15) while_powered(disk, store, [&] { (void)store.merge(true); });
    if (step == 11) {
      told.expired = true;
      while_powered(disk, store, [&] { (void)store.expire(today); });
    }
    if (step == 9 || step == 13) {
      told.erased = true;
      set_erasure_rule(store);
      while_powered(disk, store, [&] { (void)store.erase(today); });
    }
  }
}

void check(SimulatedFileSystem& disk, Told& told) {
  auto opened = open_store(disk);
  ASSERT_TRUE(opened.ok()) << opened.status().to_string();
  ASSERT_TRUE((*opened)->status().damages.empty()) << (*opened)->status().damages[0].what;
  const auto found = numbers_in(**opened);
  for (const std::string& number : told.acknowledged) {
    if (told.expired && is_old(std::stoull(number))) continue;
    if (told.erased && is_to_be_erased(std::stoull(number))) continue;
    ASSERT_EQ(found.count(number), 1u) << number << " was acknowledged";
  }
  for (const std::string& number : found) {
    ASSERT_EQ(found.count(number), 1u) << number << " is there twice";
    ASSERT_TRUE(told.sent.contains(number)) << number << " was never sent";
    ASSERT_FALSE(told.refused.contains(number)) << number << " was refused and is there";
  }
  // What is dropped is old, and what is erased falls under the rule; and what is left of either can go.
  ASSERT_TRUE((*opened)->expire(now()).ok());
  if (told.erased) {
    set_erasure_rule(**opened);
    ASSERT_TRUE((*opened)->seal().ok());
    for (auto more = (*opened)->erase(now()); more.ok() && *more; more = (*opened)->erase(now())) {
    }
    for (const std::string& number : numbers_in(**opened))
      ASSERT_FALSE(is_to_be_erased(std::stoull(number))) << number << " is still there";
  }
  for (const std::string& number : numbers_in(**opened)) told.acknowledged.insert(number);
}

class StoreCrash : public testing::Test {
 protected:
  void TearDown() override {
    RecordProperty("points", static_cast<int>(points_));
    printf("[          ] %llu crash points visited\n", static_cast<unsigned long long>(points_));
  }
  // Two openings, because what the first shows must be there at the second.
  void check_twice(SimulatedFileSystem& disk, Told& told) {
    check(disk, told);
    if (HasFatalFailure()) return;
    disk.lose_power();
    disk.restart(PowerLoss::lose);
    check(disk, told);
    ++points_;
  }

  uint64_t points_ = 0;
};

TEST_F(StoreCrash, PowerLossAtEveryCall) {
  for (uint64_t seed = 1; seed <= seeds(1); ++seed) {
    for (const PowerLoss loss : {PowerLoss::lose, PowerLoss::tear, PowerLoss::keep}) {
      bool died = true;
      for (uint64_t call = 1; died; ++call) {
        SCOPED_TRACE("seed " + std::to_string(seed) + ", call " + std::to_string(call));
        SimulatedFileSystem disk({.seed = first_seed() + seed * 1000 + call});
        Told told;
        disk.lose_power_at(call);
        live(disk, told, 0);
        died = !disk.has_power();
        if (!died) disk.lose_power();
        disk.restart(loss);
        check_twice(disk, told);
        if (HasFatalFailure()) return;
      }
    }
  }
}

TEST_F(StoreCrash, PowerLossInTheLifeAfterAPowerLoss) {
  for (uint64_t seed = 1; seed <= seeds(1); ++seed) {
    bool died = true;
    for (uint64_t call = 1; died; call += 2) {
      SCOPED_TRACE("seed " + std::to_string(seed) + ", call " + std::to_string(call));
      SimulatedFileSystem disk({.seed = first_seed() + seed * 1000 + call});
      Told told;
      disk.lose_power_at(call);
      live(disk, told, 0);
      died = !disk.has_power();
      if (!died) disk.lose_power();
      disk.restart(PowerLoss::tear);
      disk.lose_power_at(disk.calls() + 1 + call * 13 % 120);
      live(disk, told, 1000);
      disk.lose_power();
      disk.restart(PowerLoss::tear);
      check_twice(disk, told);
      if (HasFatalFailure()) return;
    }
  }
}

TEST_F(StoreCrash, EveryCallFailsOnceAndThenThePowerGoes) {
  for (uint64_t seed = 1; seed <= seeds(1); ++seed) {
    for (const ErrorKind kind : {ErrorKind::exhausted, ErrorKind::unavailable}) {
      bool failed = true;
      for (uint64_t call = 1; failed; ++call) {
        SCOPED_TRACE("seed " + std::to_string(seed) + ", call " + std::to_string(call));
        SimulatedFileSystem disk({.seed = first_seed() + seed * 1000 + call});
        Told told;
        disk.fail_call(call, Status(kind, "injected"));
        live(disk, told, 0);
        failed = disk.calls() >= call;
        disk.lose_power();
        disk.restart(call % 3 == 0 ? PowerLoss::lose : PowerLoss::tear);
        check_twice(disk, told);
        if (HasFatalFailure()) return;
      }
    }
  }
}

TEST_F(StoreCrash, ADiskThatRunsFullAndGetsRoomAgain) {
  for (uint64_t seed = 1; seed <= seeds(1); ++seed) {
    for (uint64_t limit = 1'000 + seed; limit < 24'000; limit += 151) {
      SCOPED_TRACE("seed " + std::to_string(seed) + ", limit " + std::to_string(limit));
      SimulatedFileSystem disk({.seed = first_seed() + seed * 100'000 + limit});
      Told told;
      disk.limit_bytes(limit);
      live(disk, told, 0);
      disk.limit_bytes(std::nullopt);
      live(disk, told, 1000);
      disk.lose_power();
      disk.restart(PowerLoss::tear);
      check_twice(disk, told);
      if (HasFatalFailure()) return;
    }
  }
}

}  // namespace
}  // namespace clew::store
