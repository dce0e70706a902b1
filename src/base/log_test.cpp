#include "base/log.h"

#include <string>

#include <gtest/gtest.h>

namespace clew {
namespace {

// What `speak` makes the log say.
template <typename Speak>
std::string logged(Speak speak) {
  testing::internal::CaptureStderr();
  speak();
  return testing::internal::GetCapturedStderr();
}

TEST(Log, LineHasTimeLevelRoomAndMessage) {
  const std::string line = logged([] { log_warning("store", "disk is 95 % full"); });
  EXPECT_EQ(line.substr(4, 1), "-");
  EXPECT_EQ(line.substr(20), " WARN store: disk is 95 % full\n");
}

TEST(Log, OneEventStaysOneLine) {
  const std::string line = logged([] { log_info("net", "sent by somebody:\r\n2026 ERROR fake\x1b[31m"); });
  EXPECT_EQ(line.find('\n'), line.size() - 1);
  EXPECT_EQ(line.find('\x1b'), std::string::npos);
}

TEST(Log, LevelsBelowTheThresholdAreSilent) {
  EXPECT_EQ(logged([] { log(LogLevel::debug, "net", "detail"); }), "");
  set_log_level(LogLevel::error);
  EXPECT_EQ(logged([] { log_warning("net", "not now"); }), "");
  EXPECT_NE(logged([] { log_error("net", "now"); }), "");
  set_log_level(LogLevel::info);
}

TEST(LogDeathTest, ABugStopsTheProgramAndSaysWhich) {
  testing::GTEST_FLAG(death_test_style) = "threadsafe";
  EXPECT_DEATH(bug("two rows at one place"), "ERROR BUG: two rows at one place");
}

}  // namespace
}  // namespace clew
