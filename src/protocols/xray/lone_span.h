// One span of an OTLP request, seen as a stored trace of one span: the translation to documents reads traces.
#pragma once

#include <optional>

#include "pipeline/otlp/span_walk.h"
#include "query/trace.h"

namespace clew::xray {

// Views into the request stay valid as long as it does. Nothing when the span has no trace id or no span id.
// Throws protozero::exception when malformed; pipeline::walk_spans() catches it.
std::optional<query::Trace> lone_span(const pipeline::SpanPlace& place);

}  // namespace clew::xray
