// The crash explorer of the publishing ritual: a small store made of the log, part files and the manifest
// loses power, or has a call fail, at every single call that changes the disk, with many seeds. Whatever
// happens: what was reported durable is there exactly once, what was reported as failed is not there, and
// nothing unknown appears.
#include <algorithm>
#include <map>
#include <set>

#include <gtest/gtest.h>

#include "base/simulated_file_system.h"
#include "store/columnar/directory_lock.h"
#include "store/columnar/file_names.h"
#include "store/columnar/manifest.h"
#include "store/columnar/wal.h"

namespace clew::store {
namespace {

constexpr const char* kDirectory = "/data";

enum class Fate { undecided, durable, failed };
// What the senders of all records were told.
using Fates = std::map<std::string, Fate>;

// Rows are lines; the memtable is a list of them, a part is a file of them.
class SmallStore {
 public:
  static Result<std::unique_ptr<SmallStore>> open(SimulatedFileSystem& disk, Fates& fates) {
    auto store = std::unique_ptr<SmallStore>(new SmallStore(disk, fates));
    CLEW_TRY(store->recover());
    return store;
  }

  void append(const std::string& row) {
    {
      const std::lock_guard lock(mutex_);
      fates_[row] = Fate::undecided;
      ++unreported_;
    }
    // Of two sizes: one that is written with its header, and one that takes several sectors.
    const std::string payload = row + "\n" + std::string(row.size() % 2 == 0 ? 10 : 2500, '.');
    const auto queued = wal_->append({.otlp = SharedBytes(payload)}, [this, row](Status status) {
      const std::lock_guard lock(mutex_);
      // Closing a broken disk is the one case in which nobody knows.
      const bool unknown = status.message().find("not known") != std::string_view::npos;
      fates_[row] = status.ok() ? Fate::durable : unknown ? Fate::undecided : Fate::failed;
      if (status.ok()) memtable_.push_back(row);
      --unreported_;
      reported_all_.notify_all();
    });
    const std::lock_guard lock(mutex_);
    if (!queued.ok()) {
      fates_[row] = Fate::failed;
      --unreported_;
    }
  }
  // Until all is reported. Without power it never will be before the log is closed.
  void wait() {
    std::unique_lock lock(mutex_);
    while (!reported_all_.wait_for(lock, std::chrono::milliseconds(1), [&] { return unreported_ == 0; })) {
      if (disk_.has_power()) continue;
      lock.unlock();
      wal_->close();
      lock.lock();
    }
  }

  // Roll, write the part, publish, delete.
  Status seal() {
    CLEW_ASSIGN(const uint64_t segment, wal_->roll());
    Manifest next = manifest_;
    // Not again after a failure: a manifest that names this part may have reached the disk.
    const uint64_t number = manifest_.next_part++;
    next.next_part = manifest_.next_part;
    std::string rows;
    for (const std::string& row : memtable_) rows += row + "\n";
    if (!rows.empty()) {
      next.parts.push_back({.number = number, .rows = memtable_.size(), .bytes = rows.size()});
      const std::string path = path_of_part(next.parts.back().number);
      CLEW_ASSIGN(const std::unique_ptr<File> file, disk_.open(path, OpenMode::replace));
      CLEW_TRY(file->append(rows));
      CLEW_TRY(file->sync());
      CLEW_TRY(disk_.sync_directory(join_path(kDirectory, kPartsDirectoryName)));
    }
    next.first_wal_segment = segment;
    CLEW_TRY(commit_manifest(disk_, kDirectory, next));
    manifest_ = next;
    memtable_.clear();
    return wal_->remove_before(segment);
  }

  std::vector<std::string> rows() {
    wait();
    std::vector<std::string> rows = memtable_;
    for (const PartEntry& part : manifest_.parts) {
      const Result<std::string> text = disk_.read_file(path_of_part(part.number), 1 << 20);
      EXPECT_TRUE(text.ok()) << text.status().to_string();
      std::string row;
      for (const char c : text.ok() ? *text : std::string()) {
        if (c == '\n') {
          rows.push_back(row);
          row.clear();
        } else {
          row += c;
        }
      }
    }
    return rows;
  }

