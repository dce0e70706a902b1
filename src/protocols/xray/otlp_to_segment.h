// From stored spans to X-Ray's segment documents: what came as documents comes out as it was sent, what came
// as OTLP as the nearest document there is. docs/compat/xray.md has the rules.
#pragma once

#include <vector>

#include "base/json_value.h"
#include "query/trace.h"

namespace clew::xray {

// A segment with its subsegments in their places; or a subsegment whose parent is not stored.
struct CompiledSegment {
  SpanId id;
  size_t row;  // its span in Trace::spans
  JsonValue document;
};

// Of each span id one: a completed segment replaces the one in progress, whichever came first. In the order
// of start. The segments that AWS infers from calls are not among them.
std::vector<CompiledSegment> segments_of(const query::Trace& trace);

}  // namespace clew::xray
