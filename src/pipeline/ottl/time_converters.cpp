// Converters of times and durations.
#include <optional>

#include <fmt/format.h>

#include "pipeline/config/section.h"
#include "pipeline/ottl/functions.h"
#include "pipeline/time_layout.h"

namespace clew::pipeline::ottl {
namespace {

using Values = std::vector<Value>;

Getter build_time(Arguments& arguments) {
  const std::string format = arguments.text(1);
  auto layout = TimeLayout::create(TimeLayout::Kind::strptime, format, true);
  if (!layout.ok()) {
    arguments.mistake(1, layout.status().message());
    return {};
  }
  return calculated(
      arguments, 1, [format, layout = std::move(*layout)](const Values& values) -> Result<Value> {
        const auto* text = values[0].as<std::string>();
        if (text == nullptr) return wrong_kind("Time", "a text", values[0]);
        const Result<UnixNanos> time = layout.parse(*text, now());
        if (!time.ok())
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
