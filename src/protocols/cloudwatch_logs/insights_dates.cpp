#include "protocols/cloudwatch_logs/insights_dates.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <chrono>

#include <fmt/format.h>

namespace clew::cloudwatch_logs::insights {
namespace {

constexpr size_t kLongestFormat = 256;
constexpr int64_t kDay = 86'400'000;
constexpr std::array<std::string_view, 12> kMonths = {"January",   "February", "March",    "April",
                                                      "May",       "June",     "July",     "August",
                                                      "September", "October",  "November", "December"};
constexpr std::array<std::string_view, 7> kDays = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                   "Thursday", "Friday", "Saturday"};
constexpr size_t kShortName = 3;

struct Reader {
  std::string_view text;
  bool failed = false;

  int64_t digits(size_t least, size_t most) {
    int64_t number = 0;
    size_t count = 0;
    while (count < most && count < text.size() && std::isdigit(static_cast<unsigned char>(text[count])) != 0)
      number = number * 10 + (text[count++] - '0');
    if (count < least) failed = true;
    text.remove_prefix(count);
    return number;
  }
  bool take(std::string_view what) {
    const bool is_next =
        text.size() >= what.size() && std::equal(what.begin(), what.end(), text.begin(), [](char a, char b) {
          return std::tolower(static_cast<unsigned char>(a)) == std::tolower(static_cast<unsigned char>(b));
        });
    if (is_next) text.remove_prefix(what.size());
    return is_next;
  }
  template <typename Names>
  int64_t name(const Names& names, size_t length) {
    for (size_t i = 0; i < names.size(); ++i)
      if (take(names[i].substr(0, length))) return static_cast<int64_t>(i);
    failed = true;
    return 0;
  }
  // "Z", "+01", "+0100", "+01:00": minutes east.
  int64_t zone() {
    if (take("Z") || take("UTC") || take("GMT")) return 0;
    if (text.empty() || (text[0] != '+' && text[0] != '-')) {
      failed = true;
      return 0;
    }
    const int64_t sign = text[0] == '-' ? -1 : 1;
    text.remove_prefix(1);
    const int64_t hours = digits(2, 2);
    take(":");
    const bool has_minutes = !text.empty() && std::isdigit(static_cast<unsigned char>(text[0])) != 0;
    return sign * (hours * 60 + (has_minutes ? digits(2, 2) : 0));
  }
};

// Minutes east; nothing for a zone that is not known here.
std::optional<int64_t> zone_in(const Arguments& arguments) {
  if (arguments.size() < 3) return 0;
  const std::string text = to_text(arguments[2]);
  Reader reader{text};
  const int64_t minutes = reader.zone();
  return reader.failed || !reader.text.empty() ? std::nullopt : std::optional(minutes);
}

struct Parts {
  int64_t year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0, millisecond = 0;
  std::optional<bool> is_afternoon;
  std::optional<int64_t> zone;
};

int64_t fraction(Reader& reader, size_t count) {
  int64_t number = reader.digits(count, count);
  for (size_t i = count; i < 3; ++i) number *= 10;
  for (size_t i = 3; i < count; ++i) number /= 10;
  return number;
}

// `count` times the letter of a pattern.
void read_letter(Reader& reader, char letter, size_t count, Parts& parts) {
  constexpr size_t kMostFraction = 9;
  const size_t least = count == 1 ? 1 : 2;
  switch (letter) {
    case 'y':
    case 'u':
      parts.year = count == 2 ? 2000 + reader.digits(2, 2) : reader.digits(4, 4);
      break;
    case 'M':
    case 'L':
      parts.month = count < 3 ? reader.digits(least, 2)
                              : reader.name(kMonths, count == 3 ? kShortName : std::string_view::npos) + 1;
      break;
    case 'd':
      parts.day = reader.digits(least, 2);
      break;
    case 'E':
      reader.name(kDays, count < 4 ? kShortName : std::string_view::npos);
      break;
    case 'H':
    case 'h':
    case 'K':
    case 'k':
      parts.hour = reader.digits(least, 2);
      break;
    case 'm':
      parts.minute = reader.digits(least, 2);
      break;
    case 's':
      parts.second = reader.digits(least, 2);
      break;
    case 'S':
      parts.millisecond = fraction(reader, std::min(count, kMostFraction));
      break;
    case 'a':
      parts.is_afternoon = reader.name(std::array<std::string_view, 2>{"AM", "PM"}, 2) == 1;
      break;
    case 'X':
    case 'x':
    case 'Z':
    case 'z':
    case 'V':
      parts.zone = reader.zone();
      break;
    default:
      reader.failed = true;
  }
}

std::optional<Parts> read_parts(Reader& reader, std::string_view pattern) {
  Parts parts;
  for (size_t i = 0; i < pattern.size() && !reader.failed;) {
    const char c = pattern[i];
    if (c == '\'') {
      const size_t end = std::min(pattern.find('\'', i + 1), pattern.size());
      // Two of them are one that stands for itself.
      if (!reader.take(end == i + 1 ? "'" : pattern.substr(i + 1, end - i - 1))) reader.failed = true;
      i = end + 1;
    } else if (std::isalpha(static_cast<unsigned char>(c)) != 0) {
      size_t count = 1;
      while (i + count < pattern.size() && pattern[i + count] == c) ++count;
      read_letter(reader, c, count, parts);
      i += count;
    } else {
      if (!reader.take(pattern.substr(i, 1))) reader.failed = true;
      ++i;
    }
  }
  if (reader.failed || !reader.text.empty()) return std::nullopt;
  return parts;
}

struct Shown {
  std::chrono::year_month_day date;
  int64_t day_of_year, weekday, hour, minute, second, millisecond, zone, milliseconds;
};

std::string written(const Shown& at, char letter) {
  const int64_t half = at.hour % 12 == 0 ? 12 : at.hour % 12;
  const auto month = static_cast<size_t>(unsigned{at.date.month()}) - 1;
  const int year = int{at.date.year()};
  switch (letter) {
    case 'Y':
      return std::to_string(year);
    case 'y':
      return fmt::format("{:02}", ((year % 100) + 100) % 100);
    case 'm':
      return fmt::format("{:02}", month + 1);
    case 'd':
      return fmt::format("{:02}", unsigned{at.date.day()});
    case 'e':
      return fmt::format("{:2}", unsigned{at.date.day()});
    case 'H':
      return fmt::format("{:02}", at.hour);
    case 'I':
      return fmt::format("{:02}", half);
    case 'M':
      return fmt::format("{:02}", at.minute);
    case 'S':
      return fmt::format("{:02}", at.second);
    case 'L':
      return fmt::format("{:03}", at.millisecond);
    case 'f':
      return fmt::format("{:03}000", at.millisecond);
    case 'p':
      return at.hour < 12 ? "AM" : "PM";
    case 'b':
    case 'h':
      return std::string(kMonths[month].substr(0, kShortName));
    case 'B':
      return std::string(kMonths[month]);
    case 'a':
      return std::string(kDays[static_cast<size_t>(at.weekday)].substr(0, kShortName));
    case 'A':
      return std::string(kDays[static_cast<size_t>(at.weekday)]);
    case 'u':
      return std::to_string(at.weekday == 0 ? 7 : at.weekday);
    case 'w':
      return std::to_string(at.weekday);
    case 'j':
      return fmt::format("{:03}", at.day_of_year);
    case 's':
      return std::to_string(at.milliseconds / 1000);
    case 'z':
      return fmt::format("{}{:02}{:02}", at.zone < 0 ? '-' : '+', std::abs(at.zone) / 60,
                         std::abs(at.zone) % 60);
    case 'Z':
      return at.zone == 0 ? "UTC" : written(at, 'z');
    case 'F':
      return written(at, 'Y') + "-" + written(at, 'm') + "-" + written(at, 'd');
    case 'T':
      return written(at, 'H') + ":" + written(at, 'M') + ":" + written(at, 'S');
    case 'R':
      return written(at, 'H') + ":" + written(at, 'M');
    case 'D':
      return written(at, 'm') + "/" + written(at, 'd') + "/" + written(at, 'y');
    case 'n':
      return "\n";
    case 't':
      return "\t";
    case '%':
      return "%";
    default:
      return {'%', letter};
  }
}

}  // namespace

