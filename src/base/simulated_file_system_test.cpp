#include "base/simulated_file_system.h"

#include <set>

#include <gtest/gtest.h>

namespace clew {
namespace {

std::unique_ptr<File> open(SimulatedFileSystem& disk, const std::string& path, OpenMode mode) {
  Result<std::unique_ptr<File>> file = disk.open(path, mode);
  EXPECT_TRUE(file.ok()) << file.status().to_string();
  return std::move(file).value();
}

// A file whose name and first bytes are safe.
std::unique_ptr<File> durable_file(SimulatedFileSystem& disk, std::string_view bytes) {
  std::unique_ptr<File> file = open(disk, "/file", OpenMode::create);
  EXPECT_TRUE(file->append(bytes).ok());
  EXPECT_TRUE(file->sync().ok());
  EXPECT_TRUE(disk.sync_directory("/").ok());
  return file;
}

std::string content(SimulatedFileSystem& disk) {
  Result<std::string> bytes = disk.read_file("/file", 1 << 20);
  return bytes.ok() ? *bytes : std::string(name_of(bytes.status().kind()));
}

std::string after(SimulatedFileSystem& disk, PowerLoss loss) {
  disk.lose_power();
  disk.restart(loss);
  return content(disk);
}

TEST(SimulatedFileSystem, LosesWhatWasNotSynced) {
  SimulatedFileSystem disk;
  const auto file = durable_file(disk, "safe");
  ASSERT_TRUE(file->append(" not").ok());
  EXPECT_EQ(content(disk), "safe not");
  EXPECT_EQ(after(disk, PowerLoss::lose), "safe");
}

TEST(SimulatedFileSystem, KeepsWhatWasNotSyncedWhenOnlyTheProcessDied) {
  SimulatedFileSystem disk;
  const auto file = durable_file(disk, "safe");
  ASSERT_TRUE(file->append(" not").ok());
  EXPECT_EQ(after(disk, PowerLoss::keep), "safe not");
}

TEST(SimulatedFileSystem, LosesAFileWhoseDirectoryWasNotSynced) {
  SimulatedFileSystem disk;
  ASSERT_TRUE(open(disk, "/file", OpenMode::create)->sync().ok());
  EXPECT_EQ(after(disk, PowerLoss::lose), "not found");
}

TEST(SimulatedFileSystem, BringsARemovedFileBackUnlessTheDirectoryWasSynced) {
  SimulatedFileSystem disk;
  durable_file(disk, "safe");
  ASSERT_TRUE(disk.remove("/file").ok());
  EXPECT_EQ(content(disk), "not found");
  EXPECT_EQ(after(disk, PowerLoss::lose), "safe");
}

TEST(SimulatedFileSystem, TearsUnsyncedBytesAtSectors) {
  std::set<std::string> seen;
  for (uint64_t seed = 0; seed < 200; ++seed) {
    SimulatedFileSystem disk({.seed = seed});
    const auto file = durable_file(disk, std::string(512, 'a'));
    ASSERT_TRUE(file->append(std::string(1024, 'b')).ok());
    const std::string torn = after(disk, PowerLoss::tear);
    EXPECT_EQ(torn.substr(0, 512), std::string(512, 'a'));
    std::string sectors;
    for (size_t at = 0; at < torn.size(); at += 512) sectors += torn[at] == '\0' ? '0' : torn[at];
    seen.insert(sectors);
  }
  EXPECT_EQ(seen, (std::set<std::string>{"a", "a0", "ab", "a00", "ab0", "a0b", "abb"}));
}

TEST(SimulatedFileSystem, LetsUnsyncedNamesSurviveInAnyCombination) {
  std::set<std::string> seen;
  for (uint64_t seed = 0; seed < 100; ++seed) {
    SimulatedFileSystem disk({.seed = seed});
    for (const char* name : {"/a", "/b"}) ASSERT_TRUE(disk.open(name, OpenMode::create).ok());
    disk.lose_power();
    disk.restart(PowerLoss::tear);
    std::string names;
    const Result<std::vector<DirectoryEntry>> entries = disk.list("/");
    for (const DirectoryEntry& entry : *entries) names += entry.name;
    seen.insert(names);
  }
  EXPECT_EQ(seen, (std::set<std::string>{"", "a", "b", "ab"}));
}

TEST(SimulatedFileSystem, NeverHalvesARename) {
  for (uint64_t seed = 0; seed < 50; ++seed) {
    SimulatedFileSystem disk({.seed = seed});
    durable_file(disk, "old");
    ASSERT_TRUE(disk.publish_file("/file", "new").ok());
    const auto draft = open(disk, "/draft", OpenMode::create);
    ASSERT_TRUE(draft->append("newer").ok());
    ASSERT_TRUE(draft->sync().ok());
    ASSERT_TRUE(disk.rename("/draft", "/file").ok());
    const std::string found = after(disk, PowerLoss::tear);
    EXPECT_TRUE(found == "new" || found == "newer") << found;
  }
}

TEST(SimulatedFileSystem, DropsWhatAFailedSyncShouldHaveWritten) {
  std::set<std::string> seen;
  for (uint64_t seed = 0; seed < 50; ++seed) {
    SimulatedFileSystem disk({.seed = seed});
    const auto file = durable_file(disk, "");
    ASSERT_TRUE(file->append(std::string(512, 'a')).ok());
    disk.fail_call(disk.calls() + 1, Status(ErrorKind::unavailable, "broken"));
    EXPECT_EQ(file->sync().message(), "broken");
    EXPECT_EQ(content(disk), std::string(512, 'a'));
    ASSERT_TRUE(file->append("b").ok());
    ASSERT_TRUE(file->sync().ok());
    const std::string found = after(disk, PowerLoss::lose);
    ASSERT_EQ(found.size(), 513u);
    EXPECT_EQ(found.back(), 'b');
    seen.insert(found[511] == 'a' ? "survived" : "dropped");
  }
  EXPECT_EQ(seen, (std::set<std::string>{"dropped", "survived"}));
}

TEST(SimulatedFileSystem, LosesPowerAtTheChosenCallAndStaysDeadUntilRestarted) {
  SimulatedFileSystem disk;
  const auto file = durable_file(disk, "safe");
  disk.lose_power_at(disk.calls() + 2);
  EXPECT_TRUE(file->append("1").ok());
  EXPECT_FALSE(file->append("2").ok());
  EXPECT_FALSE(disk.has_power());
  EXPECT_FALSE(file->append("3").ok());
  EXPECT_FALSE(disk.list("/").ok());
  disk.restart(PowerLoss::lose);
  EXPECT_FALSE(file->append("a file that was open stays dead").ok());
  EXPECT_EQ(content(disk), "safe");
}

TEST(SimulatedFileSystem, RunsFullAtItsLimitAndGoesOnWhenThereIsSpace) {
  SimulatedFileSystem disk;
  const auto file = durable_file(disk, "1234");
  disk.limit_bytes(6);
  const Status full = file->append("5678");
  EXPECT_EQ(full.kind(), ErrorKind::exhausted);
  EXPECT_EQ(content(disk), "123456");
  EXPECT_EQ(disk.space("/").value().available, 0u);
  ASSERT_TRUE(file->truncate(4).ok());
  EXPECT_TRUE(file->append("56").ok());
}

TEST(SimulatedFileSystem, FlipsABitForGood) {
  SimulatedFileSystem disk;
  const auto file = durable_file(disk, "abc");
  ASSERT_TRUE(disk.flip_bit("/file", 1, 0).ok());
  EXPECT_EQ(content(disk), "acc");
  EXPECT_EQ(after(disk, PowerLoss::lose), "acc");
}

TEST(SimulatedFileSystem, TellsItsHistory) {
  SimulatedFileSystem disk;
  durable_file(disk, "abc");
  EXPECT_EQ(disk.history(), (std::vector<std::string>{"create /file", "append /file 3 bytes", "sync /file",
                                                      "sync directory /"}));
}

TEST(SimulatedFileSystem, LocksEndWithThePower) {
  SimulatedFileSystem disk;
  const auto file = durable_file(disk, "");
  EXPECT_TRUE(file->try_lock().value());
  after(disk, PowerLoss::lose);
  EXPECT_TRUE(open(disk, "/file", OpenMode::append)->try_lock().value());
}

}  // namespace
}  // namespace clew
