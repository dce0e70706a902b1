// One flipped bit, anywhere in any file of a store: it is found, named, and the rest answers. One bit of each
// byte; CLEW_DAMAGE_BITS=8 flips all of them.
#include <cstdlib>
#include <functional>
#include <future>
#include <map>
#include <set>

#include "base/counters.h"
#include "base/simulated_file_system.h"
#include "store/columnar/file_names.h"
#include "store/columnar/store.h"
#include "store/columnar/store_testing.h"
#include "store/sound_snapshot.h"

namespace clew::store {
namespace {

constexpr const char* kDirectory = "/data";
using Numbers = std::multiset<std::string>;

class StoreDamage : public testing::Test {
 protected:
  void open() {
    store_.reset();
    ColumnarOptions options;
    options.directory = kDirectory;
    options.retention = {};
    options.background = false;
    options.shards = 1;
    auto opened = ColumnarStore::open(std::move(options), disk_);
    ASSERT_TRUE(opened.ok()) << opened.status().to_string();
    store_ = std::move(opened).value();
  }
  void append(uint64_t number) {
    std::promise<AppendOutcome> outcome;
    store_->append(one_span(number, number % 2 == 0 ? "even" : "odd"),
                   [&](AppendOutcome told) { outcome.set_value(std::move(told)); });
    ASSERT_TRUE(outcome.get_future().get().status.ok());
  }
  // Reads every column of every row, as a question does: again without what was found damaged.
  Numbers numbers() {
    Snapshot snapshot = store_->snapshot(kDefaultEnvironment, Signal::traces);
    for (;;) {
      bool sound = true;
      for (const auto& segment : snapshot.segments) {
        for (uint32_t granule = 0; granule < segment->granules().size(); ++granule) {
          for (uint32_t column = 0; column < segment->columns().size(); ++column) {
            if (segment->zone_map(granule, column)) sound &= segment->read(granule, column).ok();
          }
        }
      }
      if (sound) break;
      const size_t known = snapshot.set_aside.size();
      snapshot = without_damage(std::move(snapshot));
      EXPECT_GT(snapshot.set_aside.size(), known) << "a read failed and nothing was set aside";
      if (snapshot.set_aside.size() == known) break;
    }
    set_aside_ = snapshot.set_aside;
    Numbers found;
    for (const std::string& row : rows_of(snapshot)) {
      const size_t at = row.find(" n=");
      found.insert(row.substr(at + 3, row.find(' ', at + 3) - at - 3));
    }
    return found;
  }
  std::string first_in(std::string_view directory) {
    const std::string path = join_path(kDirectory, directory);
    const auto files = disk_.list(path);
    return join_path(path, files->front().name);
  }
  // `check` sees an open store whose file has one bit of the byte at `offset` flipped.
  void for_each_bit(const std::function<std::string()>& path_of,
                    const std::function<void(uint64_t offset, uint64_t size)>& check) {
    const std::string path = path_of();
    const std::string sound = *disk_.read_file(path, 1 << 20);
    flips_ = 0;
    const char* wanted = std::getenv("CLEW_DAMAGE_BITS");
    // 9 steps from one byte to the next, and over all eight bits.
    const uint64_t step = wanted != nullptr && std::string_view(wanted) == "8" ? 1 : 9;
    for (uint64_t bit = 0; bit < sound.size() * 8; bit += step) {
      const uint64_t offset = bit / 8;
      SCOPED_TRACE("bit " + std::to_string(bit % 8) + " of byte " + std::to_string(offset) + " of " + path);
      store_.reset();
      ASSERT_NO_FATAL_FAILURE(restore());
      ASSERT_TRUE(disk_.flip_bit(path, offset, static_cast<unsigned>(bit % 8)).ok());
      ASSERT_NO_FATAL_FAILURE(open());
      check(offset, sound.size());
      if (HasFailure()) return;
      ++flips_;
    }
    printf("[          ] %llu flipped bits of %s\n", static_cast<unsigned long long>(flips_), path.c_str());
  }
  // The whole directory as it was when this was called first.
  void remember() {
    store_.reset();
    for (const std::string_view name : {"", "parts", "wal"}) {
      const std::string directory = name.empty() ? kDirectory : join_path(kDirectory, name);
      const auto files = disk_.list(directory);
      for (const DirectoryEntry& file : *files) {
        if (file.is_directory) continue;
        const std::string path = join_path(directory, file.name);
        remembered_[path] = *disk_.read_file(path, 1 << 20);
      }
    }
  }
  void restore() {
    for (const std::string_view name : {"", "parts", "wal"}) {
      const std::string directory = name.empty() ? kDirectory : join_path(kDirectory, name);
      const auto files = disk_.list(directory);
      for (const DirectoryEntry& file : *files) {
        const std::string path = join_path(directory, file.name);
        if (file.is_directory || remembered_.contains(path)) continue;
        ASSERT_TRUE(disk_.remove(path).ok());
      }
    }
    for (const auto& [path, content] : remembered_) {
      const auto file = disk_.open(path, OpenMode::replace);
      ASSERT_TRUE(file.ok() && (*file)->append(content).ok());
    }
  }

