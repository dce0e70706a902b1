// Whether the times of a batch tell of a wrong clock where it came from: such data is stored, and then found
// by nobody who looks at the last minutes.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"
#include "telemetry/batch.h"

namespace clew {

struct ClockDoubt {
  std::string what;  // "its times are 60 minutes ahead of clew's clock"
  std::string_view remedy;
};

// Only a glance, at the first span or log record; the bytes need not be valid. Lines of a log may be old for
// good reasons, so that lateness is told of spans alone.
std::optional<ClockDoubt> doubt_about_clock(Signal signal, std::string_view otlp, UnixNanos at);

}  // namespace clew
