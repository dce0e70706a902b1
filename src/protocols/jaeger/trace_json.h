// A stored trace as the JSON of Jaeger's query API: the way back of span_to_otlp.h.
#pragma once

#include <string>

#include "base/json_writer.h"
#include "query/trace.h"

namespace clew::jaeger {

// 16 digits where the high half is zero, as Jaeger writes them.
std::string trace_id_text(const TraceId& id);

// An element of `data`: spans, and the processes they name.
void write_trace(JsonWriter& json, const query::Trace& trace);

}  // namespace clew::jaeger
