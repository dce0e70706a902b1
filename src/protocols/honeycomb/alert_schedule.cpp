#include "protocols/honeycomb/alert_schedule.h"

#include <array>
#include <cstdio>

#include "protocols/honeycomb/resources.h"

namespace clew::honeycomb {
namespace {

int64_t minutes_of_day(const std::string& text) {
  int hours_part = 0, minutes_part = 0;
  if (std::sscanf(text.c_str(), "%d:%d", &hours_part, &minutes_part) != 2) return 0;
  return hours_part * 60 + minutes_part;
}

}  // namespace

bool within_schedule(const JsonValue& trigger, UnixNanos at) {
  if (text_in(trigger, "evaluation_schedule_type") != "window") return true;
  const JsonValue* schedule = trigger.find("evaluation_schedule");
  const JsonValue* window = schedule == nullptr ? nullptr : schedule->find("window");
  if (window == nullptr) return true;
  const JsonValue* days_of_week = window->find("days_of_week");
  const auto has_day = [&](int64_t day) {
    constexpr std::array<std::string_view, 7> kDays = {"sunday",   "monday", "tuesday", "wednesday",
                                                       "thursday", "friday", "saturday"};
    if (days_of_week == nullptr || days_of_week->array() == nullptr) return true;
    for (const JsonValue& one : *days_of_week->array()) {
      if (one.string() != nullptr && *one.string() == kDays[static_cast<size_t>((day % 7 + 7) % 7)])
        return true;
    }
    return false;
  };
  const int64_t minute = at.count / 60'000'000'000;
  const int64_t day = minute / 1440 + 4;  // 1970 began on a Thursday
  const int64_t of_day = minute % 1440;
  const int64_t start = minutes_of_day(text_in(*window, "start_time"));
  const int64_t end = minutes_of_day(text_in(*window, "end_time"));
  if (start < end) return has_day(day) && of_day >= start && of_day < end;
  // Into the next day: the days are those on which it begins.
  return (of_day >= start && has_day(day)) || (of_day < end && has_day(day - 1));
}

}  // namespace clew::honeycomb
