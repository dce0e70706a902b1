#include "pipeline/time_layout.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <ctime>
#include <optional>
#include <utility>

#include <fmt/format.h>

namespace clew::pipeline {

struct TimeLayout::Fields {
  std::optional<int> year;
  int month = 1, day = 1, hour = 0, minute = 0, second = 0;
  std::optional<int> day_of_year;
  std::optional<bool> afternoon;
  int64_t nanos = 0;
  std::optional<int> offset_seconds;
};

namespace {

constexpr std::array<std::string_view, 12> kMonths = {"January",   "February", "March",    "April",
                                                      "May",       "June",     "July",     "August",
                                                      "September", "October",  "November", "December"};
constexpr std::array<std::string_view, 7> kWeekdays = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                       "Thursday", "Friday", "Saturday"};

bool equal_fold(std::string_view a, std::string_view b) {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return (x | 0x20) == (y | 0x20); });
}

// A number of up to `digits` digits, with spaces in front where it was padded.
bool read_number(std::string_view& rest, size_t digits, int& to) {
  while (rest.starts_with(' ')) rest.remove_prefix(1);
  size_t length = 0;
  to = 0;
  for (; length < digits && length < rest.size() && rest[length] >= '0' && rest[length] <= '9'; ++length)
    to = to * 10 + (rest[length] - '0');
  rest.remove_prefix(length);
  return length > 0;
}

// The index of a name, whole or by its first three letters.
template <size_t size>
std::optional<int> read_name(std::string_view& rest, const std::array<std::string_view, size>& names) {
  for (size_t i = 0; i < size; ++i)
    for (const size_t length : {names[i].size(), size_t{3}})
      if (rest.size() >= length && equal_fold(rest.substr(0, length), names[i].substr(0, length))) {
        rest.remove_prefix(length);
        return static_cast<int>(i);
      }
  return std::nullopt;
}

bool read_fraction(std::string_view& rest, int64_t& nanos) {
  size_t length = 0;
  int64_t unit = 100'000'000;
  nanos = 0;
  for (; length < rest.size() && rest[length] >= '0' && rest[length] <= '9'; ++length, unit /= 10)
    nanos += (rest[length] - '0') * unit;
  rest.remove_prefix(length);
  return length > 0;
}

// Z, +01, +0100, +01:00
bool read_offset(std::string_view& rest, std::optional<int>& seconds) {
  if (rest.starts_with('Z') || rest.starts_with('z')) {
    rest.remove_prefix(1);
    seconds = 0;
    return true;
  }
  if (rest.empty() || (rest[0] != '+' && rest[0] != '-')) return false;
  const int sign = rest[0] == '-' ? -1 : 1;
  rest.remove_prefix(1);
  if (rest.empty() || rest[0] == ' ') return false;
  int hours = 0, minutes = 0;
  if (!read_number(rest, 2, hours)) return false;
  const bool colon = rest.starts_with(':');
  if (colon) rest.remove_prefix(1);
  if (!rest.empty() && rest[0] >= '0' && rest[0] <= '9') {
    if (!read_number(rest, 2, minutes)) return false;
  } else if (colon) {
    return false;
  }
  seconds = sign * (hours * 3600 + minutes * 60);
  return hours < 24 && minutes < 60;
}

}  // namespace

Result<TimeLayout> TimeLayout::create(Kind kind, std::string_view layout, bool in_utc) {
  TimeLayout made;
  made.in_utc_ = in_utc;
  if (kind == Kind::epoch) {
    for (const auto& [name, unit] : {std::pair<std::string_view, double>{"s", 1e9},
                                     {"ms", 1e6},
                                     {"us", 1e3},
                                     {"ns", 1},
                                     {"s.ms", 1e9},
                                     {"s.us", 1e9},
                                     {"s.ns", 1e9}})
      if (name == layout) made.epoch_unit_ = unit;
    if (made.epoch_unit_ == 0)
      return {ErrorKind::bad_input,
              fmt::format("expected s, ms, us, ns, s.ms, s.us or s.ns, got '{}'", layout)};
  } else if (kind == Kind::strptime) {
    CLEW_ASSIGN(made.steps_, steps_of_strptime(layout));
  } else {
    made.steps_ = steps_of_go(layout);
  }
  if (made.epoch_unit_ == 0 && made.steps_.empty()) return {ErrorKind::bad_input, "expected a layout"};
  return made;
}

