#include "base/time.h"

#include <array>
#include <charconv>
#include <cmath>
#include <time.h>

#include <fmt/format.h>

namespace clew {
namespace {

int64_t saturating_add(int64_t a, int64_t b) {
  int64_t sum;
  if (!__builtin_add_overflow(a, b, &sum)) return sum;
  return b > 0 ? INT64_MAX : INT64_MIN;
}

int64_t read_clock(clockid_t clock) {
  timespec t{};
  clock_gettime(clock, &t);
  return int64_t{t.tv_sec} * 1'000'000'000 + t.tv_nsec;
}

// Consumes exactly `digits` decimal digits.
bool consume_number(std::string_view& text, size_t digits, int& value) {
  if (text.size() < digits) return false;
  auto [end, error] = std::from_chars(text.data(), text.data() + digits, value);
  if (error != std::errc() || end != text.data() + digits || text[0] == '-') return false;
  text.remove_prefix(digits);
  return true;
}

bool consume(std::string_view& text, char c) {
  if (text.empty() || text[0] != c) return false;
  text.remove_prefix(1);
  return true;
}

std::optional<UnixNanos> parse_rfc3339(std::string_view text) {
  tm date{};
  int year = 0, month = 0, fraction = 0;
  if (!consume_number(text, 4, year) || !consume(text, '-') || !consume_number(text, 2, month) ||
      !consume(text, '-') || !consume_number(text, 2, date.tm_mday))
    return std::nullopt;
  date.tm_year = year - 1900;
  date.tm_mon = month - 1;
  int64_t nanos = 0, offset = 0;
  if (!text.empty()) {
    if (!consume(text, 'T') && !consume(text, 't') && !consume(text, ' ')) return std::nullopt;
    if (!consume_number(text, 2, date.tm_hour) || !consume(text, ':') ||
        !consume_number(text, 2, date.tm_min))
      return std::nullopt;
    if (consume(text, ':')) {
      if (!consume_number(text, 2, date.tm_sec)) return std::nullopt;
      if (consume(text, '.') || consume(text, ',')) {
        int64_t unit = 100'000'000;
        bool any = false;
        while (consume_number(text, 1, fraction)) {
          nanos += fraction * unit;
          unit /= 10;
          any = true;
        }
        if (!any) return std::nullopt;
      }
    }
    if (!text.empty() && !consume(text, 'Z') && !consume(text, 'z')) {
      const int sign = consume(text, '+') ? 1 : consume(text, '-') ? -1 : 0;
      int offset_hours = 0, offset_minutes = 0;
      if (sign == 0 || !consume_number(text, 2, offset_hours)) return std::nullopt;
      consume(text, ':');
      if (!consume_number(text, 2, offset_minutes)) return std::nullopt;
      offset = sign * (offset_hours * 3600 + offset_minutes * 60);
    }
  }
  if (!text.empty() || month < 1 || month > 12 || date.tm_mday < 1 || date.tm_mday > 31 ||
      date.tm_hour > 23 || date.tm_min > 59 || date.tm_sec > 60 || year < 1700 || year > 2261)
    return std::nullopt;
  return UnixNanos{(int64_t{timegm(&date)} - offset) * 1'000'000'000 + nanos};
}

struct Unit {
  std::string_view name;
  int64_t nanoseconds;
};
constexpr std::array<Unit, 9> kUnits = {{{"ns", 1},
                                         {"us", 1'000},
                                         {"µs", 1'000},
                                         {"ms", 1'000'000},
                                         {"s", 1'000'000'000},
                                         {"m", 60'000'000'000},
                                         {"h", 3'600'000'000'000},
                                         {"d", 86'400'000'000'000},
                                         {"w", 604'800'000'000'000}}};

}  // namespace

UnixNanos operator+(UnixNanos at, Nanoseconds by) {
  return {saturating_add(at.count, by.count)};
}
UnixNanos operator-(UnixNanos at, Nanoseconds by) {
  return {saturating_add(at.count, by.count == INT64_MIN ? INT64_MAX : -by.count)};
}
Nanoseconds operator-(UnixNanos a, UnixNanos b) {
  return {saturating_add(a.count, b.count == INT64_MIN ? INT64_MAX : -b.count)};
}

UnixNanos now() {
  return {read_clock(CLOCK_REALTIME)};
}
Nanoseconds monotonic_now() {
  return {read_clock(CLOCK_MONOTONIC)};
}

std::string to_rfc3339(UnixNanos at) {
  int64_t whole = at.count / 1'000'000'000, nanos = at.count % 1'000'000'000;
  if (nanos < 0) {
    nanos += 1'000'000'000;
    --whole;
  }
  const time_t unix_seconds = whole;
  tm date{};
  gmtime_r(&unix_seconds, &date);
  std::string text = fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", date.tm_year + 1900, date.tm_mon + 1,
                                 date.tm_mday, date.tm_hour, date.tm_min, date.tm_sec);
  if (nanos != 0) {
    text += fmt::format(".{:09}", nanos);
    while (text.back() == '0') text.pop_back();
  }
  return text + "Z";
}

Result<Nanoseconds> parse_duration(std::string_view text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const std::string_view unit_name(end, static_cast<size_t>(text.data() + text.size() - end));
  if (error == std::errc() && std::isfinite(number)) {
    if (unit_name.empty() && std::fabs(number) < 9e9) return Nanoseconds{static_cast<int64_t>(number * 1e9)};
    for (const Unit& unit : kUnits) {
      if (unit.name != unit_name) continue;
      const double nanos = number * static_cast<double>(unit.nanoseconds);
      if (std::fabs(nanos) < 9.2e18) return Nanoseconds{static_cast<int64_t>(std::llround(nanos))};
    }
  }
  return Status(
      ErrorKind::bad_input,
      fmt::format("not a duration: expected a number and ns, us, ms, s, m, h, d or w, got '{}'", text));
}

Result<UnixNanos> parse_time(std::string_view text, UnixNanos reference) {
  std::string_view rest = text;
  if (rest.starts_with("now")) {
    rest.remove_prefix(3);
    if (rest.empty()) return reference;
  }
  if (rest.size() > 1 && (rest[0] == '-' || rest[0] == '+') && (rest.back() < '0' || rest.back() > '9')) {
    if (const auto by = parse_duration(rest.substr(1)); by.ok())
      return rest[0] == '-' ? reference - *by : reference + *by;
  }
  double number = 0;
  if (const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
      error == std::errc() && end == text.data() + text.size()) {
    const double magnitude = std::fabs(number);
    const double scale = magnitude < 1e11 ? 1e9 : magnitude < 1e14 ? 1e6 : magnitude < 1e17 ? 1e3 : 1;
    int64_t whole = 0;  // an integer keeps all its digits
    if (std::from_chars(text.data(), end, whole).ptr == end) {
      int64_t nanos;
      if (!__builtin_mul_overflow(whole, static_cast<int64_t>(scale), &nanos)) return UnixNanos{nanos};
    }
    if (std::isfinite(number) && magnitude * scale < 9.2e18) {
      // The whole part apart: it has more digits in nanoseconds than a double keeps.
      const double part = std::trunc(number);
      return UnixNanos{static_cast<int64_t>(part) * static_cast<int64_t>(scale) +
                       std::llround((number - part) * scale)};
    }
  }
  if (const auto at = parse_rfc3339(text)) return *at;
  return Status(
      ErrorKind::bad_input,
      fmt::format("not a time: expected 2026-03-01T12:00:00Z, seconds since 1970, or now-15m, got '{}'",
                  text));
}

std::string to_human(Nanoseconds duration) {
  const double ns = std::fabs(static_cast<double>(duration.count));
  const char* sign = duration.count < 0 ? "-" : "";
  struct Step {
    double unit;
    const char* name;
  };
  constexpr std::array<Step, 4> kSteps = {{{1, "ns"}, {1e3, "µs"}, {1e6, "ms"}, {1e9, "s"}}};
  if (ns >= 120e9) {
    const auto total = static_cast<int64_t>(ns / 1e9);
    if (total >= 7200) return fmt::format("{}{} h {} min", sign, total / 3600, total % 3600 / 60);
    return fmt::format("{}{} min {} s", sign, total / 60, total % 60);
  }
  size_t step = 0;
  while (step + 1 < kSteps.size() && ns >= kSteps[step + 1].unit) ++step;
  const double value = ns / kSteps[step].unit;
  const int digits = step == 0 || value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return fmt::format("{}{:.{}f} {}", sign, value, digits, kSteps[step].name);
}

}  // namespace clew
