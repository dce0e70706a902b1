// TimeLayout: reads times as logs write them, by a layout in the manner of strptime ("%Y-%m-%d %H:%M:%S"), of
// Go ("2006-01-02T15:04:05Z07:00"), or as a number since 1970.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace clew::pipeline {

class TimeLayout {
 public:
  enum class Kind : uint8_t { strptime, go, epoch };
  // `in_utc`: where the text names no zone it is UTC, otherwise that of the machine. bad_input says what is
  // not understood.
  static Result<TimeLayout> create(Kind kind, std::string_view layout, bool in_utc);

  // `reference` gives the year where the text has none. bad_input when the text does not fit.
  Result<UnixNanos> parse(std::string_view text, UnixNanos reference) const;

 private:
  enum class Part : uint8_t {
    literal,
    space,  // any amount, also none
    year,
    year_of_century,
    month,
    month_name,
    day,
    day_of_year,
    weekday_name,
    hour,
    hour_of_half,
    half,  // AM, PM
    minute,
    second,
    fraction,
    zone_offset,
    zone_name,
  };
  struct Step {
    Step(Part which) : part(which) {}
    Step(Part which, std::string literal) : part(which), text(std::move(literal)) {}
    Part part;
    std::string text;  // of a literal
  };
  struct Fields;

  static Result<std::vector<Step>> steps_of_strptime(std::string_view layout);
  static std::vector<Step> steps_of_go(std::string_view layout);
  static bool read_step(const Step& step, std::string_view& rest, Fields& fields);
  Result<UnixNanos> time_of(const Fields& fields, UnixNanos reference) const;

  std::vector<Step> steps_;
  double epoch_unit_ = 0;  // nanoseconds; 0: no number since 1970
  bool in_utc_ = false;
};

}  // namespace clew::pipeline
