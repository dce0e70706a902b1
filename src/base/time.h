// Points in time and spans of time, in nanoseconds, as types of their own: a bare integer never carries a
// time.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace clew {

// A length of time. Negative is allowed (clock skew happens).
struct Nanoseconds {
  int64_t count = 0;
  auto operator<=>(const Nanoseconds&) const = default;
  double to_milliseconds() const { return static_cast<double>(count) * 1e-6; }
  double to_seconds() const { return static_cast<double>(count) * 1e-9; }
};
constexpr Nanoseconds milliseconds(int64_t n) {
  return {n * 1'000'000};
}
constexpr Nanoseconds seconds(int64_t n) {
  return {n * 1'000'000'000};
}
constexpr Nanoseconds hours(int64_t n) {
  return {n * 3'600'000'000'000};
}
constexpr Nanoseconds days(int64_t n) {
  return {n * 86'400'000'000'000};
}

// Nanoseconds since 1970-01-01T00:00:00Z. OTLP sends unsigned 64 bits; what is above int64 (the year 2262) is
// clamped by the decoder and counted.
struct UnixNanos {
  int64_t count = 0;
  auto operator<=>(const UnixNanos&) const = default;
};
// Saturating, so that extremes from outside cannot overflow.
UnixNanos operator+(UnixNanos at, Nanoseconds by);
UnixNanos operator-(UnixNanos at, Nanoseconds by);
Nanoseconds operator-(UnixNanos a, UnixNanos b);

// From `from` up to, not including, `to`.
struct TimeRange {
  UnixNanos from{INT64_MIN};
  UnixNanos to{INT64_MAX};
  bool operator==(const TimeRange&) const = default;
  bool contains(UnixNanos at) const { return from <= at && at < to; }
  // `first` and `last` both inclusive.
  bool overlaps(UnixNanos first, UnixNanos last) const { return first < to && from <= last; }
};

// The wall clock, and the clock for measuring.
UnixNanos now();
Nanoseconds monotonic_now();

// 2026-03-01T12:00:00.000000001Z: as many fraction digits as are needed, none for a whole second.
std::string to_rfc3339(UnixNanos at);
// RFC 3339 with any fraction and offset, or a number of seconds, milliseconds, microseconds or nanoseconds
// since 1970 (told apart by magnitude), or "now", "now-15m", "-1h" (units s, m, h, d, w) relative to
// `reference`.
Result<UnixNanos> parse_time(std::string_view text, UnixNanos reference);
// "250ms", "1.5s", "10m", "2h", "7d", "1w"; a bare number is seconds.
Result<Nanoseconds> parse_duration(std::string_view text);
// "1.24 ms": three significant digits and a unit.
std::string to_human(Nanoseconds duration);

}  // namespace clew
