#include "app/data_directory.h"

#include <filesystem>
#include <fstream>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>

namespace clew::app {
namespace {

using testing::HasSubstr;

class DataDirectoryTest : public testing::Test {
 protected:
  DataDirectoryTest() {
    std::string pattern = testing::TempDir() + "clew-data-XXXXXX";
    root_ = mkdtemp(pattern.data());
  }
  ~DataDirectoryTest() override { std::filesystem::remove_all(root_); }
  std::string root_;
};

TEST_F(DataDirectoryTest, IsCreatedAndHeldByOne) {
  const std::string path = root_ + "/data";
  {
    const auto first = DataDirectory::claim(path);
    ASSERT_TRUE(first.ok()) << first.status().to_string();
    const auto second = DataDirectory::claim(path);
    ASSERT_FALSE(second.ok());
    EXPECT_EQ(second.status().kind(), ErrorKind::conflict);
    EXPECT_EQ(second.status().message(), path + " is in use by another clew (process " +
                                             std::to_string(getpid()) +
                                             "): stop it first, or give this one another --data directory");
  }
  EXPECT_TRUE(DataDirectory::claim(path).ok()) << "free again";
}

TEST_F(DataDirectoryTest, ThatCannotBeUsedIsRefusedWithItsName) {
  std::ofstream(root_ + "/file") << "x";
  struct Case {
    std::string path, complaint;
  };
  for (const Case& c :
       {Case{root_ + "/file", "is a file, not a directory: choose another --data"},
        Case{root_ + "/missing/data", root_ + "/missing"}, Case{"/proc/clew-data", "/proc/clew-data"},
        Case{root_ + "/file/data", root_ + "/file"}}) {
    const auto claimed = DataDirectory::claim(c.path);
    ASSERT_FALSE(claimed.ok()) << c.path;
    EXPECT_THAT(std::string(claimed.status().message()), HasSubstr("cannot keep data in " + c.path))
        << c.path;
    EXPECT_THAT(std::string(claimed.status().message()), HasSubstr(c.complaint)) << c.path;
  }
}

TEST_F(DataDirectoryTest, ThatCannotBeWrittenIsRefused) {
  // The superuser may write everywhere, so the attempt is made as nobody.
  std::filesystem::permissions(root_, std::filesystem::perms(0755));
  const pid_t child = fork();
  if (child == 0) {
    if (getuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0)) _exit(9);
    if (getuid() != 65534 && chmod(root_.c_str(), 0555) != 0) _exit(9);
    const auto claimed = DataDirectory::claim(root_);
    if (claimed.ok()) _exit(1);
    _exit(claimed.status().kind() == ErrorKind::forbidden ? 0 : 2);
  }
  int status = 0;
  waitpid(child, &status, 0);
  std::filesystem::permissions(root_, std::filesystem::perms(0755));
  ASSERT_TRUE(WIFEXITED(status));
  if (WEXITSTATUS(status) == 9) GTEST_SKIP() << "cannot become another user here";
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

TEST_F(DataDirectoryTest, OtherCommandsDoNotCreateIt) {
  const Status missing = check_data_directory(root_ + "/data", IfMissing::fail);
  EXPECT_EQ(missing.kind(), ErrorKind::not_found);
  EXPECT_FALSE(std::filesystem::exists(root_ + "/data"));
  EXPECT_TRUE(check_data_directory(root_ + "/data", IfMissing::create).ok());
  EXPECT_TRUE(check_data_directory(root_ + "/data", IfMissing::fail).ok());
}

}  // namespace
}  // namespace clew::app
