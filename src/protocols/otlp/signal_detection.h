// Which signal a body carries, for senders that left the path out.
#pragma once

#include <optional>
#include <string_view>

#include "protocols/otlp/encoding.h"
#include "telemetry/batch.h"

namespace clew::otlp {

// By its first span, log record or metric. Nothing when there is none, or when it could be more than one of
// them.
std::optional<Signal> detect_signal(Encoding encoding, std::string_view body);

}  // namespace clew::otlp