  SimulatedFileSystem disk_;
  std::unique_ptr<ColumnarStore> store_;
  std::vector<SetAside> set_aside_;
  std::map<std::string, std::string> remembered_;
  uint64_t flips_ = 0;
};

TEST_F(StoreDamage, OfAPart) {
  ASSERT_NO_FATAL_FAILURE(open());
  for (uint64_t i = 0; i < 6; ++i) append(i);
  ASSERT_TRUE(store_->seal().ok());
  for (uint64_t i = 6; i < 9; ++i) append(i);
  ASSERT_TRUE(store_->seal().ok());
  const Numbers all = numbers(), rest = {"6", "7", "8"};
  remember();
  uint64_t at_start = 0, while_reading = 0, harmless = 0;
  for_each_bit([&] { return first_in(kPartsDirectoryName); },
               [&](uint64_t, uint64_t) {
                 const Numbers found = numbers();
                 const auto damages = store_->status().damages;
                 if (found == all) {
                   // The trace filter is read at the start; nothing else may be damaged without being missed.
                   EXPECT_TRUE(damages.empty());
                   ++harmless;
                   return;
                 }
                 EXPECT_EQ(found, rest);
                 ASSERT_EQ(damages.size(), 1u);
                 EXPECT_NE(damages[0].file.find("000000000001.part"), std::string::npos);
                 EXPECT_EQ(damages[0].rows, 6u);
                 ++(set_aside_.empty() ? at_start : while_reading);
                 // Nothing that writes stumbles over it, and it stays as it is.
                 EXPECT_TRUE(store_->merge(true).ok());
                 EXPECT_TRUE(store_->status().trouble.empty());
                 EXPECT_EQ(numbers(), rest);
               });
  EXPECT_GT(at_start, 50u);
  EXPECT_GT(while_reading, 50u);
  EXPECT_EQ(harmless, 0u);
}

TEST_F(StoreDamage, OfTheManifestOrTheFormatLine) {
  ASSERT_NO_FATAL_FAILURE(open());
  for (uint64_t i = 0; i < 3; ++i) append(i);
  ASSERT_TRUE(store_->seal().ok());
  append(3);
  const Numbers all = numbers();
  remember();
  for (const std::string_view name : {kManifestFileName, kFormatFileName})
    for_each_bit([&] { return join_path(kDirectory, name); },
                 [&](uint64_t, uint64_t) { EXPECT_EQ(numbers(), all); });
}

TEST_F(StoreDamage, OfTheLog) {
  ASSERT_NO_FATAL_FAILURE(open());
  for (uint64_t i = 0; i < 5; ++i) append(i);
  const Numbers all = numbers();
  remember();
  uint64_t lost = 0, harmless = 0;
  for_each_bit([&] { return first_in(kWalDirectoryName); },
               [&](uint64_t, uint64_t) {
                 const Numbers found = numbers();
                 for (const std::string& number : found) EXPECT_EQ(all.count(number), 1u) << number;
                 if (found == all) {
                   ++harmless;  // one of the two headers, or the zeros between records
                   return;
                 }
                 EXPECT_EQ(found.size(), all.size() - 1) << "one record, and no other";
                 ++lost;
                 // Of the last record nobody can tell whether it was acknowledged.
                 if (!found.contains("4")) return;
                 ASSERT_EQ(store_->status().damages.size(), 1u);
                 EXPECT_NE(store_->status().damages[0].file.find(".damaged"), std::string::npos);
               });
  EXPECT_GT(lost, 400u);
  EXPECT_LT(harmless, lost);
}

TEST_F(StoreDamage, FoundByAMergeLeavesThePartAsItIs) {
  ASSERT_NO_FATAL_FAILURE(open());
  for (uint64_t part = 0; part < 3; ++part) {
    append(part);
    ASSERT_TRUE(store_->seal().ok());
  }
  const std::string path = first_in(kPartsDirectoryName);
  const uint64_t before = value_of(Counter::parts_damaged);
  ASSERT_TRUE(
      disk_.flip_bit(path, Part::open(disk_, path).value()->footer().granules[0].chunks[1].piece.offset, 3)
          .ok());
  while (*store_->merge(true)) {
  }
  EXPECT_EQ(store_->status().parts, 2u) << "the other two are merged";
  EXPECT_TRUE(disk_.info(path).ok());
  EXPECT_EQ(value_of(Counter::parts_damaged), before + 1);
  EXPECT_EQ(numbers(), (Numbers{"1", "2"}));
  ASSERT_EQ(set_aside_.size(), 1u);
  EXPECT_EQ(set_aside_[0].rows, 1u);
  EXPECT_NE(set_aside_[0].reason.find("bytes at "), std::string::npos) << set_aside_[0].reason;
}

}  // namespace
}  // namespace clew::store
