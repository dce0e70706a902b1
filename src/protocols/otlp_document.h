// A trace as it came, in OTLP/JSON.
#pragma once

#include <string>

#include "base/json_writer.h"
#include "query/trace.h"

namespace clew {

// A TracesData document.
std::string otlp_json_of(const query::Trace& trace);
// Its ResourceSpans, into an array that is open.
void write_resource_spans(JsonWriter& json, const query::Trace& trace);

}  // namespace clew
