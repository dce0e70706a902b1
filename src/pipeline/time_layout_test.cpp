#include "pipeline/time_layout.h"

#include <gtest/gtest.h>

namespace clew::pipeline {
namespace {

TEST(TimeLayout, ReadsWhatTheLayoutSays) {
  using Kind = TimeLayout::Kind;
  struct Case {
    Kind kind;
    const char* layout;
    const char* text;
    const char* expected;  // empty: does not fit
  };
  const Case cases[] = {
      {Kind::strptime, "%Y-%m-%dT%H:%M:%S.%L%z", "2026-03-01T12:00:00.5+01:30", "2026-03-01T10:30:00.5Z"},
      {Kind::strptime, "%Y-%m-%d %T,%f %Z", "2026-03-01 12:00:00,123456 GMT", "2026-03-01T12:00:00.123456Z"},
      {Kind::strptime, "%d/%b/%Y:%H:%M:%S %z", "28/Feb/2026:23:59:59 -0800", "2026-03-01T07:59:59Z"},
      {Kind::strptime, "%b %d %H:%M:%S", "Feb  3 01:02:03", "2026-02-03T01:02:03Z"},
      {Kind::strptime, "%b %e %H:%M:%S", "Dec 31 23:59:59", "2025-12-31T23:59:59Z"},
      {Kind::strptime, "%m/%d/%y %I:%M %p", "03/01/26 12:05 am", "2026-03-01T00:05:00Z"},
      {Kind::strptime, "%Y-%j", "2026-060", "2026-03-01T00:00:00Z"},
      {Kind::strptime, "%Y-%m-%d", "2026-02-29", ""},
      {Kind::strptime, "%Y-%m-%d", "2026-13-01", ""},
      {Kind::strptime, "%Y-%m-%d", "2026-03-01 rest", ""},
      {Kind::strptime, "%H:%M", "25:00", ""},
      {Kind::strptime, "%Y", "9999", ""},
      {Kind::go, "2006-01-02T15:04:05.000Z07:00", "2026-03-01T12:00:00.123Z", "2026-03-01T12:00:00.123Z"},
      {Kind::go, "2006-01-02T15:04:05Z07:00", "2026-03-01T12:00:00.123456789+01:00",
       "2026-03-01T11:00:00.123456789Z"},
      {Kind::go, "Mon, 02 Jan 2006 15:04:05 MST", "Sun, 01 Mar 2026 12:00:00 UTC", "2026-03-01T12:00:00Z"},
      {Kind::go, "Jan _2 03:04:05 PM 2006", "Mar  1 12:00:00 PM 2026", "2026-03-01T12:00:00Z"},
      {Kind::go, "2006/01/02", "2026/3/1", "2026-03-01T00:00:00Z"},
      {Kind::epoch, "s", "1772366400", "2026-03-01T12:00:00Z"},
      {Kind::epoch, "s.ns", "1772366400.000000001", "2026-03-01T12:00:00.000000001Z"},
      {Kind::epoch, "us", "1772366400000001", "2026-03-01T12:00:00.000001Z"},
      {Kind::epoch, "ns", "1772366400000000001", "2026-03-01T12:00:00.000000001Z"},
      {Kind::epoch, "s", "99999999999999999", ""},
      {Kind::epoch, "s", "noon", ""},
  };
  const UnixNanos reference{1'772'366'400'000'000'000};  // 2026-03-01T12:00:00Z
  for (const Case& one : cases) {
    const auto layout = TimeLayout::create(one.kind, one.layout, true);
    ASSERT_TRUE(layout.ok()) << one.layout;
    const auto time = layout->parse(one.text, reference);
    EXPECT_EQ(time.ok() ? to_rfc3339(*time) : "", one.expected) << one.layout << " " << one.text;
  }
}

}  // namespace
}  // namespace clew::pipeline