  const WalReplaySummary& replayed() const { return wal_->replayed(); }

 private:
  SmallStore(SimulatedFileSystem& disk, Fates& fates) : disk_(disk), fates_(fates) {}

  static std::string path_of_part(uint64_t number) {
    return join_path(join_path(kDirectory, kPartsDirectoryName), part_name(number));
  }

  Status recover() {
    CLEW_ASSIGN(lock_, DirectoryLock::acquire(disk_, kDirectory));
    CLEW_ASSIGN(manifest_, load_manifest(disk_, kDirectory));
    std::set<std::string> named;
    for (const PartEntry& part : manifest_.parts) named.insert(part_name(part.number));
    const std::string parts = join_path(kDirectory, kPartsDirectoryName);
    CLEW_ASSIGN(const std::vector<DirectoryEntry> found, disk_.list(parts));
    for (const DirectoryEntry& entry : found) {
      if (!named.contains(entry.name)) CLEW_TRY(disk_.remove(join_path(parts, entry.name)));
    }
    CLEW_ASSIGN(wal_, Wal::open(disk_,
                                {.directory = join_path(kDirectory, kWalDirectoryName),
                                 .first_segment = manifest_.first_wal_segment,
                                 .segment_bytes = 6000,
                                 .repair_interval = milliseconds(1)},
                                [&](const WalRecord& record) {
                                  const std::string_view payload = record.otlp.view();
                                  memtable_.emplace_back(payload.substr(0, payload.find('\n')));
                                }));
    return {};
  }

