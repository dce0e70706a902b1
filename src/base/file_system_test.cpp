// The promises of FileSystem, held against the real disk and against the simulated one alike.
#include "base/file_system.h"

#include <stdlib.h>

#include <gtest/gtest.h>

#include "base/simulated_file_system.h"

namespace clew {
namespace {

class FileSystemTest : public testing::TestWithParam<bool> {
 protected:
  void SetUp() override {
    if (GetParam()) {
      std::string pattern = testing::TempDir() + "clew-file-system-XXXXXX";
      ASSERT_NE(mkdtemp(pattern.data()), nullptr);
      directory_ = pattern;
      system_ = &real_file_system();
    } else {
      directory_ = "/data";
      system_ = &simulated_;
      ASSERT_TRUE(simulated_.make_directory(directory_).ok());
    }
  }
  void TearDown() override {
    Result<std::vector<DirectoryEntry>> entries = system_->list(directory_);
    ASSERT_TRUE(entries.ok());
    for (const DirectoryEntry& entry : *entries) {
      const Status removed =
          entry.is_directory ? system_->remove_directory(in(entry.name)) : system_->remove(in(entry.name));
      EXPECT_TRUE(removed.ok()) << removed.to_string();
    }
    if (GetParam()) {
      EXPECT_TRUE(system_->remove_directory(directory_).ok());
    }
  }

  std::string in(std::string_view name) const { return join_path(directory_, name); }
  void write(const std::string& name, std::string_view bytes) {
    Result<std::unique_ptr<File>> file = system_->open(in(name), OpenMode::replace);
    ASSERT_TRUE(file.ok()) << file.status().to_string();
    ASSERT_TRUE((*file)->append(bytes).ok());
  }
  std::string read(const std::string& name) {
    Result<std::string> bytes = system_->read_file(in(name), 1 << 20);
    return bytes.ok() ? *bytes : bytes.status().to_string();
  }
  ErrorKind kind_of_open(const std::string& name, OpenMode mode) {
    return system_->open(in(name), mode).status().kind();
  }