Value parse_date(const Arguments& arguments, const Scope&) {
  const std::string text = to_text(arguments[0]), pattern = to_text(arguments[1]);
  const std::optional<int64_t> given_zone = zone_in(arguments);
  if (pattern.size() > kLongestFormat || !given_zone) return {};
  Reader reader{text};
  const std::optional<Parts> parts = read_parts(reader, pattern);
  if (!parts) return {};
  int64_t hour = parts->hour;
  if (parts->is_afternoon) hour = hour % 12 + (*parts->is_afternoon ? 12 : 0);
  using namespace std::chrono;
  const year_month_day date =
      year(static_cast<int>(parts->year)) / static_cast<int>(parts->month) / static_cast<int>(parts->day);
  if (!date.ok() || hour > 24 || parts->minute > 59 || parts->second > 60) return {};
  const int64_t days = sys_days(date).time_since_epoch().count();
  const int64_t minutes = hour * 60 + parts->minute - parts->zone.value_or(*given_zone);
  return static_cast<double>(days * kDay + minutes * 60'000 + parts->second * 1000 + parts->millisecond);
}

Value format_date(const Arguments& arguments, const Scope&) {
  constexpr double kFarthest = 2e14;  // milliseconds: some six thousand years from 1970
  const std::optional<double> at = to_number(arguments[0]);
  const std::string format = to_text(arguments[1]);
  const std::optional<int64_t> zone = zone_in(arguments);
  if (!at || std::abs(*at) > kFarthest || format.size() > kLongestFormat || !zone) return {};
  const int64_t local = static_cast<int64_t>(*at) + *zone * 60'000;
  const int64_t day = local / kDay - (local % kDay < 0 ? 1 : 0), within = local - day * kDay;
  using namespace std::chrono;
  const sys_days today{std::chrono::days(day)};
  const year_month_day date(today);
  const Shown shown{.date = date,
                    .day_of_year = (today - sys_days(date.year() / January / 1)).count() + 1,
                    .weekday = static_cast<int64_t>(weekday(today).c_encoding()),
                    .hour = within / 3'600'000,
                    .minute = within / 60'000 % 60,
                    .second = within / 1000 % 60,
                    .millisecond = within % 1000,
                    .zone = *zone,
                    .milliseconds = static_cast<int64_t>(*at)};
  std::string text;
  for (size_t i = 0; i < format.size(); ++i) {
    if (format[i] == '%' && i + 1 < format.size())
      text += written(shown, format[++i]);
    else
      text += format[i];
  }
  return text;
}

}  // namespace clew::cloudwatch_logs::insights