  SimulatedFileSystem& disk_;
  std::mutex mutex_;
  std::condition_variable reported_all_;
  int unreported_ = 0;
  Fates& fates_;
  Manifest manifest_;
  std::vector<std::string> memtable_;
  std::unique_ptr<DirectoryLock> lock_;
  std::unique_ptr<Wal> wal_;  // last, for its thread uses the others
};

// A life of the store: some appends alone, some together, seals in between. Failures are what it is about.
void live(SimulatedFileSystem& disk, Fates& fates, const std::string& name) {
  Result<std::unique_ptr<SmallStore>> store = SmallStore::open(disk, fates);
  if (!store.ok()) return;
  int number = 0;
  const auto append = [&](int rows) {
    for (int i = 0; i < rows; ++i, ++number) {
      (*store)->append(name + std::string(static_cast<size_t>(number % 2), 'x') +
                       std::to_string(100 + number));
    }
    (*store)->wait();
  };
  append(1);
  append(3);
  static_cast<void>((*store)->seal());
  append(2);
  static_cast<void>((*store)->seal());
  static_cast<void>((*store)->seal());
  append(4);
}

void check(SimulatedFileSystem& disk, Fates& fates) {
  Result<std::unique_ptr<SmallStore>> store = SmallStore::open(disk, fates);
  ASSERT_TRUE(store.ok()) << store.status().to_string();
  ASSERT_EQ((*store)->replayed().damaged_regions, 0u) << "nothing that was torn counts as damaged";
  std::map<std::string, int> times;
  for (const std::string& row : (*store)->rows()) ++times[row];
  for (const auto& [row, count] : times) {
    ASSERT_TRUE(fates.contains(row)) << "unknown row " << row;
    ASSERT_EQ(count, 1) << row;
    ASSERT_NE(fates[row], Fate::failed) << row << " was reported as failed and is there";
  }
  for (const auto& [row, fate] : fates) {
    if (fate == Fate::durable) {
      ASSERT_EQ(times[row], 1) << row << " was reported durable and is gone";
    }
  }
  // What was there once stays there from now on, whatever was said about it.
  for (auto& [row, fate] : fates) fate = times.contains(row) ? Fate::durable : Fate::failed;
}

TEST(WalCrash, EveryPointAtWhichThePowerMayGoInTwoLives) {
  uint64_t points = 0;
  for (uint64_t seed = 1; seed <= 8; ++seed) {
    for (const PowerLoss loss : {PowerLoss::lose, PowerLoss::tear, PowerLoss::keep}) {
      bool died = true;
      for (uint64_t call = 1; died; ++call) {
        SCOPED_TRACE("seed " + std::to_string(seed) + ", call " + std::to_string(call));
        SimulatedFileSystem disk({.seed = seed});
        Fates fates;
        disk.lose_power_at(call);
        live(disk, fates, "first");
        died = !disk.has_power();
        if (!died) disk.lose_power();
        disk.restart(loss);
        // Another life on what is left, which dies somewhere too.
        disk.lose_power_at(disk.calls() + 1 + call * 7 % 60);
        live(disk, fates, "second");
        disk.lose_power();
        disk.restart(loss);
        check(disk, fates);
        if (HasFatalFailure()) return;
        // And what recovery has shown is still there when nothing but time has passed.
        disk.lose_power();
        disk.restart(PowerLoss::lose);
        check(disk, fates);
        if (HasFatalFailure()) return;
        ++points;
      }
    }
  }
  printf("crash points visited: %llu\n", static_cast<unsigned long long>(points));
  RecordProperty("points", static_cast<int>(points));
}

TEST(WalCrash, EveryCallThatMayFailAndThenThePowerGoes) {
  uint64_t points = 0;
  for (uint64_t seed = 1; seed <= 8; ++seed) {
    for (const ErrorKind kind : {ErrorKind::exhausted, ErrorKind::unavailable}) {
      bool failed = true;
      for (uint64_t call = 1; failed; ++call) {
        SCOPED_TRACE("seed " + std::to_string(seed) + ", call " + std::to_string(call));
        SimulatedFileSystem disk({.seed = seed});
        Fates fates;
        disk.fail_call(call, Status(kind, "injected"));
        // Every other time a second one fails soon after, which hits the repair of the first.
        if (seed % 2 == 0) disk.fail_call(call + 1 + seed / 2 % 4, Status(kind, "injected too"));
        live(disk, fates, "only");
        failed = disk.calls() >= call;
        disk.lose_power();
        disk.restart(seed % 3 == 0 ? PowerLoss::lose : PowerLoss::tear);
        check(disk, fates);
        if (HasFatalFailure()) return;
        ++points;
      }
    }
  }
  printf("failing calls visited: %llu\n", static_cast<unsigned long long>(points));
  RecordProperty("points", static_cast<int>(points));
}

TEST(WalCrash, EveryFailingCallWithThePowerGoingSoonAfter) {
  uint64_t points = 0;
  for (uint64_t seed = 1; seed <= 3; ++seed) {
    for (uint64_t later = 1; later <= 10; ++later) {
      bool failed = true;
      for (uint64_t call = 1; failed; ++call) {
        SCOPED_TRACE("seed " + std::to_string(seed) + ", call " + std::to_string(call) + " and " +
                     std::to_string(later));
        SimulatedFileSystem disk({.seed = seed * 1000 + call});
        Fates fates;
        disk.fail_call(call, Status(ErrorKind::exhausted, "injected"));
        disk.lose_power_at(call + later);
        live(disk, fates, "only");
        failed = disk.calls() >= call;
        disk.lose_power();
        disk.restart(seed % 3 == 0 ? PowerLoss::keep : PowerLoss::tear);
        check(disk, fates);
        if (HasFatalFailure()) return;
        ++points;
      }
    }
  }
  printf("failures followed by power loss visited: %llu\n", static_cast<unsigned long long>(points));
}

TEST(WalCrash, ADiskThatRunsFullAtEveryPossibleByte) {
  uint64_t points = 0;
  for (uint64_t limit = 900; limit < 40'000; limit += 97) {
    SCOPED_TRACE("limit " + std::to_string(limit));
    SimulatedFileSystem disk({.seed = limit});
    Fates fates;
    disk.limit_bytes(limit);
    live(disk, fates, "full");
    disk.limit_bytes(std::nullopt);
    live(disk, fates, "after");
    disk.lose_power();
    disk.restart(PowerLoss::tear);
    check(disk, fates);
    if (HasFatalFailure()) return;
    ++points;
  }
  printf("full disks visited: %llu\n", static_cast<unsigned long long>(points));
}

}  // namespace
}  // namespace clew::store
