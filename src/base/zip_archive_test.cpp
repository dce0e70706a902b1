#include "base/zip_archive.h"

#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

namespace clew {
namespace {

// What zip(1) and Python's zipfile wrote.
std::string written(const std::string& name) {
  std::ifstream file("tests/fuzz/corpus/zip_archive/" + name, std::ios::binary);
  std::stringstream bytes;
  bytes << file.rdbuf();
  return std::move(bytes).str();
}

TEST(ZipArchive, has_the_files_that_were_put_in) {
  const std::string bytes = written("bundle.zip");
  const Result<ZipArchive> archive = ZipArchive::read(bytes);
  ASSERT_TRUE(archive.ok()) << archive.status().to_string();
  ASSERT_EQ(archive->files().size(), 2u) << "directories are none";
  EXPECT_EQ(archive->files()[0].name, "manifest.json");
  EXPECT_EQ(archive->files()[1].name, "maps/app.min.js.map");
  EXPECT_EQ(ZipArchive::unpack(archive->files()[0], 1000).value(),
            "{\"version\": \"1.4.2\", \"baseUrl\": \"https://shop.example/\"}\n");
  EXPECT_TRUE(ZipArchive::unpack(archive->files()[1], 1000).value().ends_with("\"AACEA\"}\n"));
  EXPECT_EQ(ZipArchive::unpack(archive->files()[1], 100).status().kind(), ErrorKind::too_large);
}

TEST(ZipArchive, takes_stored_files_empty_ones_and_a_comment_at_the_end) {
  const std::string bytes = written("stored.zip");
  const Result<ZipArchive> archive = ZipArchive::read(bytes);
  ASSERT_TRUE(archive.ok()) << archive.status().to_string();
  ASSERT_EQ(archive->files().size(), 2u);
  EXPECT_EQ(ZipArchive::unpack(archive->files()[0], 5).value(), "hello");
  EXPECT_EQ(ZipArchive::unpack(archive->files()[1], 5).value(), "");
}

TEST(ZipArchive, refuses_what_is_cut_off_or_changed) {
  EXPECT_EQ(ZipArchive::read("").status().kind(), ErrorKind::bad_input);
  EXPECT_EQ(ZipArchive::read("no zip at all, but longer than the end of one").status().kind(),
            ErrorKind::bad_input);
  const std::string bytes = written("stored.zip");
  for (size_t size = 0; size < bytes.size(); ++size)
    EXPECT_FALSE(ZipArchive::read(std::string_view(bytes).substr(0, size)).ok()) << size;
  std::string changed = bytes;
  changed[changed.find("hello")] = 'j';
  const Result<ZipArchive> archive = ZipArchive::read(changed);
  ASSERT_TRUE(archive.ok());
  EXPECT_EQ(ZipArchive::unpack(archive->files()[0], 5).status().kind(), ErrorKind::bad_input);
}

}  // namespace
}  // namespace clew