Result<std::vector<TimeLayout::Step>> TimeLayout::steps_of_strptime(std::string_view layout) {
  std::vector<Step> steps;
  for (size_t at = 0; at < layout.size(); ++at) {
    if (layout[at] == ' ') {
      steps.push_back({Part::space});
      continue;
    }
    if (layout[at] != '%') {
      steps.push_back({Part::literal, std::string(1, layout[at])});
      continue;
    }
    const char directive = ++at < layout.size() ? layout[at] : '\0';
    const auto expand = [&](std::string_view longer) {
      auto more = steps_of_strptime(longer);
      steps.insert(steps.end(), more->begin(), more->end());
    };
    switch (directive) {
      // clang-format off
      case 'Y': steps.push_back({Part::year}); break;
      case 'y': steps.push_back({Part::year_of_century}); break;
      case 'm': steps.push_back({Part::month}); break;
      case 'b': case 'B': case 'h': steps.push_back({Part::month_name}); break;
      case 'd': case 'e': steps.push_back({Part::day}); break;
      case 'j': steps.push_back({Part::day_of_year}); break;
      case 'a': case 'A': steps.push_back({Part::weekday_name}); break;
      case 'H': case 'k': steps.push_back({Part::hour}); break;
      case 'I': case 'l': steps.push_back({Part::hour_of_half}); break;
      case 'p': case 'P': steps.push_back({Part::half}); break;
      case 'M': steps.push_back({Part::minute}); break;
      case 'S': steps.push_back({Part::second}); break;
      case 'f': case 'L': case 's': steps.push_back({Part::fraction}); break;
      case 'z': case 'i': steps.push_back({Part::zone_offset}); break;
      case 'Z': steps.push_back({Part::zone_name}); break;
      case 'T': expand("%H:%M:%S"); break;
      case 'D': expand("%m/%d/%y"); break;
      case 'F': expand("%Y-%m-%d"); break;
      case 'R': expand("%H:%M"); break;
      case 'n': case 't': steps.push_back({Part::space}); break;
      case '%': steps.push_back({Part::literal, "%"}); break;
      // clang-format on
      default:
        return {ErrorKind::bad_input, directive == '\0'
                                          ? std::string("expected a letter after the last '%'")
                                          : fmt::format("'%{}' is not known in a time layout", directive)};
    }
  }
  return steps;
}

std::vector<TimeLayout::Step> TimeLayout::steps_of_go(std::string_view layout) {
  // The longer ones of those that begin alike come first.
  static constexpr std::pair<std::string_view, Part> kWords[] = {
      {"January", Part::month_name},
      {"Jan", Part::month_name},
      {"Monday", Part::weekday_name},
      {"Mon", Part::weekday_name},
      {"MST", Part::zone_name},
      {"2006", Part::year},
      {"-07:00", Part::zone_offset},
      {"-0700", Part::zone_offset},
      {"-07", Part::zone_offset},
      {"Z07:00", Part::zone_offset},
      {"Z0700", Part::zone_offset},
      {"Z07", Part::zone_offset},
      {"002", Part::day_of_year},
      {"01", Part::month},
      {"02", Part::day},
      {"03", Part::hour_of_half},
      {"04", Part::minute},
      {"05", Part::second},
      {"06", Part::year_of_century},
      {"15", Part::hour},
      {"PM", Part::half},
      {"pm", Part::half},
      {"_2", Part::day},
      {"1", Part::month},
      {"2", Part::day},
      {"3", Part::hour_of_half},
      {"4", Part::minute},
      {"5", Part::second},
  };
  std::vector<Step> steps;
  while (!layout.empty()) {
    // ".000" and ",999" after the seconds
    if ((layout[0] == '.' || layout[0] == ',') && layout.size() > 1 &&
        (layout[1] == '0' || layout[1] == '9')) {
      const size_t end = layout.find_first_not_of(layout[1], 1);
      if (end == std::string_view::npos || layout[end] < '0' || layout[end] > '9') {
        steps.push_back({Part::literal, std::string(1, layout[0])});
        steps.push_back({Part::fraction});
        layout.remove_prefix(end == std::string_view::npos ? layout.size() : end);
        continue;
      }
    }
    const auto* word = std::find_if(std::begin(kWords), std::end(kWords),
                                    [&](const auto& one) { return layout.starts_with(one.first); });
    if (word != std::end(kWords)) {
      steps.push_back({word->second});
      layout.remove_prefix(word->first.size());
    } else {
      steps.push_back(layout[0] == ' ' ? Step{Part::space} : Step{Part::literal, std::string(1, layout[0])});
      layout.remove_prefix(1);
    }
  }
  return steps;
}

