#include "base/time.h"

#include <gtest/gtest.h>

namespace clew {
namespace {

constexpr UnixNanos kNoon{1'772'366'400'000'000'000};  // 2026-03-01T12:00:00Z

struct TimeCase {
  const char* text;
  int64_t expected;  // nanoseconds after kNoon
};

class ParseTime : public testing::TestWithParam<TimeCase> {};

TEST_P(ParseTime, Understands) {
  const auto parsed = parse_time(GetParam().text, kNoon);
  ASSERT_TRUE(parsed.ok()) << parsed.status().message();
  EXPECT_EQ(parsed->count - kNoon.count, GetParam().expected) << GetParam().text;
}

INSTANTIATE_TEST_SUITE_P(
    Rfc3339, ParseTime,
    testing::Values(TimeCase{"2026-03-01T12:00:00Z", 0}, TimeCase{"2026-03-01 12:00:00", 0},
                    TimeCase{"2026-03-01T12:00:00.5Z", 500'000'000},
                    TimeCase{"2026-03-01T12:00:00,25z", 250'000'000},
                    TimeCase{"2026-03-01T12:00:00.000000001Z", 1},
                    TimeCase{"2026-03-01T12:00:00.0000000019Z", 1}, TimeCase{"2026-03-01T13:00:00+01:00", 0},
                    TimeCase{"2026-03-01T06:30:00-0530", 0}, TimeCase{"2026-03-01T12:00", 0},
                    TimeCase{"2026-03-01", -43'200'000'000'000}));

INSTANTIATE_TEST_SUITE_P(Relative, ParseTime,
                         testing::Values(TimeCase{"now", 0}, TimeCase{"now-15m", -900'000'000'000},
                                         TimeCase{"-1h", -3'600'000'000'000},
                                         TimeCase{"+90s", 90'000'000'000},
                                         TimeCase{"now-1d", -86'400'000'000'000},
                                         TimeCase{"-1.5h", -5'400'000'000'000}));

// Seconds, milliseconds, microseconds and nanoseconds since 1970, told apart by magnitude.
INSTANTIATE_TEST_SUITE_P(SinceTheEpoch, ParseTime,
                         testing::Values(TimeCase{"1772366400", 0}, TimeCase{"1772366400.25", 250'000'000},
                                         TimeCase{"1772366400001", 1'000'000},
                                         TimeCase{"1772366400000001", 1'000},
                                         TimeCase{"1772366400000000001", 1}));

class RefusedTime : public testing::TestWithParam<const char*> {};

TEST_P(RefusedTime, IsRefusedWithTheText) {
  const auto parsed = parse_time(GetParam(), kNoon);
  ASSERT_FALSE(parsed.ok());
  EXPECT_EQ(parsed.status().kind(), ErrorKind::bad_input);
  EXPECT_NE(parsed.status().message().find(GetParam()), std::string_view::npos);
}

INSTANTIATE_TEST_SUITE_P(Malformed, RefusedTime,
                         testing::Values("", "yesterday", "2026-13-01T00:00:00Z", "2026-03-01T24:00:00Z",
                                         "2026-03-01T12:00:00.Z", "2026-03-01T12:00:00Zx", "2026-3-1", "now-",
                                         "now+5q", "0001-01-01T00:00:00Z", "9999-01-01T00:00:00Z", "-",
                                         "1e300", "nan", "inf"));

TEST(Rfc3339, PrintsAsManyDigitsAsNeeded) {
  EXPECT_EQ(to_rfc3339(kNoon), "2026-03-01T12:00:00Z");
  EXPECT_EQ(to_rfc3339(kNoon + Nanoseconds{1}), "2026-03-01T12:00:00.000000001Z");
  EXPECT_EQ(to_rfc3339(kNoon + milliseconds(500)), "2026-03-01T12:00:00.5Z");
  EXPECT_EQ(to_rfc3339(UnixNanos{-1}), "1969-12-31T23:59:59.999999999Z");
}

TEST(Rfc3339, ExtremesComeBack) {
  for (const int64_t count : {INT64_MIN, int64_t{-1}, int64_t{0}, kNoon.count, INT64_MAX}) {
    const auto back = parse_time(to_rfc3339(UnixNanos{count}), kNoon);
    // The years at the very ends of the range are refused on the way back, never wrapped.
    EXPECT_EQ(back.ok() ? back->count : count, count);
  }
  EXPECT_EQ(to_rfc3339(UnixNanos{INT64_MAX}), "2262-04-11T23:47:16.854775807Z");
  EXPECT_EQ(to_rfc3339(UnixNanos{INT64_MIN}), "1677-09-21T00:12:43.145224192Z");
}

TEST(Arithmetic, Saturates) {
  EXPECT_EQ((UnixNanos{INT64_MAX} + seconds(1)).count, INT64_MAX);
  EXPECT_EQ((UnixNanos{INT64_MIN} - seconds(1)).count, INT64_MIN);
  EXPECT_EQ((UnixNanos{0} - Nanoseconds{INT64_MIN}).count, INT64_MAX);
  EXPECT_EQ((UnixNanos{INT64_MAX} - UnixNanos{INT64_MIN}).count, INT64_MAX);
  EXPECT_EQ((UnixNanos{INT64_MIN} - UnixNanos{INT64_MAX}).count, INT64_MIN);
}

TEST(TimeRange, IsHalfOpen) {
  const TimeRange range{UnixNanos{10}, UnixNanos{20}};
  EXPECT_TRUE(range.contains(UnixNanos{10}));
  EXPECT_FALSE(range.contains(UnixNanos{20}));
  EXPECT_TRUE(range.overlaps(UnixNanos{0}, UnixNanos{10}));
  EXPECT_FALSE(range.overlaps(UnixNanos{20}, UnixNanos{30}));
  EXPECT_FALSE(range.overlaps(UnixNanos{0}, UnixNanos{9}));
}

struct DurationCase {
  const char* text;
  int64_t nanoseconds;
};

class ParseDuration : public testing::TestWithParam<DurationCase> {};

TEST_P(ParseDuration, Understands) {
  const auto parsed = parse_duration(GetParam().text);
  ASSERT_TRUE(parsed.ok()) << parsed.status().message();
  EXPECT_EQ(parsed->count, GetParam().nanoseconds);
}

INSTANTIATE_TEST_SUITE_P(
    Units, ParseDuration,
    testing::Values(DurationCase{"250ms", 250'000'000}, DurationCase{"1.5s", 1'500'000'000},
                    DurationCase{"10m", 600'000'000'000}, DurationCase{"2h", 7'200'000'000'000},
                    DurationCase{"7d", 604'800'000'000'000}, DurationCase{"1w", 604'800'000'000'000},
                    DurationCase{"30", 30'000'000'000}, DurationCase{"5us", 5'000},
                    DurationCase{"5µs", 5'000}, DurationCase{"7ns", 7}, DurationCase{"-3s", -3'000'000'000},
                    DurationCase{"0", 0}));

TEST(ParseDuration, RefusesWhatIsNone) {
  for (const char* text : {"", "s", "10 minutes", "1y", "nan", "inf", "1e30s", "1e300", "ms10"}) {
    EXPECT_FALSE(parse_duration(text).ok()) << text;
  }
}

TEST(HumanDuration, HasThreeDigitsAndAUnit) {
  EXPECT_EQ(to_human(Nanoseconds{0}), "0 ns");
  EXPECT_EQ(to_human(Nanoseconds{999}), "999 ns");
  EXPECT_EQ(to_human(Nanoseconds{1'240'000}), "1.24 ms");
  EXPECT_EQ(to_human(Nanoseconds{12'400'000}), "12.4 ms");
  EXPECT_EQ(to_human(Nanoseconds{-124'000'000}), "-124 ms");
  EXPECT_EQ(to_human(seconds(95)), "95.0 s");
  EXPECT_EQ(to_human(seconds(125)), "2 min 5 s");
  EXPECT_EQ(to_human(hours(3)), "3 h 0 min");
}

TEST(Clocks, GoForward) {
  const Nanoseconds before = monotonic_now();
  EXPECT_GE(monotonic_now(), before);
  EXPECT_GT(now(), kNoon - days(3650));
}

}  // namespace
}  // namespace clew