  SimulatedFileSystem simulated_;
  FileSystem* system_ = nullptr;
  std::string directory_;
};

INSTANTIATE_TEST_SUITE_P(Disks, FileSystemTest, testing::Values(true, false),
                         [](const auto& disk) { return disk.param ? "real" : "simulated"; });

TEST_P(FileSystemTest, PiecesAreWrittenOneBehindTheOtherAtTheEnd) {
  std::vector<std::string> texts;
  std::string all;
  // More pieces than the system takes in one call.
  for (int i = 0; i < 5000; ++i)
    all += texts.emplace_back(std::string(static_cast<size_t>(i % 7), 'a' + i % 26));
  const std::vector<std::string_view> pieces(texts.begin(), texts.end());
  Result<std::unique_ptr<File>> file = system_->open(in("pieces"), OpenMode::create);
  ASSERT_TRUE(file.ok());
  ASSERT_TRUE((*file)->append(pieces).ok());
  ASSERT_TRUE((*file)->append("end").ok());
  EXPECT_TRUE((*file)->sync().ok());
  EXPECT_EQ((*file)->size().value(), all.size() + 3);
  EXPECT_EQ(read("pieces"), all + "end");
}

TEST_P(FileSystemTest, ReadingStopsAtTheEndOfTheFile) {
  write("ten", "0123456789");
  Result<std::unique_ptr<File>> file = system_->open(in("ten"), OpenMode::read);
  ASSERT_TRUE(file.ok());
  std::string buffer(6, '.');
  EXPECT_EQ((*file)->read_at(7, std::span<char>(buffer)).value(), 3u);
  EXPECT_EQ(buffer, "789...");
  EXPECT_EQ((*file)->read_at(10, std::span<char>(buffer)).value(), 0u);
  EXPECT_EQ((*file)->read_at(2, 3).value(), "234");
  EXPECT_EQ((*file)->read_at(8, 3).status().kind(), ErrorKind::corrupt);
  EXPECT_EQ((*file)->read_at(11, 0).status().kind(), ErrorKind::corrupt);
  EXPECT_EQ((*file)->read_at(1, UINT64_MAX).status().kind(), ErrorKind::corrupt);
}

TEST_P(FileSystemTest, EachModeOfOpeningTreatsAFileThatIsThereAndOneThatIsNot) {
  EXPECT_EQ(kind_of_open("none", OpenMode::read), ErrorKind::not_found);
  EXPECT_EQ(kind_of_open("none", OpenMode::append), ErrorKind::not_found);
  write("kept", "abc");
  EXPECT_EQ(kind_of_open("kept", OpenMode::create), ErrorKind::conflict);
  EXPECT_TRUE(system_->open(in("kept"), OpenMode::open_or_create).ok());
  EXPECT_EQ(read("kept"), "abc");
  EXPECT_TRUE(system_->open(in("kept"), OpenMode::append).value()->append("d").ok());
  EXPECT_EQ(read("kept"), "abcd");
  EXPECT_TRUE(system_->open(in("kept"), OpenMode::replace).ok());
  EXPECT_EQ(read("kept"), "");
  EXPECT_TRUE(system_->open(in("new"), OpenMode::open_or_create).ok());
  EXPECT_EQ(system_->read_file(in("kept/below"), 1).status().ok(), false);
}

TEST_P(FileSystemTest, TruncatedFilesGoOnAtTheirNewEnd) {
  write("cut", "0123456789");
  Result<std::unique_ptr<File>> file = system_->open(in("cut"), OpenMode::append);
  ASSERT_TRUE(file.ok());
  ASSERT_TRUE((*file)->truncate(4).ok());
  ASSERT_TRUE((*file)->append("xy").ok());
  EXPECT_EQ(read("cut"), "0123xy");
  ASSERT_TRUE((*file)->truncate(8).ok());
  EXPECT_EQ(read("cut"), std::string("0123xy\0\0", 8));
}

TEST_P(FileSystemTest, FilesOpenForReadingRefuseChanges) {
  write("quiet", "abc");
  Result<std::unique_ptr<File>> file = system_->open(in("quiet"), OpenMode::read);
  ASSERT_TRUE(file.ok());
  EXPECT_FALSE((*file)->append("d").ok());
  EXPECT_FALSE((*file)->truncate(0).ok());
  EXPECT_EQ(read("quiet"), "abc");
}

TEST_P(FileSystemTest, NamesAreListedInOrderAndKnownAsDirectoriesOrFiles) {
  write("b", "1");
  write("a", "22");
  ASSERT_TRUE(system_->make_directory(in("c")).ok());
  EXPECT_TRUE(system_->make_directory(in("c")).ok());
  EXPECT_EQ(system_->make_directory(in("a")).kind(), ErrorKind::bad_input);
  EXPECT_EQ(system_->list(directory_).value(),
            (std::vector<DirectoryEntry>{{"a", false}, {"b", false}, {"c", true}}));
  EXPECT_EQ(system_->info(in("a")).value().size, 2u);
  EXPECT_TRUE(system_->info(in("c")).value().is_directory);
  EXPECT_FALSE(system_->exists(in("d")).value());
  EXPECT_EQ(system_->list(in("d")).status().kind(), ErrorKind::not_found);
}

TEST_P(FileSystemTest, RenamingReplacesAndLinksShareTheirContent) {
  write("old", "old");
  write("new", "new");
  ASSERT_TRUE(system_->hard_link(in("new"), in("link")).ok());
  EXPECT_EQ(system_->hard_link(in("new"), in("old")).kind(), ErrorKind::conflict);
  ASSERT_TRUE(system_->rename(in("new"), in("old")).ok());
  EXPECT_TRUE(system_->sync_directory(directory_).ok());
  EXPECT_EQ(read("old"), "new");
  EXPECT_EQ(read("link"), "new");
  EXPECT_FALSE(system_->exists(in("new")).value());
  EXPECT_EQ(system_->rename(in("new"), in("old")).kind(), ErrorKind::not_found);
  EXPECT_EQ(system_->remove(in("new")).kind(), ErrorKind::not_found);
}

TEST_P(FileSystemTest, OnlyEmptyDirectoriesAreRemoved) {
  ASSERT_TRUE(system_->make_directory(in("full")).ok());
  write("full/file", "x");
  EXPECT_EQ(system_->remove_directory(in("full")).kind(), ErrorKind::conflict);
  ASSERT_TRUE(system_->remove(in("full/file")).ok());
  EXPECT_TRUE(system_->remove_directory(in("full")).ok());
}

TEST_P(FileSystemTest, ALockIsHeldByOneOpenFileUntilItIsClosed) {
  Result<std::unique_ptr<File>> first = system_->open(in("lock"), OpenMode::open_or_create);
  Result<std::unique_ptr<File>> second = system_->open(in("lock"), OpenMode::open_or_create);
  ASSERT_TRUE(first.ok() && second.ok());
  EXPECT_TRUE((*first)->try_lock().value());
  EXPECT_TRUE((*first)->try_lock().value());
  EXPECT_FALSE((*second)->try_lock().value());
  first->reset();
  EXPECT_TRUE((*second)->try_lock().value());
}

TEST_P(FileSystemTest, PublishingReplacesTheContentAndLeavesNoDraft) {
  EXPECT_TRUE(system_->publish_file(in("list"), "one").ok());
  EXPECT_TRUE(system_->publish_file(in("list"), "two").ok());
  EXPECT_EQ(read("list"), "two");
  EXPECT_EQ(system_->list(directory_).value().size(), 1u);
  EXPECT_EQ(system_->read_file(in("list"), 2).status().kind(), ErrorKind::too_large);
}

TEST_P(FileSystemTest, SpaceIsKnown) {
  const DiskSpace space = system_->space(directory_).value();
  EXPECT_GT(space.total, 0u);
  EXPECT_LE(space.available, space.total);
}

TEST(RealFileSystem, FailuresSayWhatToDoAndEndInThePath) {
  Result<std::unique_ptr<File>> full = real_file_system().open("/dev/full", OpenMode::append);
  ASSERT_TRUE(full.ok());
  const Status no_space = (*full)->append("x");
  EXPECT_EQ(no_space.kind(), ErrorKind::exhausted);
  EXPECT_EQ(no_space.message(),
            "writing a file: the disk is full; free some space on it, no restart is needed: /dev/full");
  EXPECT_EQ(real_file_system().open("/proc/none", OpenMode::create).status().ok(), false);
  EXPECT_EQ(real_file_system().open(std::string(5000, 'x'), OpenMode::read).status().kind(),
            ErrorKind::bad_input);
}

TEST(Paths, AreJoinedAndTakenApart) {
  EXPECT_EQ(join_path("a", "b"), "a/b");
  EXPECT_EQ(join_path("a/", "b"), "a/b");
  EXPECT_EQ(join_path("/", "b"), "/b");
  EXPECT_EQ(parent_path("a/b"), "a");
  EXPECT_EQ(parent_path("/a"), "/");
  EXPECT_EQ(parent_path("a"), ".");
}

}  // namespace
}  // namespace clew
