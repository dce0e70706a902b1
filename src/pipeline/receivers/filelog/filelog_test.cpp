#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/file_system.h"
#include "pipeline/receivers/receivers.h"
#include "pipeline/testing/configured.h"
#include "pipeline/testing/requests.h"

namespace clew::pipeline {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// The values of `"key":…"` strings in the requests, in order.
std::vector<std::string> bodies_of(const std::vector<Batch>& batches) {
  std::vector<std::string> bodies;
  for (const Batch& batch : batches) {
    const std::string json = testing::json_of(batch);
    constexpr std::string_view kBefore = R"("body":{"stringValue":")";
    for (size_t at = json.find(kBefore); at != std::string::npos; at = json.find(kBefore, at + 1)) {
      const size_t begin = at + kBefore.size();
      bodies.push_back(json.substr(begin, json.find('"', begin) - begin));
    }
  }
  return bodies;
}

class DirectoryStorage final : public Extension, public QueueStorage {
 public:
  explicit DirectoryStorage(std::string directory) : directory_(std::move(directory)) {}
  QueueStorage* queue_storage() override { return this; }
  Result<std::string> directory_for(const ComponentId&) override { return directory_; }
  FileSystem& file_system() override { return real_file_system(); }

 private:
  const std::string directory_;
};

class FileLogReceiver : public ::testing::Test {
 protected:
  FileLogReceiver() {
    std::string pattern = "/tmp/clew-filelog-XXXXXX";
    directory_ = ::mkdtemp(pattern.data());
    std::filesystem::create_directory(directory_ + "/storage");
    workshop_.extensions[*parse_component_id("file_storage")] =
        std::make_shared<DirectoryStorage>(directory_ + "/storage");
  }
  ~FileLogReceiver() override { std::filesystem::remove_all(directory_); }

