#include "base/direct_writer.h"

#include <algorithm>
#include <random>
#include <unistd.h>

#include <gtest/gtest.h>

#include "base/file_system.h"

namespace clew {
namespace {

std::string noise(std::mt19937_64& random, size_t size) {
  std::string bytes(size, '\0');
  for (char& byte : bytes) byte = static_cast<char>(random());
  return bytes;
}

// Where the disk of the tests knows no direct writing this holds of the other way.
TEST(DirectWriter, appends_and_cuts_leave_what_they_would_leave_elsewhere) {
  FileSystem& files = real_file_system();
  const std::string path = testing::TempDir() + "clew-direct-" + std::to_string(getpid());
  for (uint64_t seed = 1; seed <= 5; ++seed) {
    std::mt19937_64 random(seed);
    std::string expected;
    {
      const auto file = files.open(path, OpenMode::log).value();
      for (int step = 0; step < 60; ++step) {
        if (random() % 5 == 0) {
          expected.resize(expected.size() - random() % std::min<size_t>(expected.size() + 1, 9000));
          ASSERT_TRUE(file->truncate(expected.size()).ok());
        }
        std::vector<std::string> pieces;
        for (size_t i = random() % 4; i-- > 0;)
          pieces.push_back(noise(random, random() % (random() % 8 == 0 ? 3'000'000 : 5000)));
        ASSERT_TRUE(file->append(std::vector<std::string_view>(pieces.begin(), pieces.end())).ok());
        for (const std::string& piece : pieces) expected += piece;
        ASSERT_TRUE(file->sync().ok());
        ASSERT_EQ(file->size().value(), expected.size());
        if (expected.size() < 100'000) {
          ASSERT_EQ(file->read_at(0, expected.size()).value(), expected);
        }
      }
      // Another reader meets nothing but zeros behind the end.
      const std::string seen = files.read_file(path, 1 << 30).value();
      ASSERT_LT(seen.size(), expected.size() + DirectWriter::kBlock);
      EXPECT_EQ(seen, expected + std::string(seen.size() - expected.size(), '\0'));
    }
    EXPECT_EQ(files.read_file(path, 1 << 30).value(), expected) << "after it was closed";
  }
  EXPECT_TRUE(files.remove(path).ok());
}

TEST(DirectWriter, there_is_none_where_nothing_can_be_written) {
  EXPECT_EQ(DirectWriter::open("/dev/full", -1), nullptr);
}

}  // namespace
}  // namespace clew
