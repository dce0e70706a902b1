#include <cstdlib>
#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/file_system.h"
#include "base/simulated_file_system.h"
#include "pipeline/exporters/exporters.h"
#include "pipeline/exporters/rotating_file.h"
#include "pipeline/testing/configured.h"
#include "pipeline/testing/requests.h"
#include "telemetry/otlp_file.h"
#include "telemetry/otlp_json.h"

namespace clew::pipeline {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class FileExporter : public ::testing::Test {
 protected:
  FileExporter() {
    std::string pattern = "/tmp/clew-file-XXXXXX";
    directory_ = ::mkdtemp(pattern.data());
  }
  ~FileExporter() override { std::filesystem::remove_all(directory_); }

  std::string directory_;
  testing::Workshop workshop_;
};

// What `clew import` finds in a file, as JSON.
std::vector<std::string> requests_in(const std::string& path) {
  const std::string bytes = real_file_system().read_file(path, 1 << 20).value();
  size_t at = 0;
  otlp::FileReader reader([&](std::span<char> into) -> Result<size_t> {
    const size_t size = bytes.copy(into.data(), into.size(), at);
    at += size;
    return size;
  });
  std::vector<std::string> all;
  for (;;) {
    auto next = reader.next();
    EXPECT_TRUE(next.ok()) << next.status().message();
    if (!next.ok() || !*next) return all;
    all.push_back((*next)->encoding == otlp::FileEncoding::json
                      ? (*next)->bytes
                      : protobuf_to_json(Signal::logs, (*next)->bytes).value());
  }
}

TEST_F(FileExporter, WritesWhatTheReaderOfSuchFilesUnderstands) {
  const std::string request = testing::log_request({{"service.name", "shop"}}, {"one\ntwo"});
  const Batch batch = testing::batch_of(Signal::logs, request);
  for (const std::string settings : {"format: json", "format: proto", "{compression: zstd, format: json}",
                                     "{compression: zstd, format: proto}"}) {
    const std::string path = directory_ + "/logs";
    const std::string given = settings.starts_with('{') ? settings.substr(1, settings.size() - 2) : settings;
    const auto exporter = workshop_.exporter(configure_file, "{path: " + path + ", " + given + "}");
    for (int i = 0; i < 2; ++i)
      exporter->consume(batch, [](const Outcome& outcome) { EXPECT_TRUE(outcome.status.ok()); });
    exporter->stop();
    EXPECT_THAT(requests_in(path), ElementsAre(testing::json_of(batch), testing::json_of(batch))) << settings;
  }
}

TEST_F(FileExporter, BeginsAnewUnlessToldToAppend) {
  const Batch batch = testing::batch_of(Signal::logs, testing::log_request({}, {"x"}));
  const std::string path = directory_ + "/new/logs.json";
  const auto write_with = [&](const std::string& more) {
    const auto exporter =
        workshop_.exporter(configure_file, "{path: " + path + ", create_directory: true" + more + "}");
    exporter->consume(batch, [](const Outcome& outcome) { EXPECT_TRUE(outcome.status.ok()); });
    exporter->stop();
    return requests_in(path).size();
  };
  EXPECT_EQ(write_with(""), 1u);
  EXPECT_EQ(write_with(", append: true"), 2u);
  EXPECT_EQ(write_with(", rotation: "), 3u);
  EXPECT_EQ(write_with(""), 1u);
}

TEST_F(FileExporter, SaysWhatIsWrongWithTheSettings) {
  EXPECT_THAT(workshop_.complaints(configure_file, "{}"), ElementsAre(HasSubstr("path")));
  EXPECT_THAT(workshop_.complaints(configure_file, "{path: a, format: xml}"),
              ElementsAre(HasSubstr("format")));
  EXPECT_THAT(workshop_.complaints(configure_file, "{path: a, rotation: {max_megabytes: 0}}"),
              ElementsAre(HasSubstr("max_megabytes")));
  EXPECT_THAT(workshop_.complaints(configure_file, "{path: a, group_by: {enabled: true}}"),
              ElementsAre(HasSubstr("one file for each exporter")));
}

constexpr UnixNanos kNoon{1'772'366'400'000'000'000};  // 2026-03-01T12:00:00Z

std::vector<std::string> names_in(FileSystem& files, const std::string& directory) {
  std::vector<std::string> names;
  const auto entries = files.list(directory);
  for (const DirectoryEntry& entry : *entries) names.push_back(entry.name);
  return names;
}

TEST_F(FileExporter, SetsAsideWhatIsFull) {
  FileSystem& files = real_file_system();
  const auto file =
      RotatingFile::open({.path = directory_ + "/a.json", .rotation = Rotation{.max_bytes = 10}}, files)
          .value();
  // The last two in the same millisecond.
  ASSERT_TRUE(file->append("0123456789", kNoon).ok());
  ASSERT_TRUE(file->append("much more than ten", kNoon).ok());
  ASSERT_TRUE(file->append("x", kNoon).ok());
  ASSERT_TRUE(file->append("y", kNoon).ok());
  EXPECT_THAT(names_in(files, directory_),
              ElementsAre("a-2026-03-01T12-00-00.000.json", "a-2026-03-01T12-00-00.001.json", "a.json"));
  EXPECT_EQ(files.read_file(directory_ + "/a.json", 100).value(), "xy");
  EXPECT_EQ(files.read_file(directory_ + "/a-2026-03-01T12-00-00.001.json", 100).value(),
            "much more than ten");
}

TEST_F(FileExporter, RemovesWhatIsTooOldOrTooMuch) {
  FileSystem& files = real_file_system();
  for (const char* name : {"a-2026-02-01T12-00-00.000.json", "a-2026-02-28T12-00-00.000.json", "a-note.json",
                           "b-2026-02-01T12-00-00.000.json"})
    ASSERT_TRUE(files.open(directory_ + "/" + name, OpenMode::create).ok());
  const auto rotate = [&](Rotation rotation, UnixNanos at) {
    rotation.max_bytes = 1;
    const auto file =
        RotatingFile::open({.path = directory_ + "/a.json", .rotation = rotation}, files).value();
    ASSERT_TRUE(file->append("xx", at).ok());
    ASSERT_TRUE(file->append("xx", at).ok());
  };
  rotate({.max_days = 7, .max_backups = 0}, kNoon);
  EXPECT_THAT(names_in(files, directory_),
              ElementsAre("a-2026-02-28T12-00-00.000.json", "a-2026-03-01T12-00-00.000.json", "a-note.json",
                          "a.json", "b-2026-02-01T12-00-00.000.json"));
  rotate({.max_days = 0, .max_backups = 1}, kNoon + seconds(1));
  EXPECT_THAT(names_in(files, directory_), ElementsAre("a-2026-03-01T12-00-01.001.json", "a-note.json",
                                                       "a.json", "b-2026-02-01T12-00-00.000.json"));
}

TEST_F(FileExporter, AFullDiskLeavesNoHalfRequest) {
  SimulatedFileSystem files;
  ASSERT_TRUE(files.make_directory("/data").ok());
  const auto file = RotatingFile::open({.path = "/data/a.json"}, files).value();
  ASSERT_TRUE(file->append("0123456789\n", kNoon).ok());
  files.limit_bytes(15);
  const Status full = file->append("0123456789\n", kNoon);
  ASSERT_FALSE(full.ok());
  EXPECT_EQ(full.kind(), ErrorKind::exhausted);  // the sender tries again
  files.limit_bytes(std::nullopt);
  ASSERT_TRUE(file->append("next\n", kNoon).ok());
  EXPECT_EQ(files.read_file("/data/a.json", 100).value(), "0123456789\nnext\n");
}

}  // namespace
}  // namespace clew::pipeline
