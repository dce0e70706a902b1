// A stored trace as Zipkin's JSON: the way back of span_to_otlp.h.
#pragma once

#include "base/json_writer.h"
#include "query/trace.h"

namespace clew::zipkin {

// A list of spans, as /api/v2/trace/{id} answers. What did not come from Zipkin is written as OpenTelemetry's
// exporter does: attributes, also those of the resource, are tags.
void write_trace(JsonWriter& json, const query::Trace& trace);

}  // namespace clew::zipkin
