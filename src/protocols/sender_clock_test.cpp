#include "protocols/sender_clock.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "telemetry/otlp_json.h"

namespace clew {
namespace {

using testing::HasSubstr;

constexpr UnixNanos kNow{1'770'000'000'000'000'000};

std::string request_at(Signal signal, int64_t minutes) {
  const std::string time = std::to_string((kNow + seconds(60 * minutes)).count);
  const std::string items =
      signal == Signal::traces
          ? R"({"resourceSpans":[{"scopeSpans":[{"spans":[{"name":"a","startTimeUnixNano":"1","endTimeUnixNano":")" +
                time + R"("}]}]}]})"
          : R"({"resourceLogs":[{"scopeLogs":[{"logRecords":[{"timeUnixNano":")" + time + R"("}]}]}]})";
  return json_to_protobuf(signal, items).value();
}

struct Case {
  Signal signal;
  int64_t minutes;
  const char* what;  // empty: no doubt
};

TEST(SenderClock, is_doubted_when_the_times_are_far_off) {
  const Case cases[] = {
      {Signal::traces, 0, ""},
      {Signal::traces, 1, ""},
      {Signal::traces, 5, "5 minutes ahead"},
      {Signal::traces, 60, "60 minutes ahead"},
      {Signal::traces, 3 * 24 * 60, "3 days ahead"},
      {Signal::traces, -5, ""},
      {Signal::traces, -60, "ended 60 minutes ago"},
      {Signal::traces, -300, "ended 5 hours ago"},
      {Signal::logs, 60, "60 minutes ahead"},
      {Signal::logs, -60, ""},
  };
  for (const Case& one : cases) {
    SCOPED_TRACE(one.minutes);
    const auto doubt = doubt_about_clock(one.signal, request_at(one.signal, one.minutes), kNow);
    ASSERT_EQ(doubt.has_value(), *one.what != 0);
    if (!doubt) continue;
    EXPECT_THAT(doubt->what, HasSubstr(one.what));
  }
}

TEST(SenderClock, is_not_doubted_for_lack_of_times) {
  for (const std::string_view bytes : {"", "\x0a", "\x0a\x02\x12\x00", "garbage"}) {
    EXPECT_FALSE(doubt_about_clock(Signal::traces, bytes, kNow).has_value());
    EXPECT_FALSE(doubt_about_clock(Signal::metrics, bytes, kNow).has_value());
  }
}

}  // namespace
}  // namespace clew