bool TimeLayout::read_step(const Step& step, std::string_view& rest, Fields& fields) {
  int number = 0;
  switch (step.part) {
    case Part::literal:
      if (!rest.starts_with(step.text)) return false;
      rest.remove_prefix(step.text.size());
      return true;
    case Part::space:
      while (!rest.empty() && (rest[0] == ' ' || rest[0] == '\t')) rest.remove_prefix(1);
      return true;
    case Part::year:
      if (!read_number(rest, 4, number)) return false;
      fields.year = number;
      return true;
    case Part::year_of_century:
      if (!read_number(rest, 2, number)) return false;
      fields.year = number + (number < 69 ? 2000 : 1900);
      return true;
    case Part::month:
      return read_number(rest, 2, fields.month);
    case Part::month_name: {
      const auto month = read_name(rest, kMonths);
      fields.month = month.value_or(0) + 1;
      return month.has_value();
    }
    case Part::day:
      return read_number(rest, 2, fields.day);
    case Part::day_of_year:
      if (!read_number(rest, 3, number)) return false;
      fields.day_of_year = number;
      return number >= 1 && number <= 366;
    case Part::weekday_name:
      return read_name(rest, kWeekdays).has_value();
    case Part::hour:
    case Part::hour_of_half:
      return read_number(rest, 2, fields.hour);
    case Part::half:
      if (rest.size() < 2 || (rest[1] | 0x20) != 'm' || ((rest[0] | 0x20) != 'a' && (rest[0] | 0x20) != 'p'))
        return false;
      fields.afternoon = (rest[0] | 0x20) == 'p';
      rest.remove_prefix(2);
      return true;
    case Part::minute:
      return read_number(rest, 2, fields.minute);
    case Part::second:
      return read_number(rest, 2, fields.second);
    case Part::fraction:
      return read_fraction(rest, fields.nanos);
    case Part::zone_offset:
      return read_offset(rest, fields.offset_seconds);
    case Part::zone_name: {
      size_t length = 0;
      while (length < rest.size() && rest[length] >= 'A' && rest[length] <= 'Z') ++length;
      // Other names mean different zones to different people; they are read, and not believed.
      const std::string_view name = rest.substr(0, length);
      if (name == "UTC" || name == "GMT" || name == "Z") fields.offset_seconds = 0;
      rest.remove_prefix(length);
      return length > 0;
    }
  }
  return false;
}

