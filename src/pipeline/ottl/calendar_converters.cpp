// Converters that take a time apart, in UTC: Year, Month, Day, Hour, Minute, Second, Nanosecond, Weekday.
#include <chrono>

#include "pipeline/ottl/functions.h"

namespace clew::pipeline::ottl {
namespace {

using Values = std::vector<Value>;
using std::chrono::sys_days;

constexpr int64_t kSecond = 1'000'000'000, kDay = 86'400 * kSecond;

struct Parts {
  std::chrono::year_month_day date;
  int64_t weekday;  // 0: Sunday
  int64_t of_day;   // nanoseconds
};

Parts parts_of(UnixNanos time) {
  const int64_t of_day = (time.count % kDay + kDay) % kDay;
  const sys_days day{std::chrono::days{(time.count - of_day) / kDay}};
  return {day, static_cast<int64_t>(std::chrono::weekday(day).c_encoding()), of_day};
}

template <int64_t (*part)(const Parts&)>
Getter build_part(Arguments& arguments) {
  return calculated(arguments, 1, [](const Values& values) -> Result<Value> {
    const auto* time = values[0].as<UnixNanos>();
    if (time == nullptr) return wrong_kind("a part of a time", "a time", values[0]);
    return Value(part(parts_of(*time)));
  });
}

int64_t year(const Parts& parts) {
  return static_cast<int>(parts.date.year());
}
int64_t month(const Parts& parts) {
  return static_cast<unsigned>(parts.date.month());
}
int64_t day(const Parts& parts) {
  return static_cast<unsigned>(parts.date.day());
}
int64_t hour(const Parts& parts) {
  return parts.of_day / (3600 * kSecond);
}
int64_t minute(const Parts& parts) {
  return parts.of_day / (60 * kSecond) % 60;
}
int64_t second(const Parts& parts) {
  return parts.of_day / kSecond % 60;
}
int64_t nanosecond(const Parts& parts) {
  return parts.of_day % kSecond;
}
int64_t weekday(const Parts& parts) {
  return parts.weekday;
}

constexpr FunctionRow kRows[] = {
    {"Year", "time", build_part<year>},
    {"Month", "time", build_part<month>},
    {"Day", "time", build_part<day>},
    {"Hour", "time", build_part<hour>},
    {"Minute", "time", build_part<minute>},
    {"Second", "time", build_part<second>},
    {"Nanosecond", "time", build_part<nanosecond>},
    {"Weekday", "time", build_part<weekday>},
};

}  // namespace

std::span<const FunctionRow> calendar_converters() {
  return kRows;
}

}  // namespace clew::pipeline::ottl
