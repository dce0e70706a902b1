// What a line of text says of where it belongs: the trace and span it names, and how grave it is.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "telemetry/ids.h"

namespace clew::cloudwatch_logs {

struct LineLinks {
  std::optional<TraceId> trace;
  std::optional<SpanId> span;
};

// Of X-Ray ("1-5759e988-bd862e3fe1be46a994272793", with "Parent=" behind it or not), of W3C (a traceparent),
// or plain: 32 hex digits behind a name that ends in "trace id" in any spelling. The first that is found
// counts.
LineLinks links_in(std::string_view line);

// As OTLP numbers it (ERROR is 17); 0 when the line does not say. A level stands near the beginning, in
// capitals or in brackets, before a colon or a dash; or behind "level=".
int32_t severity_in(std::string_view line);
// Of a word: "warn", "WARNING", "50" is none.
int32_t severity_of_word(std::string_view word);

}  // namespace clew::cloudwatch_logs
