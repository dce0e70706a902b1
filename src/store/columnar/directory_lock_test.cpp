#include "store/columnar/directory_lock.h"

#include <stdlib.h>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/simulated_file_system.h"
#include "store/columnar/format_page.h"
#include "store/columnar/manifest.h"

namespace clew::store {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class DirectoryLockTest : public testing::Test {
 protected:
  Result<std::unique_ptr<DirectoryLock>> acquire() { return DirectoryLock::acquire(disk_, "/home/me/data"); }
  std::string refusal() {
    const auto lock = acquire();
    return lock.ok() ? "acquired" : lock.status().to_string();
  }
  void make_directory() {
    for (const char* path : {"/home", "/home/me", "/home/me/data"})
      ASSERT_TRUE(disk_.make_directory(path).ok());
  }
  void write(const std::string& name, std::string_view bytes) {
    ASSERT_TRUE(disk_.open("/home/me/data/" + name, OpenMode::replace).value()->append(bytes).ok());
  }
  std::string format() { return disk_.read_file("/home/me/data/FORMAT", 1000).value(); }

  SimulatedFileSystem disk_;
};

TEST_F(DirectoryLockTest, MakesADirectoryThatIsNotThere) {
  const auto lock = acquire();
  ASSERT_TRUE(lock.ok()) << lock.status().to_string();
  std::string names;
  const std::vector<DirectoryEntry> entries = disk_.list("/home/me/data").value();
  for (const DirectoryEntry& entry : entries) names += entry.name + " ";
  EXPECT_EQ(names, "FORMAT LOCK MANIFEST parts wal ");
  EXPECT_EQ(format(), example_on_page("docs/format/directory.md", "text"));
  EXPECT_EQ(load_manifest(disk_, "/home/me/data").value(), Manifest{});
}

TEST_F(DirectoryLockTest, ComesBackToItsOwn) {
  EXPECT_EQ(refusal(), "acquired");
  write("anything", "else that other parts of clew keep here");
  EXPECT_EQ(refusal(), "acquired");
}

TEST_F(DirectoryLockTest, AnotherClewIsNamed) {
  const auto first = acquire();
  ASSERT_TRUE(first.ok());
  EXPECT_EQ(refusal(), "conflict: the data directory is in use by another clew (process " +
                           std::to_string(getpid()) +
                           "); stop that one, or choose another directory: /home/me/data");
}

TEST_F(DirectoryLockTest, IsFreeAgainWhenTheHolderIsGone) {
  { const auto first = acquire(); }
  EXPECT_EQ(refusal(), "acquired");
}

TEST_F(DirectoryLockTest, AFileIsNotADirectory) {
  ASSERT_TRUE(disk_.make_directory("/home").ok() && disk_.make_directory("/home/me").ok());
  ASSERT_TRUE(disk_.open("/home/me/data", OpenMode::create).ok());
  EXPECT_EQ(refusal(), "bad input: the data directory is a file; name a directory: /home/me/data");
}

TEST_F(DirectoryLockTest, SomeoneElsesDirectoryIsLeftAlone) {
  make_directory();
  write("thesis.txt", "all my work");
  const uint64_t calls = disk_.calls();
  EXPECT_EQ(
      refusal(),
      "conflict: the directory is not empty and not a data directory of clew; name an empty or a new one: "
      "/home/me/data");
  EXPECT_EQ(disk_.calls(), calls);
}

TEST_F(DirectoryLockTest, AFreshFileSystemCountsAsEmpty) {
  make_directory();
  ASSERT_TRUE(disk_.make_directory("/home/me/data/lost+found").ok());
  EXPECT_EQ(refusal(), "acquired");
}

TEST_F(DirectoryLockTest, ANewerVersionIsRefused) {
  EXPECT_EQ(refusal(), "acquired");
  write("FORMAT", "clew data directory, format 2, checksum ca2422a615a56cbc\n");
  EXPECT_EQ(refusal(),
            "unsupported: the data directory was made by a newer clew (format 2, this one knows up to 1); "
            "start the "
            "newer version, or choose another directory: /home/me/data");
}

TEST_F(DirectoryLockTest, ADamagedFormatIsWrittenAgainIfTheManifestIsFine) {
  EXPECT_EQ(refusal(), "acquired");
  const std::string before = format();
  ASSERT_TRUE(disk_.flip_bit("/home/me/data/FORMAT", 28, 1).ok());
  EXPECT_EQ(refusal(), "acquired");
  EXPECT_EQ(format(), before);
}

TEST_F(DirectoryLockTest, DamageOfBothIsNotGuessedAt) {
  EXPECT_EQ(refusal(), "acquired");
  write("FORMAT", "?");
  write("MANIFEST", "?");
  EXPECT_EQ(refusal(),
            "corrupt: FORMAT and MANIFEST are damaged; restore the data directory from a backup: "
            "/home/me/data");
}

TEST_F(DirectoryLockTest, PowerLossWhileItIsMadeLeavesSomethingThatCanBeUsed) {
  for (uint64_t seed = 0; seed < 20; ++seed) {
    bool is_complete = false;
    for (uint64_t call = 1; !is_complete; ++call) {
      SimulatedFileSystem disk({.seed = seed});
      disk.lose_power_at(call);
      is_complete = DirectoryLock::acquire(disk, "/home/data").ok();
      if (is_complete) disk.lose_power();
      disk.restart(PowerLoss::tear);
      const Status again = DirectoryLock::acquire(disk, "/home/data").status();
      ASSERT_TRUE(again.ok()) << "call " << call << ": " << again.to_string();
      ASSERT_TRUE(load_manifest(disk, "/home/data").ok());
    }
  }
}

class RealDirectoryTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "clew-lock-XXXXXX";
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    directory_ = pattern;
  }
  void TearDown() override { ASSERT_EQ(::system(("rm -rf '" + directory_ + "'").c_str()), 0); }
  std::string directory_;
};

TEST_F(RealDirectoryTest, IsMadeLockedAndFound) {
  const auto first = DirectoryLock::acquire(real_file_system(), directory_ + "/a/b");
  ASSERT_TRUE(first.ok()) << first.status().to_string();
  const auto second = DirectoryLock::acquire(real_file_system(), directory_ + "/a/b");
  ASSERT_FALSE(second.ok());
  EXPECT_THAT(second.status().message(), HasSubstr("process " + std::to_string(getpid())));
}

TEST_F(RealDirectoryTest, ADirectoryThatCannotBeWrittenIsRefused) {
  const auto lock = DirectoryLock::acquire(real_file_system(), "/proc/clew");
  ASSERT_FALSE(lock.ok());
  if (geteuid() == 0) return;  // to whom nothing is forbidden, so that the rest cannot be shown
  ASSERT_EQ(::system(("chmod a-w '" + directory_ + "'").c_str()), 0);
  const auto refused = DirectoryLock::acquire(real_file_system(), directory_);
  EXPECT_EQ(refused.status().kind(), ErrorKind::forbidden);
  EXPECT_THAT(refused.status().message(), StartsWith("the data directory cannot be written by user"));
}

}  // namespace
}  // namespace clew::store