Result<UnixNanos> TimeLayout::parse(std::string_view text, UnixNanos reference) const {
  const auto refuse = [&] {
    return Status(ErrorKind::bad_input, fmt::format("the time '{}' does not fit the layout", text));
  };
  if (epoch_unit_ != 0) {
    // Whole and fraction apart: a double does not hold nanoseconds of today.
    const size_t dot = text.find('.');
    const std::string_view whole_text = text.substr(0, dot);
    int64_t whole = 0;
    const auto [end, error] =
        std::from_chars(whole_text.data(), whole_text.data() + whole_text.size(), whole);
    if (error != std::errc() || end != whole_text.data() + whole_text.size()) return refuse();
    int64_t nanos = 0;
    if (dot != std::string_view::npos) {
      std::string_view rest = text.substr(dot + 1);
      if (!read_fraction(rest, nanos) || !rest.empty()) return refuse();
    }
    const auto unit = static_cast<int64_t>(epoch_unit_);
    int64_t count = 0;
    if (__builtin_mul_overflow(whole, unit, &count) ||
        __builtin_add_overflow(count, nanos / (1'000'000'000 / unit), &count))
      return refuse();
    return UnixNanos{count};
  }
  Fields fields;
  std::string_view rest = text;
  for (const Step& step : steps_) {
    // Go reads a fraction that the layout does not name; so do we, after the seconds.
    if (!read_step(step, rest, fields)) return refuse();
    const bool is_last_or_other = &step == &steps_.back() || (&step + 1)->part != Part::literal ||
                                  ((&step + 1)->text != "." && (&step + 1)->text != ",");
    if (step.part == Part::second && is_last_or_other && rest.size() > 1 &&
        (rest[0] == '.' || rest[0] == ',') && rest[1] >= '0' && rest[1] <= '9') {
      rest.remove_prefix(1);
      read_fraction(rest, fields.nanos);
    }
  }
  if (!rest.empty()) return refuse();
  auto time = time_of(fields, reference);
  return time.ok() ? time : refuse();
}

Result<UnixNanos> TimeLayout::time_of(const Fields& fields, UnixNanos reference) const {
  namespace chrono = std::chrono;
  int hour = fields.hour;
  if (fields.afternoon) {
    if (hour < 1 || hour > 12) return {ErrorKind::bad_input, "hour"};
    hour = hour % 12 + (*fields.afternoon ? 12 : 0);
  }
  if (hour > 23 || fields.minute > 59 || fields.second > 60) return {ErrorKind::bad_input, "time of day"};
  const auto time_in = [&](int year) -> Result<UnixNanos> {
    chrono::year_month_day date{chrono::year(year), chrono::month(static_cast<unsigned>(fields.month)),
                                chrono::day(static_cast<unsigned>(fields.day))};
    if (fields.day_of_year)
      date = chrono::sys_days(chrono::year(year) / 1 / 1) + chrono::days(*fields.day_of_year - 1);
    // What 64 bits of nanoseconds hold.
    if (!date.ok() || year < 1678 || year > 2261) return {ErrorKind::bad_input, "date"};
    int64_t seconds = chrono::sys_days(date).time_since_epoch().count() * int64_t{86400} + hour * 3600 +
                      fields.minute * 60 + fields.second;
    if (fields.offset_seconds) {
      seconds -= *fields.offset_seconds;
    } else if (!in_utc_) {
      std::tm local{};
      local.tm_year = static_cast<int>(date.year()) - 1900;
      local.tm_mon = static_cast<int>(static_cast<unsigned>(date.month())) - 1;
      local.tm_mday = static_cast<int>(static_cast<unsigned>(date.day()));
      local.tm_hour = hour;
      local.tm_min = fields.minute;
      local.tm_sec = fields.second;
      local.tm_isdst = -1;
      seconds = std::mktime(&local);
    }
    return UnixNanos{seconds * 1'000'000'000 + fields.nanos};
  };
  if (fields.year) return time_in(*fields.year);
  // syslog's "Jan  2 15:04:05": of this year, unless that is in the future.
  const auto today = chrono::floor<chrono::days>(
      chrono::sys_time<chrono::nanoseconds>(chrono::nanoseconds(reference.count)));
  const int year = static_cast<int>(chrono::year_month_day(today).year());
  auto time = time_in(year);
  if (time.ok() && *time > reference + days(7)) return time_in(year - 1);
  return time;
}

}  // namespace clew::pipeline