  std::string path(const std::string& name) const { return directory_ + "/" + name; }
  void append(const std::string& name, const std::string& text) const {
    std::ofstream(path(name), std::ios::app) << text;
  }
  std::unique_ptr<Receiver> start(const std::string& more = "", const std::string& include = "*.log*") {
    return workshop_.receiver(configure_filelog,
                              "{include: ['" + path(include) +
                                  "'], start_at: beginning, poll_interval: 2ms, storage: file_storage" +
                                  (more.empty() ? "" : ", " + more) + "}",
                              next_);
  }
  // Fails the test when it does not become true.
  void wait_until(const std::function<bool()>& is_so) {
    for (int i = 0; i < 5000 && !is_so(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(2));
    EXPECT_TRUE(is_so());
  }
  void wait_for_bodies(size_t count) {
    wait_until([&] { return bodies_of(next_.batches()).size() >= count; });
  }
  std::vector<std::string> bodies() const { return bodies_of(next_.batches()); }

  std::string directory_;
  testing::Workshop workshop_;
  testing::KeepingConsumer next_;
};

TEST_F(FileLogReceiver, FollowsAFileThatGrows) {
  append("a.log", "one\ntwo\r\n\nthr");
  const auto receiver = start("force_flush_period: 0, include_file_path: true, resource: {host: here}");
  wait_for_bodies(2);
  append("a.log", "ee\nfour");
  wait_for_bodies(3);
  receiver->stop();
  EXPECT_THAT(bodies(), ElementsAre("one", "two", "three"));
  const std::string json = testing::json_of(next_.batches().front());
  EXPECT_THAT(json, HasSubstr(R"({"key":"log.file.name","value":{"stringValue":"a.log"}})"));
  EXPECT_THAT(json, HasSubstr("\"log.file.path\",\"value\":{\"stringValue\":\"" + path("a.log")));
  EXPECT_THAT(json,
              HasSubstr(R"("resource":{"attributes":[{"key":"host","value":{"stringValue":"here"}}]})"));
}

TEST_F(FileLogReceiver, GivesAnEntryWithoutAnEndAfterAWhile) {
  append("a.log", "no end");
  const auto receiver = start("force_flush_period: 10ms");
  wait_for_bodies(1);
  receiver->stop();
  EXPECT_THAT(bodies(), ElementsAre("no end"));
}

TEST_F(FileLogReceiver, BeginsAtTheEndUnlessToldOtherwise) {
  append("old.log", "old\n");
  const auto receiver = workshop_.receiver(configure_filelog,
                                           "{include: ['" + path("*.log") + "'], poll_interval: 2ms}", next_);
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  append("old.log", "grown\n");
  wait_for_bodies(1);
  append("new.log", "new\n");  // one that comes later is read from its beginning
  wait_for_bodies(2);
  receiver->stop();
  EXPECT_THAT(bodies(), ElementsAre("grown", "new"));
}

TEST_F(FileLogReceiver, KeepsItsPlaceOverARestart) {
  append("a.log", "one\n");
  auto receiver = start();
  wait_for_bodies(1);
  receiver->stop();
  append("a.log", "two\n");
  receiver = start();
  wait_for_bodies(2);
  receiver->stop();
  // Rotated while nobody looked: neither read twice, nor missed.
  append("a.log", "three\n" + std::string(2000, 'x') + "\n");
  receiver = start();
  wait_for_bodies(4);
  receiver->stop();
  append("a.log", "five\n");
  std::filesystem::rename(path("a.log"), path("a.log.1"));
  append("a.log", "six\n");
  receiver = start();
  wait_for_bodies(6);
  receiver->stop();
  std::vector<std::string> all = bodies();
  all.erase(all.begin() + 3);  // the long one
  std::sort(all.begin() + 3, all.end());
  EXPECT_THAT(all, ElementsAre("one", "two", "three", "five", "six"));
}

TEST_F(FileLogReceiver, FollowsARotationByRename) {
  append("a.log", "one\n");
  const auto receiver = start("", "a.log");  // the renamed file is not among those named
  wait_for_bodies(1);
  std::ofstream writer(path("a.log"), std::ios::app);
  std::filesystem::rename(path("a.log"), path("a.1"));
  append("a.log", "three\n");
  wait_for_bodies(2);
  writer << "two, by one who has the old file open\n" << std::flush;
  wait_for_bodies(3);
  receiver->stop();
  EXPECT_THAT(bodies(), ElementsAre("one", "three", "two, by one who has the old file open"));
}

TEST_F(FileLogReceiver, FollowsARotationByCopyAndTruncate) {
  append("a.log", "one\n" + std::string(1500, 'x') + "\n");
  const auto receiver = start();
  wait_for_bodies(2);
  for (int round = 0; round < 3; ++round) {
    std::filesystem::copy_file(path("a.log"), path("a.log." + std::to_string(round)));
    std::filesystem::resize_file(path("a.log"), 0);
    append("a.log", "again " + std::to_string(round) + "\n" + std::string(1500, 'y') + "\n");
    wait_for_bodies(4 + 2 * static_cast<size_t>(round));
  }
  receiver->stop();
  EXPECT_EQ(bodies().size(), 8u);  // the copies are not read a second time
  EXPECT_GE(workshop_.own_telemetry.value_of("clew_filelog_truncated_files", {{"receiver", "test"}}), 1);
}

TEST_F(FileLogReceiver, ReadsAgainWhatWasRefusedForNow) {
  next_.outcome.status = Status(ErrorKind::exhausted, "full");
  append("a.log", "one\n");
  const auto receiver = start();
  std::this_thread::sleep_for(std::chrono::milliseconds(30));
  EXPECT_THAT(bodies(), IsEmpty());
  receiver->stop();
  next_.outcome = {};
  const auto second = start();
  wait_for_bodies(1);
  second->stop();
  EXPECT_THAT(bodies(), ElementsAre("one"));
}

TEST_F(FileLogReceiver, JoinsLinesToEntriesAndCutsWhatIsTooLong) {
  append("a.log", "2026 first\n  at a\n  at b\n2026 second\n" + std::string(100, 'z') + "\n2026 third\n");
  const auto receiver =
      start("multiline: {line_start_pattern: '^\\d{4} '}, max_log_size: 64, force_flush_period: 10ms");
  wait_for_bodies(4);
  receiver->stop();
  EXPECT_THAT(bodies(), ElementsAre("2026 first\\n  at a\\n  at b", "2026 second\\n" + std::string(52, 'z'),
                                    std::string(48, 'z'), "2026 third"));
  EXPECT_EQ(workshop_.own_telemetry.value_of("clew_filelog_cut_entries", {{"receiver", "test"}}), 1);
}

TEST_F(FileLogReceiver, SaysWhatIsWrongWithTheSettings) {
  const std::pair<const char*, const char*> cases[] = {
      {"{}", "include"},
      {"{include: ['/a/{b,c}']}", "several patterns"},
      {"{include: [a], start_at: middle}", "start_at"},
      {"{include: [a], multiline: {line_start_pattern: '('}}", "no regular expression"},
      {"{include: [a], multiline: {line_start_pattern: a, line_end_pattern: b}}", "got both"},
      {"{include: [a], max_log_size: 5 furlongs}", "max_log_size"},
      {"{include: [a], delete_after_read: true}", "does not offer"},
      {"{include: [a], operators: [{type: json_praser}]}", "did you mean 'json_parser'"},
      {"{include: [a], operators: [{type: router}]}", "does not offer the operator 'router'"},
      {"{include: [a], operators: [{type: json_parser, if: 'true'}]}", "no expression language"},
      {"{include: [a], operators: [{type: regex_parser, regex: 'a'}]}", "named group"},
      {"{include: [a], operators: [{type: time_parser, layout: '%Y', parse_from: there}]}",
       "expected a field"},
      {"{include: [a], operators: [{type: time_parser, layout: '%Q', parse_from: body}]}",
       "'%Q' is not known"},
      {"{include: [a], operators: [{type: severity_parser, parse_from: body, mapping: {bad: x}}]}",
       "'bad' is no severity"},
  };
  for (const auto& [settings, complaint] : cases)
    EXPECT_THAT(workshop_.complaints(configure_filelog, settings), ElementsAre(HasSubstr(complaint)))
        << settings;
}

}  // namespace
}  // namespace clew::pipeline
