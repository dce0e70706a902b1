// Converters of times and durations.
#include <chrono>
#include <optional>

#include <fmt/format.h>

#include "pipeline/config/section.h"
#include "pipeline/ottl/functions.h"

namespace clew::pipeline::ottl {
namespace {

using Values = std::vector<Value>;

// Reads a text as a format of strptime says: %Y %m %d %e %H %I %p %M %S %f %L %s %b %B %a %A %z %Z %y %j %T
// %F %D %R and %%.
class TimeReader {
 public:
  explicit TimeReader(std::string_view text) : text_(text) {}

  std::optional<UnixNanos> read(std::string_view format) {
    if (!take(format) || !text_.empty()) return std::nullopt;
    if (seconds_) return UnixNanos{*seconds_ * 1'000'000'000 + fraction_};
    const auto date = std::chrono::year(static_cast<int>(year_)) / static_cast<unsigned>(month_) /
                      static_cast<unsigned>(day_);
    // Nanoseconds since 1970 reach from 1678 to 2261.
    if (!date.ok() || year_ < 1678 || year_ > 2261) return std::nullopt;
    int64_t days = std::chrono::sys_days(date).time_since_epoch().count();
    if (day_of_year_ > 0)
      days = std::chrono::sys_days(std::chrono::year(static_cast<int>(year_)) / 1 / 1)
                 .time_since_epoch()
                 .count() +
             day_of_year_ - 1;
    if (afternoon_) hour_ = hour_ % 12 + (*afternoon_ ? 12 : 0);
    return UnixNanos{((days * 24 + hour_) * 3600 + minute_ * 60 + second_ - offset_) * 1'000'000'000 +
                     fraction_};
  }

 private:
  bool take(std::string_view format) {
    for (size_t i = 0; i < format.size(); ++i) {
      if (format[i] == '%' && i + 1 < format.size()) {
        if (!field(format[++i])) return false;
      } else if (text_.empty() || text_[0] != format[i]) {
        return false;
      } else {
        text_.remove_prefix(1);
      }
    }
    return true;
  }

  bool number(size_t most_digits, int64_t least, int64_t most, int64_t& to) {
    int64_t value = 0;
    size_t digits = 0;
    while (digits < most_digits && digits < text_.size() && text_[digits] >= '0' && text_[digits] <= '9')
      value = value * 10 + (text_[digits++] - '0');
    text_.remove_prefix(digits);
    to = value;
    return digits > 0 && value >= least && value <= most;
  }

  bool name(std::initializer_list<std::string_view> names, int64_t& to) {
    to = 0;
    for (const std::string_view one : names) {
      ++to;
      for (const std::string_view form : {one, one.substr(0, 3)}) {
        if (!text_.starts_with(form)) continue;
        text_.remove_prefix(form.size());
        return true;
      }
    }
    return false;
  }

  bool field(char which) {
    int64_t unused = 0;
    switch (which) {
      case 'Y':
        return number(4, 0, 9999, year_);
      case 'y':
        if (!number(2, 0, 99, year_)) return false;
        year_ += year_ < 69 ? 2000 : 1900;
        return true;
      case 'm':
        return number(2, 1, 12, month_);
      case 'd':
        return number(2, 1, 31, day_);
      case 'e':
        if (text_.starts_with(' ')) text_.remove_prefix(1);
        return number(2, 1, 31, day_);
      case 'j':
        return number(3, 1, 366, day_of_year_);
      case 'H':
      case 'k':
        return number(2, 0, 23, hour_);
      case 'I':
      case 'l':
        return number(2, 1, 12, hour_);
      case 'M':
        return number(2, 0, 59, minute_);
      case 'S':
        return number(2, 0, 60, second_);
      case 's':
        seconds_.emplace();
        return number(10, 0, INT64_MAX, *seconds_);
      case 'f':
      case 'L': {
        size_t digits = 0;
        fraction_ = 0;
        while (digits < 9 && digits < text_.size() && text_[digits] >= '0' && text_[digits] <= '9')
          fraction_ = fraction_ * 10 + (text_[digits++] - '0');
        text_.remove_prefix(digits);
        for (size_t i = digits; i < 9; ++i) fraction_ *= 10;
        return digits > 0;
      }
      case 'p':
        afternoon_ = text_.starts_with("PM") || text_.starts_with("pm");
        if (!*afternoon_ && !text_.starts_with("AM") && !text_.starts_with("am")) return false;
        text_.remove_prefix(2);
        return true;
      case 'b':
      case 'B':
      case 'h':
        return name({"January", "February", "March", "April", "May", "June", "July", "August", "September",
                     "October", "November", "December"},
                    month_);
      case 'a':
      case 'A':
        return name({"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"}, unused);
      case 'z':
        return zone();
      case 'Z':
        for (const std::string_view utc : {"UTC", "GMT", "Z"}) {
          if (!text_.starts_with(utc)) continue;
          text_.remove_prefix(utc.size());
          return true;
        }
        return false;
      case 'T':
        return take("%H:%M:%S");
      case 'R':
        return take("%H:%M");
      case 'F':
        return take("%Y-%m-%d");
      case 'D':
        return take("%m/%d/%y");
      case '%':
        return take("%");
      default:
        return false;
    }
  }

  bool zone() {
    if (text_.starts_with('Z')) {
      text_.remove_prefix(1);
      return true;
    }
    if (text_.empty() || (text_[0] != '+' && text_[0] != '-')) return false;
    const int64_t sign = text_[0] == '-' ? -1 : 1;
    int64_t hours = 0, minutes = 0;
    text_.remove_prefix(1);
    if (!number(2, 0, 23, hours)) return false;
    if (text_.starts_with(':')) text_.remove_prefix(1);
    if (!number(2, 0, 59, minutes)) return false;
    offset_ = sign * (hours * 3600 + minutes * 60);
    return true;
  }

  std::string_view text_;
  int64_t year_ = 1970, month_ = 1, day_ = 1, day_of_year_ = 0, hour_ = 0, minute_ = 0, second_ = 0;
  int64_t fraction_ = 0, offset_ = 0;
  std::optional<int64_t> seconds_;
  std::optional<bool> afternoon_;
};

Getter build_time(Arguments& arguments) {
  const std::string format = arguments.text(1);
  for (size_t i = format.find('%'); i != std::string::npos; i = format.find('%', i + 2))
    if (i + 1 == format.size() ||
        std::string_view("YymdejHkIlMSsfLpbBhaAzZTRFD%").find(format[i + 1]) == std::string_view::npos)
      arguments.mistake(1, fmt::format("unknown field {} in the format", format.substr(i, 2)));
  return calculated(arguments, 1, [format](const Values& values) -> Result<Value> {
    const auto* text = values[0].as<std::string>();
    if (text == nullptr) return wrong_kind("Time", "a text", values[0]);
    const std::optional<UnixNanos> time = TimeReader(*text).read(format);
    if (!time)
      return Status(ErrorKind::bad_input,
                    fmt::format("Time: '{}' is not written as '{}'", text->substr(0, 100), format));
    return Value(*time);
  });
}

Getter build_now(Arguments&) {
  return [](Subject&) -> Result<Value> { return Value(now()); };
}

template <int64_t unit>
Getter build_unix(Arguments& arguments) {
  return calculated(arguments, 1, [](const Values& values) -> Result<Value> {
    const auto* time = values[0].as<UnixNanos>();
    if (time == nullptr) return wrong_kind("a number of a time", "a time", values[0]);
    return Value(time->count / unit);
  });
}

Getter build_of_unix(Arguments& arguments) {
  return calculated(arguments, 2, [](const Values& values) -> Result<Value> {
    const auto *whole = values[0].as<int64_t>(), *nanos = values[1].as<int64_t>();
    if (whole == nullptr || std::abs(*whole) > INT64_MAX / 1'000'000'000 - 1)
      return wrong_kind("Unix", "seconds since 1970 as an integer", values[0]);
    return Value(UnixNanos{*whole * 1'000'000'000} + Nanoseconds{nanos != nullptr ? *nanos : 0});
  });
}

Getter build_truncate_time(Arguments& arguments) {
  return calculated(arguments, 2, [](const Values& values) -> Result<Value> {
    const auto* time = values[0].as<UnixNanos>();
    const auto* to = values[1].as<Nanoseconds>();
    if (time == nullptr) return wrong_kind("TruncateTime", "a time", values[0]);
    if (to == nullptr || to->count <= 0) return wrong_kind("TruncateTime", "a duration over 0", values[1]);
    return Value(UnixNanos{time->count - time->count % to->count});
  });
}

Getter build_duration(Arguments& arguments) {
  return calculated(arguments, 1, [](const Values& values) -> Result<Value> {
    const auto* text = values[0].as<std::string>();
    if (text == nullptr) return wrong_kind("Duration", "a text", values[0]);
    const std::optional<Nanoseconds> duration = parse_go_duration(*text);
    if (!duration)
      return Status(ErrorKind::bad_input, fmt::format("'{}' is no duration, as 1h30m is", *text));
    return Value(*duration);
  });
}

// Hours and seconds are floating, what is smaller whole, as in Go.
template <int64_t unit, bool is_whole>
Getter build_in(Arguments& arguments) {
  return calculated(arguments, 1, [](const Values& values) -> Result<Value> {
    const auto* duration = values[0].as<Nanoseconds>();
    if (duration == nullptr) return wrong_kind("a number of a duration", "a duration", values[0]);
    if (is_whole) return Value(duration->count / unit);
    return Value(static_cast<double>(duration->count) / static_cast<double>(unit));
  });
}

constexpr int64_t kSecond = 1'000'000'000;

constexpr FunctionRow kRows[] = {
    {"Time", "target, format", build_time},
    {"Now", "", build_now},
    {"Unix", "seconds, nanoseconds?", build_of_unix},
    {"UnixNano", "time", build_unix<1>},
    {"UnixMicro", "time", build_unix<1000>},
    {"UnixMilli", "time", build_unix<1'000'000>},
    {"UnixSeconds", "time", build_unix<kSecond>},
    {"TruncateTime", "time, duration", build_truncate_time},
    {"Duration", "duration", build_duration},
    {"Hours", "duration", build_in<3600 * kSecond, false>},
    {"Minutes", "duration", build_in<60 * kSecond, false>},
    {"Seconds", "duration", build_in<kSecond, false>},
    {"Milliseconds", "duration", build_in<1'000'000, true>},
    {"Microseconds", "duration", build_in<1000, true>},
    {"Nanoseconds", "duration", build_in<1, true>},
};

}  // namespace

std::span<const FunctionRow> time_converters() {
  return kRows;
}

}  // namespace clew::pipeline::ottl
